"""Passwords and keys of sources, which are stored sealed."""

from convosphere.core.secrets.columns import SealedColumn

SOURCE_SECRET = SealedColumn("source", "sealed_secret", record_column="id", owner_column="workspace_id")

SEALED_COLUMNS = (SOURCE_SECRET,)
