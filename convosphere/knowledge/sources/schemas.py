"""What passes between sources, those who read them and those who look at them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from convosphere.core.i18n import Message

SCHEDULES: Final = {
    "manual": None,
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(days=7),
}
"""How often a source is read by itself."""

Options = Mapping[str, str]
Memo = Mapping[str, str | list[str]]


class Outcome(StrEnum):
    """What became of one thing of a source."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    GONE = "gone"
    FAILED = "failed"


@dataclass(frozen=True)
class Known:
    """What is remembered of a thing from the last time; an empty fingerprint tells nothing."""

    name: str
    fingerprint: str = ""
    memo: Memo = field(default_factory=dict)
    sha256: str = ""
    document_id: UUID | None = None
    last_run_id: UUID | None = None


@dataclass(frozen=True)
class Entry:
    """One thing that a source has.

    Args:
        key: tells it apart from all others of the source, for good.
        name: of the file that it becomes, with its ending.
        folder: where it lies below the source's folder, as names joined by "/".
        fingerprint: while it stays the same, so does the content, and nothing is fetched. Empty: nobody knows.
        memo: what the kind wants to know again the next time.
        problem: why it cannot be taken, although it is there.
    """

    key: str
    name: str
    folder: str = ""
    fingerprint: str = ""
    memo: Memo = field(default_factory=dict)
    problem: Message | None = None


@dataclass(frozen=True)
class SourceDraft:
    """A source as somebody wants it. An empty secret leaves the stored one as it is."""

    kind: str
    name: str = ""
    schedule: str = "daily"
    options: Options = field(default_factory=dict)
    secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class RunRow:
    """A run in a list."""

    id: UUID
    state: str
    added: int
    changed: int
    unchanged: int
    gone: int
    failed: int
    bytes: int
    note: Message | None
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class SourceRow:
    """A source in a list, with its last run and how many documents came of it."""

    id: UUID
    kind: str
    name: str
    place: str
    schedule: str
    state: str
    options: Options
    has_secret: bool
    failures: int
    folder_id: UUID | None
    documents: int
    next_run_at: datetime | None
    last_run: RunRow | None


@dataclass(frozen=True)
class ResultRow:
    """What became of one thing in a run."""

    key: str
    name: str
    outcome: str
    error: Message | None
    document_id: UUID | None


@dataclass(frozen=True)
class Preview:
    """What a source would bring: the first names, and whether there are more."""

    names: tuple[str, ...]
    problems: tuple[Message, ...]
    has_more: bool
