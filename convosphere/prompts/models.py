"""Tables of prompts. A prompt is what people find; a version is one text of it, which never changes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from convosphere.core.identifiers import new_id
from convosphere.core.model import Table, json_column, timestamp_column


class Prompt(Table, table=True):
    """A prompt of a person; name, command and description are those of its current version, for lists."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    owner_id: UUID = Field(foreign_key="account.id")
    name: str
    command: str
    """What it is called by, `/command`; two prompts may have the same."""
    description: str = ""
    current_version_id: UUID
    created_at: datetime = timestamp_column(default_now=True)
    updated_at: datetime = timestamp_column(default_now=True)
    deleted_at: datetime | None = timestamp_column(nullable=True)


class PromptVersion(Table, table=True):
    """What a prompt was at a time, who made it so and why."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    prompt_id: UUID = Field(foreign_key="prompt.id")
    number: int
    definition: dict[str, Any] = json_column()
    why: str = ""
    author_id: UUID | None = Field(default=None, foreign_key="account.id")
    created_at: datetime = timestamp_column(default_now=True)
