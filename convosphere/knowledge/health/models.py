"""The table of looks for remains."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Field

from convosphere.core.identifiers import new_id
from convosphere.core.model import Table, id_array_column, json_column, timestamp_column

RUNNING: Final = "running"
DONE: Final = "done"
FAILED: Final = "failed"


class KnowledgeScan(Table, table=True):
    """The latest look for remains in a workspace: how many of each kind there are, and whose file is missing."""

    workspace_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=new_id)
    account_id: UUID | None = None
    state: str = RUNNING
    is_cleaning: bool = False
    """Whether what is found is removed."""
    findings: dict[str, int] = json_column()
    missing_ids: list[UUID] = id_array_column()
    started_at: datetime = timestamp_column(default_now=True)
    ended_at: datetime | None = timestamp_column(nullable=True)
