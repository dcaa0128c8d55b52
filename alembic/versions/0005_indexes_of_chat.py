"""An index that purging needs, in place of one that nothing uses."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Find by index who looks at a message that goes; deleted conversations are found by their ids."""
    op.execute("CREATE INDEX conversation_view_leaf ON conversation_view (active_leaf_id)")
    op.execute("DROP INDEX conversation_deleted")
