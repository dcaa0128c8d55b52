"""The stages of a document, and how each can end."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from convosphere.core.i18n import Message


class Stage(StrEnum):
    """What is done to a document, in this order. What each counts: bytes, characters, passages, passages, vectors."""

    STORE = "store"
    READ = "read"
    CHUNK = "chunk"
    INDEX = "index"
    EMBED = "embed"


class StageState(StrEnum):
    """How a stage stands. Only how it ended is stored; that it waits or runs is known from the document."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    QUARANTINED = "quarantined"
    """It ended its worker three times and is left alone until somebody tries it again."""
    UNNEEDED = "unneeded"


@dataclass(frozen=True)
class StageRow:
    """A stage as it stands; what is None is not known."""

    stage: Stage
    state: StageState
    amount: int | None = None
    milliseconds: int | None = None
    attempts: int = 0
    error: Message | None = None


@dataclass(frozen=True)
class StageEnd:
    """How a stage ended, to be entered."""

    stage: Stage
    state: StageState = StageState.DONE
    amount: int | None = None
    milliseconds: int | None = None
    attempts: int = 1
    error: Message | None = None


@dataclass(frozen=True)
class Work:
    """What a run that has claimed a document needs to know."""

    run_id: UUID
    workspace_id: UUID
    document_id: UUID
    version_id: UUID
    sha256: str
    file_name: str
    interruptions: int
    owner_id: UUID
    is_attached: bool
    author_id: UUID | None = None
    replaces: UUID | None = None
    """The version that is searched until this one is read; None if this is the first that can be."""
