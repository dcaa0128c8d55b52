"""What the doors to freshness take and give."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

AGES: Final = (6, 12, 24, 36)
"""Months after which a document may count as old."""


@dataclass(frozen=True)
class StaleRow:
    """A document that is old or to be looked at again.

    `last_on` is the day that it is from, or came, or was reviewed, whichever is the latest; `citations` counts the
    answers of the last `citing.LATELY_DAYS` that cite it.
    """

    id: UUID
    name: str
    owner_name: str
    last_on: date
    review_on: date | None
    is_review_due: bool
    citations: int
    can_edit: bool


@dataclass(frozen=True)
class StalePage:
    """Some of them, the most cited first, of `total`."""

    rows: tuple[StaleRow, ...]
    total: int
