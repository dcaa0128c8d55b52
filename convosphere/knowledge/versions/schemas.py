"""Versions of a document as they are listed, and what changed from one to another."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from convosphere.core.i18n import Message

VersionState = Literal["current", "past", "reading", "failed", "unread"]


@dataclass(frozen=True)
class VersionRow:
    """A version of a document in the list of them.

    `state`: `current` answers, `past` did before, `reading` is on its way, `failed` has an
    `error`, and `unread` was replaced before its turn came.
    """

    id: UUID
    number: int
    file_name: str
    size: int
    why: str
    author: str
    created_at: datetime
    state: VersionState
    error: Message | None


@dataclass(frozen=True)
class ChangedLine:
    """A line or a sentence that one version has and the other has not."""

    kind: Literal["added", "removed"]
    text: str


@dataclass(frozen=True)
class PassageChange:
    """What changed in a passage of the newer version; of the older one, where nothing stands in its place."""

    number: int
    page: int | None
    heading: str
    lines: tuple[ChangedLine, ...]

    @property
    def kind(self) -> Literal["added", "removed", "changed"]:
        """Whether something came, went, or both."""
        kind = self.lines[0].kind
        return kind if all(line.kind == kind for line in self.lines) else "changed"


@dataclass(frozen=True)
class Comparison:
    """What changed between two versions: the first passages of `count` that did."""

    older: int
    newer: int
    changes: tuple[PassageChange, ...]
    count: int
