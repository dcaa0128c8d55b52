"""Tables of test cases: what is asked and expected, each run of them, and what came out."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from convosphere.core.identifiers import new_id
from convosphere.core.model import Table, json_column, timestamp_column


class AssistantCase(Table, table=True):
    """A question to an assistant and what is expected of the answer."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    assistant_id: UUID = Field(foreign_key="assistant.id")
    question: str
    expectations: list[dict[str, Any]] = json_column()
    created_by: UUID | None = Field(default=None, foreign_key="account.id")
    created_at: datetime = timestamp_column(default_now=True)
    updated_at: datetime = timestamp_column(default_now=True)


class AssistantCaseRun(Table, table=True):
    """All cases of an assistant, asked of one of its versions."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    assistant_id: UUID = Field(foreign_key="assistant.id")
    version_id: UUID = Field(foreign_key="assistant_version.id")
    state: str = "queued"
    """See `schemas.RunState`."""
    reason: dict[str, Any] | None = json_column(nullable=True)
    """Why it ended before its end, as a message."""
    started_by: UUID | None = Field(default=None, foreign_key="account.id")
    created_at: datetime = timestamp_column(default_now=True)
    ended_at: datetime | None = timestamp_column(nullable=True)


class AssistantCaseResult(Table, table=True):
    """A case as it was when a run began, and what became of it; it outlives the case."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    run_id: UUID = Field(foreign_key="assistant_case_run.id")
    case_id: UUID
    position: int
    question: str
    expectations: list[dict[str, Any]] = json_column()
    state: str = "pending"
    """`pending`, `answered`, which waits for its verdict, or `done`."""
    verdict: str = ""
    answer: str = ""
    checks: list[dict[str, Any]] = json_column()
    error: dict[str, Any] | None = json_column(nullable=True)
    model: str = ""
    first_token_ms: int | None = None
    total_ms: int | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cost_nanos: int | None = None
    currency: str = "USD"
