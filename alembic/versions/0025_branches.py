"""Branches found by index, what an answer took, questions that wait for their turn, answers that ended unseen."""

from alembic import op

from convosphere.core.schema import protect_table

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

MESSAGES = """
ALTER TABLE conversation ADD COLUMN has_queue boolean NOT NULL DEFAULT false;
ALTER TABLE message ADD COLUMN effort jsonb;
-- Siblings and newest children are looked up in the order of their ids.
CREATE INDEX message_child ON message (parent_id, id);
DROP INDEX message_parent;
CREATE INDEX message_root ON message (conversation_id, id) WHERE parent_id IS NULL;
ALTER TABLE message_generation ADD COLUMN thinking text NOT NULL DEFAULT '';
ALTER TABLE conversation_view ADD COLUMN is_unread boolean NOT NULL DEFAULT false;
"""

# In the order of their coming; `is_urgent` ones go first, also after an answer that was stopped for them.
QUEUE = """
CREATE TABLE queued_message (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    conversation_id uuid NOT NULL REFERENCES conversation ON DELETE CASCADE,
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    text text NOT NULL,
    model text NOT NULL DEFAULT '',
    assistant_id uuid,
    is_urgent boolean NOT NULL DEFAULT false,
    error jsonb,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX queued_message_of_conversation ON queued_message (conversation_id, created_at);
CREATE INDEX queued_message_of_account ON queued_message (account_id);
"""

# Row-level security is forced on the owner as well, who would see nothing of what is there.
# Each conversation has been one chain, whose newest message is the end that its person looks at.
OLD = """
ALTER TABLE conversation NO FORCE ROW LEVEL SECURITY;
ALTER TABLE conversation_view NO FORCE ROW LEVEL SECURITY;
ALTER TABLE message NO FORCE ROW LEVEL SECURITY;
ALTER TABLE model_call NO FORCE ROW LEVEL SECURITY;
INSERT INTO conversation_view (conversation_id, account_id, workspace_id, active_leaf_id)
SELECT c.id, c.owner_id, c.workspace_id, m.id FROM conversation AS c
JOIN LATERAL (SELECT id FROM message WHERE conversation_id = c.id ORDER BY id DESC LIMIT 1) AS m ON true
ON CONFLICT (conversation_id, account_id) DO UPDATE
SET active_leaf_id = coalesce(conversation_view.active_leaf_id, excluded.active_leaf_id);
UPDATE message AS m SET effort = jsonb_build_object(
    'ms', u.ms, 'first_ms', u.first_ms, 'prompt_tokens', u.prompt, 'output_tokens', u.output,
    'thinking_tokens', u.thinking, 'nanos', u.nanos, 'currency', u.currency, 'is_estimated', u.is_estimated)
FROM (
    SELECT message_id, sum(total_ms) AS ms, min(first_token_ms) AS first_ms, sum(prompt_tokens) AS prompt,
        sum(completion_tokens) AS output, sum(thinking_tokens) AS thinking, sum(cost_nanos) AS nanos,
        min(currency) AS currency, bool_or(is_estimated) AS is_estimated
    FROM model_call WHERE purpose = 'answer' AND message_id IS NOT NULL GROUP BY message_id
) AS u
WHERE m.id = u.message_id;
ALTER TABLE conversation FORCE ROW LEVEL SECURITY;
ALTER TABLE conversation_view FORCE ROW LEVEL SECURITY;
ALTER TABLE message FORCE ROW LEVEL SECURITY;
ALTER TABLE model_call FORCE ROW LEVEL SECURITY;
"""


def upgrade() -> None:
    """Add columns and indexes, create the table, and give old conversations what new ones have."""
    connection = op.get_bind()
    for statements in (MESSAGES, OLD, QUEUE):
        connection.exec_driver_sql(statements)
    protect_table("queued_message")
