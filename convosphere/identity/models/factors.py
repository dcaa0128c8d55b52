"""What people prove themselves with beside a password."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from convosphere.core.identifiers import new_id
from convosphere.core.model import Table, text_array_column, timestamp_column


class TotpSecret(Table, table=True):
    """The seed of a person's one-time codes (RFC 6238), sealed; it counts once it is confirmed."""

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    sealed_secret: bytes
    last_step: int = 0
    """The time step of the last code used, so that none works twice."""
    created_at: datetime = timestamp_column(default_now=True)
    confirmed_at: datetime | None = timestamp_column(nullable=True)


class RecoveryCode(Table, table=True):
    """A code that stands in for the second factor, once."""

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    code_hash: bytes = Field(primary_key=True)
    used_at: datetime | None = timestamp_column(nullable=True)


class Passkey(Table, table=True):
    """A public key of one of the person's devices (WebAuthn level 3)."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    credential_id: bytes = Field(unique=True)
    public_key: bytes
    sign_count: int = 0
    transports: list[str] = text_array_column()
    name: str
    created_at: datetime = timestamp_column(default_now=True)
    last_used_at: datetime | None = timestamp_column(nullable=True)
