"""A model may be chosen for rewriting questions before they are looked up."""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the purpose be one."""
    op.execute(
        """
        ALTER TABLE model_default DROP CONSTRAINT model_default_purpose_check;
        ALTER TABLE model_default ADD CONSTRAINT model_default_purpose_check
            CHECK (purpose IN ('chat', 'title', 'follow_ups', 'rewriting', 'checking', 'embedding'));
        """
    )
