"""What the tables of all kinds have alike. A creation is what people find; a version is one definition of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from convosphere.core.identifiers import new_id
from convosphere.core.model import Table, json_column, timestamp_column


class Creation(Table):
    """What a person has made; name and description are those of a version, for lists."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    owner_id: UUID = Field(foreign_key="account.id")
    name: str
    description: str = ""
    current_version_id: UUID
    created_at: datetime = timestamp_column(default_now=True)
    updated_at: datetime = timestamp_column(default_now=True)
    deleted_at: datetime | None = timestamp_column(nullable=True)


class CreationVersion(Table):
    """What it was at a time, who made it so and why; never changed. A kind's own table adds whose version it is."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    number: int
    definition: dict[str, Any] = json_column()
    why: str = ""
    author_id: UUID | None = Field(default=None, foreign_key="account.id")
    created_at: datetime = timestamp_column(default_now=True)
