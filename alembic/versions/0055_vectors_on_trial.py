"""Passages in the making may have vectors of another model, and trials say when questions went by words alone."""

from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

# `embedding`: NULL is whatever the workspace uses by then, '' what the settings name, else a model that it offers.
COLUMNS = """
ALTER TABLE passage_set ADD COLUMN embedding text;
ALTER TABLE search_trial ADD COLUMN by_words boolean NOT NULL DEFAULT false;
"""


def upgrade() -> None:
    """Add the columns, which the version before leaves as they are."""
    op.execute(COLUMNS)
