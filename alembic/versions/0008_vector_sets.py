"""What a vector set needs to go on serving after the settings name another model, and how far it is to be trusted."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

UPGRADE = """
-- `source` is what EMBEDDING_MODEL said: by it the model is found again that embeds questions for this set. `trust` and
-- `least_likeness` are measured on the set's own passages once it is complete, and again when there are many more.
ALTER TABLE vector_set
    ADD COLUMN source text,
    ADD COLUMN trust real CHECK (trust BETWEEN 0 AND 1),
    ADD COLUMN least_likeness real,
    ADD COLUMN measured_count integer NOT NULL DEFAULT 0;
UPDATE vector_set SET source = model;
ALTER TABLE vector_set ALTER source SET NOT NULL;
"""


def upgrade() -> None:
    """Add the columns."""
    op.execute(UPGRADE)
