"""What the doors to questions that documents did not answer take and give."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

State = Literal["open", "answered", "dismissed"]
STATES: Final[tuple[State, ...]] = ("open", "answered", "dismissed")


@dataclass(frozen=True)
class QuestionRow:
    """Questions that are alike: the newest wording, some others, and how many people asked. Nobody is named."""

    id: UUID
    state: State
    words: str
    others: tuple[str, ...]
    askers: int
    times: int
    last_at: datetime
    owner_id: UUID | None
    owner_name: str
    document_id: UUID | None
    document_name: str
    """Of the document that answers it, if the actor sees that."""


@dataclass(frozen=True)
class QuestionPage:
    """Some of them, those that most people asked first, and how many there are in each state."""

    rows: tuple[QuestionRow, ...]
    counts: dict[str, int]
    keeps: bool
    """Whether questions are kept at all."""
