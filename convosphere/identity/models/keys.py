"""What programs come with instead of a cookie."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from convosphere.core.identifiers import new_id
from convosphere.core.model import Table, json_column, text_array_column, timestamp_column


class ApiKey(Table, table=True):
    """A person's key for a program, shown once; it may do what both its scopes and the person's role allow."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    account_id: UUID = Field(foreign_key="account.id")
    name: str
    prefix: str
    """Its first characters, to tell keys apart."""
    token_hash: bytes = Field(unique=True)
    scopes: list[str] = text_array_column()
    created_at: datetime = timestamp_column(default_now=True)
    expires_at: datetime | None = timestamp_column(nullable=True)
    last_used_at: datetime | None = timestamp_column(nullable=True)
    last_used_address: str = ""
    revoked_at: datetime | None = timestamp_column(nullable=True)


class RefreshToken(Table, table=True):
    """One of a family of tokens of which each replaces the one before; one used twice ends the family (RFC 9700)."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    account_id: UUID = Field(foreign_key="account.id")
    family_id: UUID
    api_key_id: UUID | None = Field(default=None, foreign_key="api_key.id")
    token_hash: bytes = Field(unique=True)
    scopes: list[str] = text_array_column()
    created_at: datetime = timestamp_column(default_now=True)
    expires_at: datetime = timestamp_column()
    used_at: datetime | None = timestamp_column(nullable=True)
    revoked_at: datetime | None = timestamp_column(nullable=True)


class SigningKey(Table, table=True):
    """A key that signs access tokens (RFC 7517); a retired one still verifies those that it signed."""

    id: str = Field(primary_key=True)
    public_key: dict[str, Any] = json_column()
    sealed_private_key: bytes
    created_at: datetime = timestamp_column(default_now=True)
    retired_at: datetime | None = timestamp_column(nullable=True)


class RevokedToken(Table, table=True):
    """The `jti` of an access token that must not be taken any more, until it expires."""

    id: UUID = Field(primary_key=True)
    expires_at: datetime = timestamp_column()
