"""Files of questions that wait for their turn."""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what a question takes along, and find by it whether a file waits."""
    connection = op.get_bind()
    connection.exec_driver_sql("ALTER TABLE queued_message ADD COLUMN files jsonb")
    connection.exec_driver_sql(
        "CREATE INDEX queued_message_files ON queued_message USING gin (files jsonb_path_ops) WHERE files IS NOT NULL"
    )
