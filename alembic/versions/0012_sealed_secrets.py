"""A way for the rotation of keys to the sealed secrets of everybody."""

from convosphere.core.schema import open_to_rotation

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Without it, secrets of whoever is in no workspace any more would be left behind under a key that is dropped."""
    open_to_rotation("totp_secret")
