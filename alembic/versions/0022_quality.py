"""Answers that were asked for once more, and the way to all calls of an assistant."""

from alembic import op

from convosphere.core.schema import protect_table

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

# Model and version are those of the answer that was not good enough.
TABLES = """
CREATE TABLE message_regeneration (
    message_id uuid PRIMARY KEY REFERENCES message ON DELETE CASCADE,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    model text NOT NULL DEFAULT '',
    assistant_id uuid,
    assistant_version_id uuid,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX message_regeneration_at ON message_regeneration (workspace_id, created_at);
-- Row-level security is forced on the owner as well, who would see nothing of it.
ALTER TABLE message NO FORCE ROW LEVEL SECURITY;
INSERT INTO message_regeneration (message_id, workspace_id, model, assistant_id, assistant_version_id, created_at)
SELECT m.id, m.workspace_id, m.model, m.assistant_id, m.assistant_version_id, min(n.created_at)
FROM message AS m JOIN message AS n ON n.parent_id = m.parent_id AND n.id > m.id
WHERE m.role = 'assistant' AND m.status IN ('done', 'stopped')
GROUP BY m.id;
ALTER TABLE message FORCE ROW LEVEL SECURITY;

CREATE INDEX model_call_of_assistant ON model_call (assistant_id, created_at)
    WHERE assistant_id IS NOT NULL AND purpose = 'answer';
CREATE INDEX message_feedback_of_assistant ON message_feedback (assistant_id, created_at)
    WHERE assistant_id IS NOT NULL;
"""


def upgrade() -> None:
    """Create the table and the indexes."""
    op.get_bind().exec_driver_sql(TABLES)
    protect_table("message_regeneration")
