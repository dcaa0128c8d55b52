"""A model may be chosen for ranking what search finds."""

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the purpose be one."""
    op.execute(
        """
        ALTER TABLE model_default DROP CONSTRAINT model_default_purpose_check;
        ALTER TABLE model_default ADD CONSTRAINT model_default_purpose_check
            CHECK (purpose IN ('chat', 'title', 'follow_ups', 'rewriting', 'checking', 'embedding', 'rerank'));
        """
    )
