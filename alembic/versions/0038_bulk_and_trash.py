"""Work on many documents at once, the trash, and the day on which a document is to be looked at again."""

from alembic import op

from convosphere.core.schema import protect_table

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

COLUMNS = """
ALTER TABLE document ADD COLUMN trashed_at timestamptz,
    ADD COLUMN trashed_by uuid REFERENCES account ON DELETE SET NULL, ADD COLUMN review_on date;
CREATE INDEX document_in_trash ON document (workspace_id, trashed_at) WHERE trashed_at IS NOT NULL;
CREATE INDEX document_trashed_by ON document (trashed_by) WHERE trashed_by IS NOT NULL;
"""

# What it is about is written down before it begins; what becomes of each document is written where it is done.
TABLES = """
CREATE TABLE bulk_job (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    action text NOT NULL,
    parameters jsonb NOT NULL,
    state text NOT NULL CHECK (state IN ('running', 'done', 'cancelled', 'failed')),
    error jsonb,
    total integer NOT NULL,
    done integer NOT NULL DEFAULT 0,
    failed integer NOT NULL DEFAULT 0,
    receipt jsonb NOT NULL DEFAULT '{}',
    undoes_id uuid REFERENCES bulk_job ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz
);
CREATE INDEX bulk_job_of_account ON bulk_job (account_id, id);
CREATE INDEX bulk_job_undoes ON bulk_job (undoes_id) WHERE undoes_id IS NOT NULL;

-- A document that is gone leaves its line, so that nobody wonders what became of it.
CREATE TABLE bulk_item (
    bulk_job_id uuid NOT NULL REFERENCES bulk_job ON DELETE CASCADE,
    number integer NOT NULL,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    document_id uuid NOT NULL,
    name text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('waiting', 'done', 'unchanged', 'refused', 'gone', 'failed')),
    error jsonb,
    before jsonb,
    PRIMARY KEY (bulk_job_id, number)
);
CREATE INDEX bulk_item_waiting ON bulk_item (bulk_job_id, number) WHERE outcome = 'waiting';
CREATE INDEX bulk_item_not_done ON bulk_item (bulk_job_id, number) WHERE outcome IN ('refused', 'gone', 'failed');
"""


def upgrade() -> None:
    """Create the columns and the tables."""
    driver = op.get_bind()
    driver.exec_driver_sql(COLUMNS)
    driver.exec_driver_sql(TABLES)
    for table in ("bulk_job", "bulk_item"):
        protect_table(table)
