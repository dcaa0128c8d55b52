"""Signed-in browsers; a session carries the active workspace."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from convosphere.core.identifiers import new_id
from convosphere.core.model import Table, timestamp_column


class WebSession(Table, table=True):
    """A signed-in browser; the cookie's token is stored hashed."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    token_hash: bytes = Field(unique=True)
    account_id: UUID = Field(foreign_key="account.id")
    active_workspace_id: UUID
    address: str
    user_agent: str
    created_at: datetime = timestamp_column(default_now=True)
    last_seen_at: datetime = timestamp_column(default_now=True)
    expires_at: datetime = timestamp_column()
    authenticated_at: datetime = timestamp_column(default_now=True)
    """When the person last proved who they are; what is delicate asks for a recent proof."""
    method: str = "password"
    looking_as: UUID | None = Field(default=None, foreign_key="account.id")
    """Whose eyes the person looks through, without being able to change anything."""
    previous_token_hash: bytes | None = None
    """Opens nothing; see `was_just_renewed` and `renew_due`."""
    renewed_at: datetime | None = timestamp_column(nullable=True)
    is_renewal_due: bool = False
    """Whether the person may do more than when the token was made, so that it is to be replaced."""


class SignInStep(Table, table=True):
    """A sign-in, or the adding of a factor, that is half done; whoever holds the token may take the next step."""

    token_hash: bytes = Field(primary_key=True)
    account_id: UUID | None = Field(default=None, foreign_key="account.id")
    purpose: str
    challenge: bytes | None = None
    tries: int = 0
    created_at: datetime = timestamp_column(default_now=True)
    expires_at: datetime = timestamp_column()
