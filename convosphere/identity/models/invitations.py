"""Invitations."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from convosphere.core.identifiers import new_id
from convosphere.core.model import Table, timestamp_column


class Invitation(Table, table=True):
    """The one-time right to join a workspace in a role."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    token_hash: bytes = Field(unique=True)
    email: str | None = None
    role: str
    created_by: UUID | None = Field(default=None, foreign_key="account.id")
    created_at: datetime = timestamp_column(default_now=True)
    expires_at: datetime = timestamp_column()
    used_at: datetime | None = timestamp_column(nullable=True)
