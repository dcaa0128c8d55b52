"""How a model is to answer in a conversation, and with what settings an answer was made."""

from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

# Both hold `assistants.schemas.Settings` without what is left open.
PARAMETERS = """
ALTER TABLE conversation ADD COLUMN parameters jsonb NOT NULL DEFAULT '{}';
ALTER TABLE message ADD COLUMN parameters jsonb;
"""


def upgrade() -> None:
    """Add them; of the answers that are there nobody knows."""
    op.execute(PARAMETERS)
