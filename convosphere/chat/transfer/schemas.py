"""What pages are told of files of conversations."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

MOST_NAMED = 50
"""Conversations that are passed over, by name."""


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
class Report:
    """What a file holds, and what of it comes in.

    `branches` are those beside the first of each conversation, `files_gone` files that are named but not there, or that
    cannot be kept.
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
        return cls(**{**kept, "skipped": [Skipped(**each) for each in kept["skipped"]]})


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
