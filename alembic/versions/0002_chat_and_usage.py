"""Conversations, messages, running generations, citations and the ledger of model calls."""

from alembic import op

from convosphere.core.schema import protect_table

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE conversation (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    owner_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    title text NOT NULL,
    is_title_automatic boolean NOT NULL DEFAULT true,
    model text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz
);
CREATE INDEX conversation_of_owner ON conversation (owner_id, updated_at DESC) WHERE deleted_at IS NULL;
CREATE INDEX conversation_deleted ON conversation (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE message (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    conversation_id uuid NOT NULL REFERENCES conversation ON DELETE CASCADE,
    parent_id uuid REFERENCES message ON DELETE CASCADE,
    role text NOT NULL CHECK (role IN ('user', 'assistant')),
    status text NOT NULL CHECK (status IN ('queued', 'streaming', 'done', 'stopped', 'failed', 'interrupted')),
    parts jsonb NOT NULL DEFAULT '[]',
    model text NOT NULL DEFAULT '',
    error jsonb,
    client_key uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    UNIQUE (conversation_id, client_key)
);
CREATE INDEX message_of_conversation ON message (conversation_id, id);
CREATE INDEX message_parent ON message (parent_id);

-- Which branch of a conversation a person looks at.
CREATE TABLE conversation_view (
    conversation_id uuid NOT NULL REFERENCES conversation ON DELETE CASCADE,
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    active_leaf_id uuid REFERENCES message ON DELETE SET NULL,
    PRIMARY KEY (conversation_id, account_id)
);

-- The text so far of answers being written. Rows are rewritten once a second, so it has no index but its key and room
-- on each page for updates in place.
CREATE TABLE message_generation (
    message_id uuid PRIMARY KEY REFERENCES message ON DELETE CASCADE,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    process_id uuid NOT NULL,
    text text NOT NULL DEFAULT '',
    piece_number integer NOT NULL DEFAULT 0,
    lease_until timestamptz NOT NULL
) WITH (fillfactor = 50);

-- Documents stand without a foreign key: a citation outlives what it cites and then says that it is gone.
CREATE TABLE message_citation (
    message_id uuid NOT NULL REFERENCES message ON DELETE CASCADE,
    number integer NOT NULL,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    document_id uuid NOT NULL,
    document_version_id uuid NOT NULL,
    start_offset integer NOT NULL,
    end_offset integer NOT NULL,
    page integer,
    is_cited boolean NOT NULL,
    PRIMARY KEY (message_id, number)
);
CREATE INDEX message_citation_document ON message_citation (document_id);

-- Things that calls were made for stand as opaque ids: the ledger outlives them.
CREATE TABLE model_call (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    account_id uuid REFERENCES account ON DELETE SET NULL,
    purpose text NOT NULL,
    conversation_id uuid,
    message_id uuid,
    model text NOT NULL,
    status text NOT NULL,
    prompt_tokens integer,
    completion_tokens integer,
    cost_nanos bigint,
    currency text NOT NULL DEFAULT 'USD',
    first_token_ms integer,
    total_ms integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX model_call_of_account ON model_call (workspace_id, account_id, created_at);
"""


def upgrade() -> None:
    """Create the tables of chat and usage."""
    op.get_bind().exec_driver_sql(TABLES)
    tables = ("conversation", "message", "conversation_view", "message_generation", "message_citation", "model_call")
    for table in tables:
        protect_table(table)
