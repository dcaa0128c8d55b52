"""Roles, groups, and who may do what with a thing."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from convosphere.core.identifiers import new_id
from convosphere.core.model import Table, text_array_column, timestamp_column


class AccessGrant(Table, table=True):
    """Who may do what with a thing: the one table for documents, folders, assistants and whatever comes."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    subject_type: str
    """`person`, `group` or `everyone`."""
    subject_id: UUID | None = None
    object_type: str
    object_id: UUID
    level: str
    """`view`, `use`, `edit` or `manage`, each including those before it."""
    is_deny: bool = False
    created_by: UUID | None = Field(default=None, foreign_key="account.id")
    created_at: datetime = timestamp_column(default_now=True)


class WorkspaceRole(Table, table=True):
    """What a workspace decides about a built-in role, or a role of its own."""

    __tablename__ = "role"  # pyright: ignore[reportAssignmentType, reportUnannotatedClassAttribute]

    workspace_id: UUID = Field(primary_key=True, foreign_key="workspace.id")
    key: str = Field(primary_key=True)
    name: str = ""
    description: str = ""
    permissions: list[str] = text_array_column()
    """Of a custom role; a built-in one has those in `identity.roles`."""
    is_custom: bool
    requires_second_factor: bool = False
    created_at: datetime = timestamp_column(default_now=True)


class PersonGroup(Table, table=True):
    """People who get something together; groups may hold groups."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    name: str
    description: str = ""
    created_by: UUID | None = Field(default=None, foreign_key="account.id")
    created_at: datetime = timestamp_column(default_now=True)


class GroupMember(Table, table=True):
    """A person or a group in a group."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    group_id: UUID = Field(foreign_key="person_group.id")
    account_id: UUID | None = Field(default=None, foreign_key="account.id")
    subgroup_id: UUID | None = Field(default=None, foreign_key="person_group.id")
    is_manager: bool = False
    """Whether the person may add and remove members."""
    created_at: datetime = timestamp_column(default_now=True)


class EffectiveGroup(Table, table=True):
    """A group that a person is in, directly or through others; made from `GroupMember` whenever that changes."""

    workspace_id: UUID = Field(foreign_key="workspace.id")
    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    group_id: UUID = Field(primary_key=True, foreign_key="person_group.id")
