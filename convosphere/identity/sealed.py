"""Secrets of people and of the installation that are stored sealed; their places are made here alone."""

from convosphere.core.secrets.columns import SealedColumn

TOTP_SECRET = SealedColumn("totp_secret", "sealed_secret", record_column="account_id", owner_column="account_id")
SIGNING_KEY = SealedColumn("signing_key", "sealed_private_key", record_column="id")

SEALED_COLUMNS = (TOTP_SECRET, SIGNING_KEY)
