"""Tables of providers and models that a workspace connects; those of the settings have rows only where changed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import Field

from convosphere.core.identifiers import new_id
from convosphere.core.model import Table, json_column, text_array_column, timestamp_column


class ModelProvider(Table, table=True):
    """An account with somebody who runs models, or a server of one's own."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    kind: str
    """Name of a preset."""
    name: str
    slug: str
    """Stands before the names of its models."""
    base_url: str = ""
    """Empty for presets whose address is fixed."""
    sealed_key: bytes | None = None
    key_end: str = ""
    """The key's last signs, by which people tell keys apart."""
    options: dict[str, Any] = json_column()
    is_enabled: bool = True
    parallel_limit: int | None = None
    """Calls at once, None for as many as come."""
    requests_per_minute: int | None = None
    created_by: UUID | None = Field(default=None, foreign_key="account.id")
    created_at: datetime = timestamp_column(default_now=True)
    updated_at: datetime = timestamp_column(default_now=True)


class OfferedModel(Table, table=True):
    """A model that people may choose. Without a provider it is one of the settings, with what was changed of it."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    provider_id: UUID | None = Field(default=None, foreign_key="model_provider.id")
    model_id: str
    """The id that people, conversations and the ledger know it by: the provider's slug, a slash, its name."""
    name: str = ""
    """What the provider calls it; empty for a model of the settings."""
    display_name: str = ""
    icon: str = ""
    kind: str = "chat"
    is_enabled: bool = True
    is_restricted: bool = False
    """Whether only those may use it who are granted it; otherwise everybody."""
    context_tokens: int | None = None
    output_tokens: int | None = None
    capabilities: list[str] | None = json_column(nullable=True)
    """None means what the price list says."""
    fallback_ids: list[str] = text_array_column()
    created_at: datetime = timestamp_column(default_now=True)
    updated_at: datetime = timestamp_column(default_now=True)


class ModelPrice(Table, table=True):
    """What a model costs from a moment on: billionths for a million tokens, a minute of sound or a picture."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    model_id: str
    valid_from: datetime = timestamp_column()
    source: str
    """`own`, `list` for that of the price list, or `unknown`."""
    input_nanos: int | None = Field(default=None, sa_type=BigInteger)
    output_nanos: int | None = Field(default=None, sa_type=BigInteger)
    cached_nanos: int | None = Field(default=None, sa_type=BigInteger)
    minute_nanos: int | None = Field(default=None, sa_type=BigInteger)
    picture_nanos: int | None = Field(default=None, sa_type=BigInteger)
    currency: str = "USD"
    set_by: UUID | None = Field(default=None, foreign_key="account.id")
    created_at: datetime = timestamp_column(default_now=True)


class ModelDefault(Table, table=True):
    """The model that does something where nobody chose one."""

    workspace_id: UUID = Field(primary_key=True, foreign_key="workspace.id")
    purpose: str = Field(primary_key=True)
    model_id: str
    updated_at: datetime = timestamp_column(default_now=True)


class ModelFavourite(Table, table=True):
    """A model that somebody wants to find first. It may not be offered any more, or not yet again."""

    workspace_id: UUID = Field(primary_key=True, foreign_key="workspace.id")
    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    model_id: str = Field(primary_key=True)
    created_at: datetime = timestamp_column(default_now=True)
