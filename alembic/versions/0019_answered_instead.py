"""Which model was asked where another one answered, and why."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.execute("ALTER TABLE message ADD COLUMN asked_model text NOT NULL DEFAULT '', ADD COLUMN switch_note jsonb")
