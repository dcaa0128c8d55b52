"""What was done to a document, stage by stage."""

from alembic import op

from convosphere.core.schema import protect_table

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE document_stage (
    document_version_id uuid NOT NULL REFERENCES document_version ON DELETE CASCADE,
    stage text NOT NULL CHECK (stage IN ('read', 'chunk', 'index')),
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    state text NOT NULL CHECK (state IN ('done', 'failed', 'quarantined')),
    amount bigint,
    milliseconds integer,
    attempts integer NOT NULL DEFAULT 1,
    error jsonb,
    ended_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (document_version_id, stage)
);
CREATE INDEX document_stage_by_state ON document_stage (workspace_id, stage, state) WHERE state <> 'done';
"""


def upgrade() -> None:
    """Create the ledger. What was read before has no entries; pages tell what is known of it from its version."""
    op.execute(TABLE)
    protect_table("document_stage")
