"""Tables of work on many documents at once."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Field

from convosphere.core.identifiers import new_id
from convosphere.core.model import Table, json_column, timestamp_column


class BulkState(StrEnum):
    """How far a job is."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Outcome(StrEnum):
    """What became of one document: `refused` is seen and may not be touched, `gone` is not there to be seen."""

    WAITING = "waiting"
    DONE = "done"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    GONE = "gone"
    FAILED = "failed"


class BulkJob(Table, table=True):
    """What somebody has done to many documents. `done` counts those that are over, `failed` those of them in vain."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    account_id: UUID = Field(foreign_key="account.id")
    action: str
    parameters: dict[str, Any] = json_column()
    state: str = BulkState.RUNNING.value
    error: dict[str, Any] | None = json_column(nullable=True)
    total: int
    done: int = 0
    failed: int = 0
    receipt: dict[str, int] = json_column()
    """What went for good, if anything did."""
    undoes_id: UUID | None = Field(default=None, foreign_key="bulk_job.id")
    created_at: datetime = timestamp_column(default_now=True)
    ended_at: datetime | None = timestamp_column(nullable=True)


class BulkItem(Table, table=True):
    """One document of a job. `before` is what is needed to take it back."""

    bulk_job_id: UUID = Field(primary_key=True, foreign_key="bulk_job.id")
    number: int = Field(primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    document_id: UUID
    name: str
    outcome: str = Outcome.WAITING.value
    error: dict[str, Any] | None = json_column(nullable=True)
    before: dict[str, Any] | None = json_column(nullable=True)
