"""Work on many documents as the browser gets it: texts and numbers only."""

from dataclasses import dataclass, field
from typing import Any

from convosphere.knowledge.bulk.actions import ACTIONS
from convosphere.knowledge.bulk.schemas import ItemRow, JobRow


@dataclass(frozen=True)
class JobItem:
    """A job; `error` is a message as a dict, or {}; the last ones count what went for good."""

    id: str = ""
    act: str = ""
    state: str = ""
    total: int = 0
    done: int = 0
    failed: int = 0
    can_undo: bool = False
    is_file: bool = False
    created_at: str = ""
    error: dict[str, Any] = field(default_factory=dict)
    documents_gone: int = 0
    passages_gone: int = 0
    vectors_gone: int = 0
    bytes_gone: int = 0


@dataclass(frozen=True)
class ResultItem:
    """What became of one document."""

    id: str
    name: str
    outcome: str
    error: dict[str, Any]


def job_item(row: JobRow) -> JobItem:
    """A job."""
    return JobItem(
        id=str(row.id),
        act=row.action,
        state=row.state,
        total=row.total,
        done=row.done,
        failed=row.failed,
        can_undo=row.can_undo,
        is_file=row.action in ACTIONS and ACTIONS[row.action].is_streamed,
        created_at=row.created_at.isoformat(),
        error=dict(row.error.as_dict()) if row.error else {},
        documents_gone=row.receipt.get("documents", 0),
        passages_gone=row.receipt.get("passages", 0),
        vectors_gone=row.receipt.get("vectors", 0),
        bytes_gone=row.receipt.get("bytes", 0),
    )


def result_item(row: ItemRow) -> ResultItem:
    """A document of a job."""
    return ResultItem(str(row.document_id), row.name, row.outcome, dict(row.error.as_dict()) if row.error else {})
