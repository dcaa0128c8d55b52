"""Questions that may follow an answer, and who wants to be shown any."""

from alembic import op

from convosphere.core.schema import protect_table

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# `follow_ups`: NULL where none come, empty while a model thinks of some, and where it found none.
TABLES = """
ALTER TABLE message ADD COLUMN follow_ups text[];

CREATE TABLE chat_preference (
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    has_follow_ups boolean NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, workspace_id)
);

-- What nothing asks a model for is no purpose of one.
DELETE FROM model_default WHERE purpose IN ('rewriting', 'rerank', 'speech', 'image');
ALTER TABLE model_default DROP CONSTRAINT model_default_purpose_check;
ALTER TABLE model_default ADD CONSTRAINT model_default_purpose_check
    CHECK (purpose IN ('chat', 'title', 'follow_ups', 'checking', 'embedding'));
"""


def upgrade() -> None:
    """Add the column and the table."""
    op.execute("ALTER TABLE model_default NO FORCE ROW LEVEL SECURITY")
    op.execute(TABLES)
    op.execute("ALTER TABLE model_default FORCE ROW LEVEL SECURITY")
    protect_table("chat_preference")
