"""What a workspace says of how long conversations live."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

LONGEST_DAYS: Final = 3650
NOTICE: Final = timedelta(days=7)
"""How long before it goes, or after a rule was made stricter, its people are told of a conversation."""


class TemporaryRule(StrEnum):
    """Whether people may, must or must not chat in conversations that are not kept. Those that are there stay."""

    ALLOWED = "allowed"
    REQUIRED = "required"
    FORBIDDEN = "forbidden"


class RetentionAct(StrEnum):
    """What becomes of conversations that nobody uses."""

    ARCHIVE = "archive"
    DELETE = "delete"


@dataclass(frozen=True)
class Retention:
    """After how many days without use something becomes of conversations, None for never; which ones stay anyway."""

    days: int | None = None
    act: RetentionAct = RetentionAct.ARCHIVE
    spares_pinned: bool = True
    spares_shared: bool = True


@dataclass(frozen=True)
class Rules:
    """All that a workspace says."""

    temporary: TemporaryRule = TemporaryRule.ALLOWED
    retention: Retention = Retention()


@dataclass(frozen=True)
class Preview:
    """What a rule would touch: `now` by its days alone, of `people`, `spared` stay since they are pinned or shared.

    Nothing goes before `first_at`, so that everybody concerned has had notice.
    """

    total: int = 0
    now: int = 0
    people: int = 0
    spared: int = 0
    soon: int = 0
    """That many more within 30 days, if nobody uses them."""
    first_at: datetime | None = None


@dataclass(frozen=True)
class Leaving:
    """Conversations of a person that go soon, if nothing is done: how many, the first when, and what becomes of it."""

    count: int = 0
    first_at: datetime | None = None
    act: RetentionAct = RetentionAct.ARCHIVE
