"""What a model remembers of a conversation, notes that stand for what it does not, and what people think of answers."""

from alembic import op

from convosphere.core.schema import protect_table

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# `begins_at`: the first message that the model read for this answer. `context`: what its prompt took, in tokens.
CHAT = """
ALTER TABLE conversation ADD COLUMN when_full text CHECK (when_full IN ('drop', 'summarise', 'ask'));
ALTER TABLE message ADD COLUMN begins_at uuid, ADD COLUMN context jsonb;
"""

TABLES = """
-- A note stands for all messages up to its last one, in every branch that goes through that.
CREATE TABLE conversation_note (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    conversation_id uuid NOT NULL REFERENCES conversation ON DELETE CASCADE,
    last_message_id uuid NOT NULL UNIQUE REFERENCES message ON DELETE CASCADE,
    text text NOT NULL,
    model text NOT NULL,
    is_edited boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX conversation_note_of_conversation ON conversation_note (conversation_id);

CREATE TABLE context_default (
    workspace_id uuid PRIMARY KEY REFERENCES workspace ON DELETE CASCADE,
    when_full text NOT NULL CHECK (when_full IN ('drop', 'summarise', 'ask')),
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- Model and version of the assistant are those of the answer, kept here since an answer can be deleted or written anew.
CREATE TABLE message_feedback (
    message_id uuid NOT NULL REFERENCES message ON DELETE CASCADE,
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    is_good boolean NOT NULL,
    reasons text[] NOT NULL DEFAULT '{}',
    comment text NOT NULL DEFAULT '',
    model text NOT NULL DEFAULT '',
    assistant_id uuid,
    assistant_version_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (message_id, account_id)
);
CREATE INDEX message_feedback_of_account ON message_feedback (account_id);
CREATE INDEX message_feedback_by_day ON message_feedback (workspace_id, created_at);
"""


def upgrade() -> None:
    """Add the columns and create the tables."""
    op.execute(CHAT)
    op.execute(TABLES)
    for table in ("conversation_note", "context_default", "message_feedback"):
        protect_table(table)
