"""One-time links: into a workspace, and those that prove an address."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from convosphere.core.identifiers import new_id
from convosphere.core.model import Table, id_array_column, json_column, timestamp_column


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
    group_ids: list[UUID] = id_array_column()
    locale: str = ""
    """The language of its mail."""
    revoked_at: datetime | None = timestamp_column(nullable=True)
    accepted_by: UUID | None = Field(default=None, foreign_key="account.id")
    name: str = ""
    """What the person is called, where whoever invites them said so."""
    is_mailed: bool = False
    """Whether the link went to the address alone: whoever uses it reads its mail."""
    list_id: UUID | None = Field(default=None, foreign_key="invitation_list.id")


class InvitationList(Table, table=True):
    """People to be invited together: first a draft, then a job's work."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    created_by: UUID = Field(foreign_key="account.id")
    lines: list[dict[str, Any]] = json_column()
    """`schemas.ListLine` each."""
    status: str = "draft"
    """`draft`, `sending`, `done`, or `stopped` when whoever asked may not any more."""
    locale: str = ""
    days: int = 7
    done: int = 0
    total: int = 0
    created_at: datetime = timestamp_column(default_now=True)


class AccountLink(Table, table=True):
    """A one-time link in a mail: whoever opens it reads the mail of `email`."""

    token_hash: bytes = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    purpose: str
    """`recovery`, `verification` or `email_change`."""
    email: str
    created_at: datetime = timestamp_column(default_now=True)
    expires_at: datetime = timestamp_column()
    used_at: datetime | None = timestamp_column(nullable=True)
