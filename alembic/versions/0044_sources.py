"""Sources that documents come from by themselves."""

from alembic import op

from convosphere.core.schema import open_to_rotation, protect_table

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE source (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    owner_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    kind text NOT NULL,
    name text NOT NULL,
    options jsonb NOT NULL,
    sealed_secret bytea,
    schedule text NOT NULL CHECK (schedule IN ('manual', 'hourly', 'daily', 'weekly')),
    folder_id uuid REFERENCES document_folder ON DELETE SET NULL,
    state text NOT NULL CHECK (state IN ('draft', 'active', 'paused', 'deleting')),
    failures integer NOT NULL DEFAULT 0,
    next_run_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX source_by_owner ON source (workspace_id, owner_id);
CREATE INDEX source_by_folder ON source (folder_id);
CREATE INDEX source_due ON source (workspace_id, next_run_at) WHERE state = 'active' AND next_run_at IS NOT NULL;

CREATE TABLE source_run (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    source_id uuid NOT NULL REFERENCES source ON DELETE CASCADE,
    state text NOT NULL CHECK (state IN ('running', 'done', 'failed', 'cancelled')),
    worker uuid,
    added integer NOT NULL DEFAULT 0,
    changed integer NOT NULL DEFAULT 0,
    unchanged integer NOT NULL DEFAULT 0,
    gone integer NOT NULL DEFAULT 0,
    failed integer NOT NULL DEFAULT 0,
    bytes bigint NOT NULL DEFAULT 0,
    note jsonb,
    started_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz
);
CREATE INDEX source_run_by_source ON source_run (source_id, id);
CREATE UNIQUE INDEX source_run_one_at_a_time ON source_run (source_id) WHERE state = 'running';

CREATE TABLE source_item (
    source_id uuid NOT NULL REFERENCES source ON DELETE CASCADE,
    key text NOT NULL CHECK (octet_length(key) <= 2000),
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    name text NOT NULL,
    fingerprint text NOT NULL,
    memo jsonb NOT NULL,
    sha256 text NOT NULL,
    document_id uuid REFERENCES document ON DELETE SET NULL,
    last_run_id uuid NOT NULL,
    PRIMARY KEY (source_id, key)
);
CREATE INDEX source_item_by_document ON source_item (document_id) WHERE document_id IS NOT NULL;

CREATE TABLE source_result (
    run_id uuid NOT NULL REFERENCES source_run ON DELETE CASCADE,
    number integer NOT NULL,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    key text NOT NULL,
    name text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('added', 'changed', 'gone', 'failed')),
    error jsonb,
    document_id uuid,
    PRIMARY KEY (run_id, number)
);
"""


def upgrade() -> None:
    """Create the tables."""
    op.execute(TABLES)
    for table in ("source", "source_run", "source_item", "source_result"):
        protect_table(table)
    open_to_rotation("source")
