"""Keys of providers, which are stored sealed."""

from convosphere.core.secrets.columns import SealedColumn

PROVIDER_KEY = SealedColumn("model_provider", "sealed_key", record_column="id", owner_column="workspace_id")

SEALED_COLUMNS = (PROVIDER_KEY,)
