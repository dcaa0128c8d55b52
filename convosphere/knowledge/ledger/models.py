"""The table of stages."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from convosphere.core.model import Table, json_column, timestamp_column


class DocumentStage(Table, table=True):
    """How a stage of a version ended. `amount` is in the stage's own unit, see `schemas.Stage`."""

    document_version_id: UUID = Field(primary_key=True, foreign_key="document_version.id")
    stage: str = Field(primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    state: str
    amount: int | None = None
    milliseconds: int | None = None
    attempts: int = 1
    error: dict[str, Any] | None = json_column(nullable=True)
    ended_at: datetime = timestamp_column(default_now=True)
