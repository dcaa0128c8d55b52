"""What the doors to the health of documents give."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from convosphere.core.i18n import Message

PARTS: Final = ("states", "kinds", "languages", "sizes", "ages")
"""By what documents are counted, as the list is filtered by."""


@dataclass(frozen=True)
class Count:
    """How many documents have a value."""

    key: str
    count: int


@dataclass(frozen=True)
class Cause:
    """Why documents could not be read: the code of the error, how many it befell, and what one of them is told."""

    code: str
    count: int
    example: Message


@dataclass(frozen=True)
class Health:
    """The documents that the actor sees, in numbers, and how many there are that they do not see.

    `undescribed` are pictures that a model could describe by now.
    """

    total: int
    parts: dict[str, tuple[Count, ...]]
    causes: tuple[Cause, ...]
    hidden: int
    hidden_failed: int
    undescribed: int = 0


@dataclass(frozen=True)
class CitedDocument:
    """A document, how many answers cite it, and since when it is there."""

    id: UUID
    name: str
    answers: int
    created_at: datetime


@dataclass(frozen=True)
class Citations:
    """The documents that are cited most, and the oldest of those that could be and are not."""

    most: tuple[CitedDocument, ...]
    never: tuple[CitedDocument, ...]
    count_never: int


@dataclass(frozen=True)
class ScanRow:
    """The latest look for remains: `findings` by kind, and documents whose file is missing that the actor sees."""

    state: str
    is_cleaning: bool
    findings: dict[str, int]
    missing: dict[UUID, str]
    started_at: datetime
    ended_at: datetime | None
