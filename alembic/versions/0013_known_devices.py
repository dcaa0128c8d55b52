"""Devices that people were seen with; addresses of accounts that are there count as proved."""

from alembic import op

from convosphere.core.schema import grant_table

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE known_device (
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    trait_hash bytea NOT NULL,
    first_seen_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, trait_hash)
);
-- Nobody is shut out who got in before addresses were asked to be confirmed.
UPDATE account SET email_verified_at = created_at WHERE email_verified_at IS NULL;
"""


def upgrade() -> None:
    """Create the table."""
    op.execute(TABLES)
    grant_table("known_device")
