"""Where conversations came from, and files of them that are to be taken in."""

from alembic import op

from convosphere.core.schema import protect_table

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

# A conversation that came from a file is known again by where it came from, but not one that was deleted since.
ORIGINS = """
ALTER TABLE conversation ADD COLUMN origin text;
CREATE INDEX conversation_origin ON conversation (owner_id, origin) WHERE origin IS NOT NULL;
ALTER TABLE message ADD COLUMN origin jsonb;
"""
IMPORTS = """
CREATE TABLE conversation_import (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    name text NOT NULL,
    size bigint NOT NULL,
    sha256 text NOT NULL,
    status text NOT NULL DEFAULT 'reading' CHECK (status IN ('reading', 'ready', 'importing', 'done', 'failed')),
    done bigint NOT NULL DEFAULT 0,
    total bigint NOT NULL DEFAULT 0,
    report jsonb,
    error jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX conversation_import_of_account ON conversation_import (account_id, id);
"""


def upgrade() -> None:
    """Add the columns and the table."""
    op.execute(ORIGINS)
    op.execute(IMPORTS)
    protect_table("conversation_import")
