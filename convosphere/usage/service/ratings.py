"""What people think of answers, which a package above keeps: a port that the composition root fills.

Nobody shall see from sums how somebody voted. A cell is an assistant in one version with one model. Ratings of a cell
count only where `LEAST_RATERS` people gave them, or the viewer alone did, and then everywhere alike: so no two figures
differ by the votes of fewer. Reasons and words are told of versions that `LEAST_CRITICS` people gave reasons to.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from convosphere.core.unit_of_work import UnitOfWork

LEAST_RATERS = 3
LEAST_CRITICS = 5


@dataclass(frozen=True)
class Span:
    """Periods one after another: when each begins, and when the last one ends."""

    edges: Sequence[datetime]
    until: datetime
    assistant_id: UUID | None = None
    """Only what this one answered; None: everybody."""


@dataclass(frozen=True)
class RatingSum:
    """Ratings of a cell, or of the period with this number, from 1 on; `again` were asked for once more."""

    assistant_id: UUID | None = None
    version_id: UUID | None = None
    model: str = ""
    period: int = 0
    good: int = 0
    bad: int = 0
    raters: int = 0
    is_own: bool = False
    """Whether the viewer alone gave them."""
    again: int = 0


@dataclass(frozen=True)
class ReasonSum:
    """How often a reason was given for a bad answer of a version."""

    assistant_id: UUID | None
    version_id: UUID | None
    reason: str
    count: int


@dataclass(frozen=True)
class Said:
    """What somebody wrote about an answer."""

    version_id: UUID | None
    is_good: bool
    comment: str


@dataclass(frozen=True)
class RatingSums:
    """All of it in a span. `hidden` ratings are of too few people and counted nowhere."""

    cells: Sequence[RatingSum] = ()
    periods: Sequence[RatingSum] = ()
    reasons: Sequence[ReasonSum] = ()
    hidden: int = 0
    said: Sequence[Said] = field(default=())


class RatingSource(Protocol):
    """Whoever keeps ratings."""

    async def sum_up(self, uow: UnitOfWork, span: Span, *, has_words: bool) -> RatingSums:
        """What was thought of answers in a span; with `has_words` also what was written about them, in no order."""
        ...


class Ratings:
    """Where ratings are."""

    _source: RatingSource | None = None

    @classmethod
    def register(cls, source: RatingSource) -> None:
        """Ask this one from now on."""
        cls._source = source

    @classmethod
    async def sum_up(cls, uow: UnitOfWork, span: Span, *, has_words: bool = False) -> RatingSums:
        """What was thought of answers; nothing where nobody keeps it."""
        return await cls._source.sum_up(uow, span, has_words=has_words) if cls._source else RatingSums()
