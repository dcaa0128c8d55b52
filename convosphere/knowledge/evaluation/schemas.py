"""What the doors to test questions take and give, and the figures of a trial."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

DEPTH: Final = 10
"""Passages that are looked through; what comes later is not found."""
NEAR: Final = 5
"""An answer reads some passages: the figure that matters most is what is among so many."""


@dataclass(frozen=True)
class QuestionRow:
    """A test question with its document; ranks are None where they are not of the sets that there are."""

    id: UUID
    question: str
    words: str
    document_id: UUID
    document_name: str
    current_rank: int | None
    shadow_rank: int | None


@dataclass(frozen=True)
class Figures:
    """How well a set did: what was found first, and among the first `NEAR`, in parts of 1.

    `mean_rank` is the mean reciprocal rank (Voorhees, 1999): 1 if all was found first, 0 if nothing was found.
    """

    questions: int
    first: float
    near: float
    mean_rank: float


@dataclass(frozen=True)
class Evaluation:
    """The test questions that the actor sees, and how the sets did on them; None where a set was not asked.

    `by_words`: some went by words alone, as a model did not answer or a budget is used up.
    """

    rows: tuple[QuestionRow, ...]
    is_running: bool
    is_failed: bool
    by_words: bool
    ended_at: datetime | None
    current: Figures | None
    shadow: Figures | None


@dataclass(frozen=True)
class AskedQuestion:
    """What somebody asked, and the document that the answer cites first."""

    question: str
    document_id: UUID
    document_name: str


def figures_of(ranks: Sequence[int]) -> Figures | None:
    """The figures of some ranks, 0 for what was not found; None of none."""
    if not ranks:
        return None
    return Figures(
        len(ranks),
        sum(rank == 1 for rank in ranks) / len(ranks),
        sum(0 < rank <= NEAR for rank in ranks) / len(ranks),
        sum(1 / rank for rank in ranks if rank) / len(ranks),
    )
