"""Tables of notifications. A row names its subject by id alone: what that is called is read when it is shown."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from convosphere.core.identifiers import new_id
from convosphere.core.model import Table, json_column, timestamp_column


class Notification(Table, table=True):
    """Something that one person is told. `key` makes sure that it is told once."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    account_id: UUID = Field(foreign_key="account.id")
    kind: str
    key: str
    subject_type: str | None = None
    subject_id: UUID | None = None
    actor_id: UUID | None = Field(default=None, foreign_key="account.id")
    """Whose doing it was, where that is somebody else."""
    count: int = 1
    """How often it happened while nobody had read of it."""
    facts: dict[str, Any] = json_column()
    on_page: bool
    in_browser: bool
    created_at: datetime = timestamp_column(default_now=True)
    read_at: datetime | None = timestamp_column(nullable=True)
    mailed_at: datetime | None = timestamp_column(nullable=True)


class NotificationPreference(Table, table=True):
    """How a person wants to be told of a kind, where that is not as the kind has it."""

    workspace_id: UUID = Field(primary_key=True, foreign_key="workspace.id")
    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    kind: str = Field(primary_key=True)
    on_page: bool
    in_browser: bool
    digest: str
    updated_at: datetime = timestamp_column(default_now=True)


class NotificationDigest(Table, table=True):
    """A mail with news that was sent, and what the link in it that ends such mails is checked against."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    account_id: UUID = Field(foreign_key="account.id")
    period: str
    token_hash: bytes
    sent_at: datetime = timestamp_column(default_now=True)
