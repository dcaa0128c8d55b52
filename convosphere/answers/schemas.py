"""What an answer is made from, and what comes out of it."""

from dataclasses import dataclass
from uuid import UUID

from convosphere.llm.schemas import ChatMessage, Finished, ModelChosen, TextPiece


@dataclass(frozen=True)
class Brief:
    """A question with what was said before it, oldest first, and how far its answer is already."""

    question: str
    history: tuple[ChatMessage, ...]
    model: str
    locale: str
    text_so_far: str = ""


@dataclass(frozen=True)
class Source:
    """A passage before the model under a number; offsets count characters of the version's text."""

    number: int
    document_id: UUID
    document_version_id: UUID
    document_name: str
    start: int
    end: int
    page: int | None


@dataclass(frozen=True)
class SourcesFound:
    """The passages that the answer may cite, at most once and before its first word."""

    sources: tuple[Source, ...]


AnswerEvent = SourcesFound | ModelChosen | TextPiece | Finished
