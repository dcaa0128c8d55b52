"""Prices for a minute of sound, of models that write down what is said."""

from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

PRICES = """
ALTER TABLE model_price ADD COLUMN minute_nanos bigint CHECK (minute_nanos >= 0);
ALTER TABLE model_price DROP CONSTRAINT model_price_check;
ALTER TABLE model_price ADD CONSTRAINT model_price_check CHECK (
    (source = 'own') = (minute_nanos IS NOT NULL OR (input_nanos IS NOT NULL AND output_nanos IS NOT NULL))
);
"""


def upgrade() -> None:
    """Add the column; a price of one's own is by tokens or by the minute."""
    op.execute(PRICES)
