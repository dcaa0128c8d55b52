"""People and where they belong: an account is global, a membership belongs to a workspace."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from convosphere.core.identifiers import new_id
from convosphere.core.model import Table, json_column, text_array_column, timestamp_column


class Account(Table, table=True):
    """A person, in all workspaces. `email` is stored in lower case."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    email: str = Field(unique=True)
    name: str
    password_hash: str | None = None
    """None for somebody who signs in by passkey alone."""
    locale: str
    is_active: bool = True
    created_at: datetime = timestamp_column(default_now=True)
    email_verified_at: datetime | None = timestamp_column(nullable=True)
    password_changed_at: datetime | None = timestamp_column(nullable=True)
    last_sign_in_at: datetime | None = timestamp_column(nullable=True)
    time_zone: str = ""
    """A name of the IANA database; empty: the browser's."""
    theme: str = ""
    density: str = ""
    shortcuts: dict[str, str] = json_column()
    """Keys of the person's own by what they do; empty ones are none. `off` turns all of them off."""
    muted_mails: list[str] = text_array_column()
    """Kinds of mail that the person does not want."""


class Avatar(Table, table=True):
    """A person's picture, cut and encoded anew; the digest stands in its address."""

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    image: bytes
    digest: str
    changed_at: datetime = timestamp_column(default_now=True)


class Workspace(Table, table=True):
    """A team's room; all its things carry its id."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str
    created_at: datetime = timestamp_column(default_now=True)


class Membership(Table, table=True):
    """What a person is in a workspace."""

    workspace_id: UUID = Field(primary_key=True, foreign_key="workspace.id")
    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    role: str
    """A built-in role's name or a custom one's key."""
    is_active: bool = True
    created_at: datetime = timestamp_column(default_now=True)


class PersonDeletion(Table, table=True):
    """That a person is leaving for good, or has left; it outlives the account."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    account_id: UUID
    name: str
    heir_id: UUID | None = Field(default=None, foreign_key="account.id")
    """Who gets what was shared; nobody: it is deleted."""
    requested_by: UUID | None = None
    requested_at: datetime = timestamp_column(default_now=True)
    finished_at: datetime | None = timestamp_column(nullable=True)


class Installation(Table, table=True):
    """The one row that says that there is an owner, and which workspace open sign-up joins."""

    is_founded: bool = Field(default=True, primary_key=True)
    workspace_id: UUID
    founded_at: datetime = timestamp_column(default_now=True)


class SetUpToken(Table, table=True):
    """The one-time right to found the workspace of a new installation."""

    token_hash: bytes = Field(primary_key=True)
    expires_at: datetime = timestamp_column()
    used_at: datetime | None = timestamp_column(nullable=True)
