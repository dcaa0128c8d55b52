"""What was made of documents to show them."""

from alembic import op

from convosphere.core.schema import protect_table

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE document_preview (
    document_version_id uuid NOT NULL REFERENCES document_version ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('image', 'html', 'thumbnail')),
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    sha256 text, -- NULL: nothing can be made of this file
    size integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (document_version_id, kind)
);
"""


def upgrade() -> None:
    """Create the table. Their bytes are files like all others, held by the version that they were made of."""
    op.execute(TABLE)
    protect_table("document_preview")
