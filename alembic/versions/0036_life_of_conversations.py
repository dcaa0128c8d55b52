"""Conversations that are kept for hours only, and what a workspace says of how long others are kept."""

from alembic import op

from convosphere.core.schema import protect_table

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

# A conversation with `expires_at` is a temporary one. `kept_at`: when somebody last said that it is to stay.
COLUMNS = """
ALTER TABLE conversation ADD COLUMN expires_at timestamptz, ADD COLUMN kept_at timestamptz;
CREATE INDEX conversation_expires ON conversation (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX conversation_by_use ON conversation (updated_at) WHERE deleted_at IS NULL AND expires_at IS NULL;
"""

# Without `retention_days` conversations stay for ever. `retention_since`: when the rule became what it is.
TABLE = """
CREATE TABLE chat_rule (
    workspace_id uuid PRIMARY KEY REFERENCES workspace ON DELETE CASCADE,
    temporary text NOT NULL DEFAULT 'allowed' CHECK (temporary IN ('allowed', 'required', 'forbidden')),
    retention_days integer CHECK (retention_days BETWEEN 1 AND 3650),
    retention_act text NOT NULL DEFAULT 'archive' CHECK (retention_act IN ('archive', 'delete')),
    spares_pinned boolean NOT NULL DEFAULT true,
    spares_shared boolean NOT NULL DEFAULT true,
    retention_since timestamptz NOT NULL DEFAULT now()
);
"""


def upgrade() -> None:
    """Add the columns and the table."""
    op.execute(COLUMNS)
    op.execute(TABLE)
    protect_table("chat_rule")
