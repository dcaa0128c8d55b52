"""A model that makes pictures, and prices for a picture."""

from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

PRICES = """
ALTER TABLE model_price ADD COLUMN picture_nanos bigint CHECK (picture_nanos >= 0);
ALTER TABLE model_price DROP CONSTRAINT model_price_check;
ALTER TABLE model_price ADD CONSTRAINT model_price_check CHECK (
    (source = 'own') = (
        minute_nanos IS NOT NULL OR picture_nanos IS NOT NULL
        OR (input_nanos IS NOT NULL AND output_nanos IS NOT NULL)
    )
);
"""
PURPOSES = """
ALTER TABLE model_default DROP CONSTRAINT model_default_purpose_check;
ALTER TABLE model_default ADD CONSTRAINT model_default_purpose_check CHECK (
    purpose IN (
        'chat', 'title', 'follow_ups', 'rewriting', 'checking', 'embedding', 'rerank', 'speech', 'describing', 'image'
    )
);
"""


def upgrade() -> None:
    """Add the column; a price of one's own is by tokens, by the minute or by the picture."""
    op.execute(PRICES)
    op.execute(PURPOSES)
