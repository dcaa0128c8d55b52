"""What pages are told of files of conversations."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

MOST_NAMED = 50
"""Of all that does not come in, of each kind."""


class ExportFormat(StrEnum):
    """How conversations are written."""

    MARKDOWN = "markdown"
    JSON = "json"
    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"


@dataclass(frozen=True)
class Skipped:
    """A conversation that is not taken in; `fault` is a `reading.errors.Fault`."""

    title: str
    fault: str


@dataclass
class Behind:
    """Things that do not come in with `count` conversations, by name; `has_more` of them than are named."""

    count: int = 0
    names: list[str] = field(default_factory=list)
    has_more: bool = False

    def leave(self, names: Iterable[str]) -> None:
        """Count a conversation that goes without things of these names, if there are any."""
        new = list(dict.fromkeys(names))
        self.count += bool(new)
        unknown = [name for name in new if name not in self.names]
        self.has_more |= len(self.names) + len(unknown) > MOST_NAMED
        self.names += unknown[: MOST_NAMED - len(self.names)]


@dataclass
class Report:
    """What a file holds, and what of it comes in.

    `branches` are those beside the first of each conversation, `files_gone` files that are named but not there, or that
    cannot be kept; `instructed` have instructions of their own. What is behind is not here, or not for this person.
    """

    source: str = ""
    conversations: int = 0
    messages: int = 0
    branches: int = 0
    files: int = 0
    files_gone: int = 0
    duplicates: int = 0
    passed_over: int = 0
    is_damaged: bool = False
    skipped: list[Skipped] = field(default_factory=list)
    instructed: int = 0
    documents_behind: Behind = field(default_factory=Behind)
    assistants_behind: Behind = field(default_factory=Behind)

    def pass_over(self, fault: str, title: str) -> None:
        """Count one that is not taken in; the first are named."""
        self.passed_over += 1
        if len(self.skipped) < MOST_NAMED:
            self.skipped.append(Skipped(title, fault))

    @classmethod
    def from_kept(cls, kept: dict[str, Any] | None) -> "Report":
        """As it was stored."""
        if not kept:
            return cls()
        behind = {name: Behind(**kept[name]) for name in ("documents_behind", "assistants_behind") if name in kept}
        return cls(**{**kept, "skipped": [Skipped(**each) for each in kept["skipped"]], **behind})


@dataclass(frozen=True)
class ImportView:
    """A file that somebody has brought; `error` is a `core.i18n.Message` as a dictionary."""

    id: UUID
    name: str
    size: int
    status: str
    done: int
    total: int
    report: Report
    error: dict[str, Any] | None = None
