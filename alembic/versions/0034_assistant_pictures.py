"""Pictures that people give their assistants."""

from alembic import op

from convosphere.core.schema import protect_table

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE assistant_picture (
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    digest text NOT NULL,
    image bytea NOT NULL,
    added_by uuid REFERENCES account ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, digest)
);
CREATE INDEX assistant_version_picture ON assistant_version (workspace_id, icon) WHERE icon LIKE 'own-%';
"""


def upgrade() -> None:
    """Create the table."""
    op.execute(TABLES)
    protect_table("assistant_picture")
