"""Files that come with messages, and documents that stand in no list."""

from alembic import op

from convosphere.core.schema import protect_table

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

# The files of a conversation outlive it for a moment, until their bytes and documents are removed.
TABLES = """
ALTER TABLE document ADD COLUMN is_attached boolean NOT NULL DEFAULT false;

CREATE TABLE attachment (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    owner_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    conversation_id uuid REFERENCES conversation ON DELETE SET NULL,
    is_sent boolean NOT NULL DEFAULT false,
    kind text NOT NULL CHECK (kind IN ('image', 'document')),
    name text NOT NULL,
    size bigint NOT NULL,
    document_id uuid REFERENCES document ON DELETE SET NULL,
    is_reference boolean NOT NULL DEFAULT false,
    sha256 text,
    width integer NOT NULL DEFAULT 0,
    height integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX attachment_of_owner ON attachment (owner_id);
CREATE INDEX attachment_of_conversation ON attachment (conversation_id);
CREATE INDEX attachment_of_document ON attachment (document_id);
"""


def upgrade() -> None:
    """Create the table."""
    op.execute(TABLES)
    protect_table("attachment")
