"""Templates of conversations, and what a conversation keeps of the one that it began with."""

from alembic import op

from convosphere.core.schema import protect_table

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE conversation_template (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    owner_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    current_version_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz
);
CREATE INDEX conversation_template_of_owner ON conversation_template (owner_id);
CREATE INDEX conversation_template_by_name ON conversation_template (workspace_id, lower(name), id)
WHERE deleted_at IS NULL;

CREATE TABLE conversation_template_version (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    conversation_template_id uuid NOT NULL REFERENCES conversation_template ON DELETE CASCADE,
    number integer NOT NULL,
    definition jsonb NOT NULL,
    why text NOT NULL DEFAULT '',
    author_id uuid REFERENCES account ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (conversation_template_id, number)
);
CREATE INDEX conversation_template_version_author ON conversation_template_version (author_id);
"""

# Copies, so that a conversation stays what it is whatever becomes of its template.
COLUMNS = """
ALTER TABLE conversation ADD COLUMN template_id uuid REFERENCES conversation_template ON DELETE SET NULL,
    ADD COLUMN instructions text NOT NULL DEFAULT '', ADD COLUMN document_ids uuid[] NOT NULL DEFAULT '{}';
CREATE INDEX conversation_of_template ON conversation (template_id) WHERE template_id IS NOT NULL;
"""


def upgrade() -> None:
    """Create the tables and the columns."""
    op.execute(TABLES)
    op.execute(COLUMNS)
    for table in ("conversation_template", "conversation_template_version"):
        protect_table(table)
