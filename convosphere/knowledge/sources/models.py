"""Tables of sources, of what each has brought, and of its runs."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Field

from convosphere.core.identifiers import new_id
from convosphere.core.model import Table, json_column, timestamp_column


class SourceState(StrEnum):
    """A draft was tried and not yet kept; a paused source is read only if somebody says so;
    what is being deleted goes with its documents."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    DELETING = "deleting"


class RunState(StrEnum):
    """How far a run is; `done` also where single things failed."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Source(Table, table=True):
    """Where documents come from by themselves. What it brings belongs to its owner and lies in its folder."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    owner_id: UUID = Field(foreign_key="account.id")
    kind: str
    name: str
    options: dict[str, Any] = json_column()
    """Its address and what else its kind asks for, but no secret."""
    sealed_secret: bytes | None = None
    schedule: str
    folder_id: UUID | None = Field(default=None, foreign_key="document_folder.id")
    state: str = SourceState.DRAFT.value
    failures: int = 0
    """Runs that failed since the last one that did not."""
    next_run_at: datetime | None = timestamp_column(nullable=True)
    created_at: datetime = timestamp_column(default_now=True)
    updated_at: datetime = timestamp_column(default_now=True)


class SourceItem(Table, table=True):
    """One thing of a source as it was when it was last seen; without a document nothing came of it yet."""

    source_id: UUID = Field(primary_key=True, foreign_key="source.id")
    key: str = Field(primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    name: str
    fingerprint: str = ""
    memo: dict[str, Any] = json_column()
    """What its kind wants to know again the next time."""
    sha256: str = ""
    document_id: UUID | None = Field(default=None, foreign_key="document.id")
    last_run_id: UUID


class SourceRun(Table, table=True):
    """One reading of a source. `worker` is who reads now: whoever finds another there stops."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    source_id: UUID = Field(foreign_key="source.id")
    state: str = RunState.RUNNING.value
    worker: UUID | None = None
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    failed: int = 0
    bytes: int = 0
    note: dict[str, Any] | None = json_column(nullable=True)
    """Why it failed, or why it ended before everything was seen."""
    started_at: datetime = timestamp_column(default_now=True)
    ended_at: datetime | None = timestamp_column(nullable=True)


class SourceResult(Table, table=True):
    """What became of one thing in a run; what was unchanged is only counted."""

    run_id: UUID = Field(primary_key=True, foreign_key="source_run.id")
    number: int = Field(primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    key: str
    name: str
    outcome: str
    error: dict[str, Any] | None = json_column(nullable=True)
    document_id: UUID | None = None
