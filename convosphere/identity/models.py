"""Tables of people. An account is global, a membership belongs to a workspace, a session carries the active one."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from convosphere.core.identifiers import new_id
from convosphere.core.model import Table, timestamp_column


class Account(Table, table=True):
    """A person, in all workspaces. `email` is stored in lower case."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    email: str = Field(unique=True)
    name: str
    password_hash: str
    locale: str
    is_active: bool = True
    created_at: datetime = timestamp_column(default_now=True)


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
    is_active: bool = True
    created_at: datetime = timestamp_column(default_now=True)


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


class AccessGrant(Table, table=True):
    """Who may do what with a thing: the one table for documents, folders, assistants and whatever comes."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    subject_type: str
    """`person` or `everyone`."""
    subject_id: UUID | None = None
    object_type: str
    object_id: UUID
    level: str
    """`view`, `use`, `edit` or `manage`, each including those before it."""
    is_deny: bool = False
    created_by: UUID | None = Field(default=None, foreign_key="account.id")
    created_at: datetime = timestamp_column(default_now=True)
