"""What goes into the index and what a search finds."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


class IndexablePassage(Protocol):
    """What the index needs to know of a passage; `parsing.schemas.ParsedPassage` is one."""

    @property
    def number(self) -> int:
        """Counts from 1 in its document."""
        ...

    @property
    def text(self) -> str:
        """Its words."""
        ...

    @property
    def start(self) -> int:
        """Offset of its first character in the version's text."""
        ...

    @property
    def end(self) -> int:
        """Offset behind its last character."""
        ...

    @property
    def page(self) -> int | None:
        """The page it starts on, from 1."""
        ...

    @property
    def heading(self) -> str:
        """Headings above it, searched like its text."""
        ...

    @property
    def language(self) -> str:
        """ISO 639-1 code."""
        ...


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage that answers a question, with where it stands.

    `score` is between 0 and 1 and comparable between questions; `raw_score` is BM25's own figure. `matched_words` are
    the words of `text` that the question asked for, as they are written there, for highlighting. `seconds` is when it
    is said, in a recording.
    """

    document_id: UUID
    document_version_id: UUID
    document_name: str
    number: int
    start: int
    end: int
    page: int | None
    heading: str
    text: str
    language: str
    score: float
    raw_score: float
    matched_words: tuple[str, ...]
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class SetResult:
    """What a search in one set found, from the best down.

    `lacks_vector`: the set has vectors, but the question got none, as the model is gone or did not answer, or a budget
    is used up. Words alone found the passages then.
    """

    passages: tuple[FoundPassage, ...]
    lacks_vector: bool
