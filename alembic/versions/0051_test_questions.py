"""Test questions of search: what is asked, and the document that should be found."""

from alembic import op

from convosphere.core.schema import protect_table

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

# Ranks count from 1, 0 is "not found", NULL "not tried": in the set that was current, and in the one beside it, when
# the questions were asked last.
TABLES = """
CREATE TABLE search_question (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    account_id uuid REFERENCES account ON DELETE SET NULL,
    document_id uuid NOT NULL REFERENCES document ON DELETE CASCADE,
    question text NOT NULL,
    words text NOT NULL DEFAULT '',
    current_rank integer,
    shadow_rank integer,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX search_question_workspace ON search_question (workspace_id, id);
CREATE INDEX search_question_document ON search_question (document_id);
CREATE INDEX search_question_account ON search_question (account_id);

CREATE TABLE search_trial (
    workspace_id uuid PRIMARY KEY REFERENCES workspace ON DELETE CASCADE,
    id uuid NOT NULL,
    account_id uuid REFERENCES account ON DELETE SET NULL,
    state text NOT NULL CHECK (state IN ('running', 'done', 'failed')),
    current_id uuid NOT NULL,
    shadow_id uuid,
    started_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz
);
CREATE INDEX search_trial_account ON search_trial (account_id);
"""


def upgrade() -> None:
    """Create the tables."""
    op.execute(TABLES)
    for table in ("search_question", "search_trial"):
        protect_table(table)
