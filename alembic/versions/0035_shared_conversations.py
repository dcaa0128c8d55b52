"""Conversations that several people see: who asked what, and links that open one."""

from alembic import op

from convosphere.core.schema import app_role, protect_table

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

AUTHORS = """
ALTER TABLE message ADD COLUMN author_id uuid REFERENCES account ON DELETE SET NULL;
CREATE INDEX message_author ON message (author_id) WHERE author_id IS NOT NULL;
"""

# Until now only its owner asked in a conversation. The owner of the tables sees all rows only while row-level security
# is not forced.
EARLIER = """
ALTER TABLE conversation NO FORCE ROW LEVEL SECURITY;
ALTER TABLE message NO FORCE ROW LEVEL SECURITY;
UPDATE message AS m SET author_id = c.owner_id FROM conversation AS c
WHERE c.id = m.conversation_id AND m.role = 'user';
ALTER TABLE message FORCE ROW LEVEL SECURITY;
ALTER TABLE conversation FORCE ROW LEVEL SECURITY;
"""

# `leaf_id` is where a snapshot ends; a live link has none and shows what its maker would see.
LINKS = """
CREATE TABLE conversation_link (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    conversation_id uuid NOT NULL REFERENCES conversation ON DELETE CASCADE,
    token_hash bytea NOT NULL UNIQUE,
    created_by uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    scope text NOT NULL CHECK (scope IN ('workspace', 'anyone')),
    leaf_id uuid REFERENCES message ON DELETE CASCADE,
    expires_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
);
CREATE INDEX conversation_link_of ON conversation_link (conversation_id);
CREATE INDEX conversation_link_by ON conversation_link (created_by);
CREATE INDEX conversation_link_leaf ON conversation_link (leaf_id) WHERE leaf_id IS NOT NULL;

CREATE TABLE link_rule (
    workspace_id uuid PRIMARY KEY REFERENCES workspace ON DELETE CASCADE,
    allows_anyone boolean NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);
"""

# Whoever has a link knows no workspace. This says in which one it is, and nothing else; what may be seen there is asked
# under the rules of that workspace.
FINDING = """
CREATE FUNCTION find_conversation_link(asked bytea) RETURNS TABLE (id uuid, workspace_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT l.id, l.workspace_id FROM public.conversation_link AS l WHERE l.token_hash = asked
$$;
REVOKE ALL ON FUNCTION find_conversation_link(bytea) FROM PUBLIC;
"""


def upgrade() -> None:
    """Add the columns and create the tables."""
    op.execute(AUTHORS)
    op.execute(EARLIER)
    op.execute(LINKS)
    op.execute(FINDING)
    for table in ("conversation_link", "link_rule"):
        protect_table(table)
    op.execute("CREATE POLICY owner_reads ON conversation_link FOR SELECT TO CURRENT_USER USING (true)")
    op.execute(f'GRANT EXECUTE ON FUNCTION find_conversation_link(bytea) TO "{app_role()}"')
