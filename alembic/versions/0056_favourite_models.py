"""Models that somebody wants to find first."""

from alembic import op

from convosphere.core.schema import protect_table

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

# By name, as models of the settings have no row, and one that is offered again is a favourite again.
TABLE = """
CREATE TABLE model_favourite (
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    account_id uuid NOT NULL,
    model_id text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, account_id, model_id),
    FOREIGN KEY (workspace_id, account_id) REFERENCES membership ON DELETE CASCADE
);
"""


def upgrade() -> None:
    """Create the table."""
    op.execute(TABLE)
    protect_table("model_favourite")
