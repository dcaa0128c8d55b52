"""What pages are shown of conversations."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from convosphere.llm.schemas import ChatMessage

Status = Literal["queued", "streaming", "done", "stopped", "failed", "interrupted"]


@dataclass(frozen=True)
class ConversationRow:
    """A conversation in the list; `leaf_id` is the last message of the branch that its reader looks at."""

    id: UUID
    title: str
    updated_at: datetime
    is_streaming: bool
    leaf_id: UUID | None


@dataclass(frozen=True)
class Heading:
    """What asking in a conversation needs to know of it."""

    id: UUID
    title: str
    model: str = ""
    is_title_automatic: bool = True


@dataclass(frozen=True)
class CitedSource:
    """A passage that an answer was made from; without a name, its document is gone or closed to the reader."""

    number: int
    document_id: UUID
    document_version_id: UUID
    start: int
    end: int
    page: int | None
    is_cited: bool
    document_name: str


@dataclass(frozen=True)
class MessageView:
    """A message as it is read. `error` is a `core.i18n.Message` as a dictionary."""

    id: UUID
    parent_id: UUID | None
    role: str
    status: str
    text: str
    model: str
    error: dict[str, object] | None
    created_at: datetime
    sources: tuple[CitedSource, ...] = ()


@dataclass(frozen=True)
class Standing:
    """Where a conversation stands: whether an answer is being written, and whether a question has a certain key."""

    is_writing: bool
    is_key_used: bool
    messages: tuple[MessageView, ...]
    """The latest of the branch that the actor looks at, oldest first."""


@dataclass(frozen=True)
class ConversationPage:
    """A conversation's latest messages, oldest first."""

    id: UUID
    title: str
    model: str
    messages: tuple[MessageView, ...]
    has_earlier: bool


@dataclass(frozen=True)
class Sent:
    """A question that is stored, and the answer that is being written to it."""

    conversation_id: UUID
    title: str
    question: MessageView
    answer: MessageView
    is_new_conversation: bool


@dataclass(frozen=True)
class Assignment:
    """What a generation needs to know."""

    conversation_id: UUID
    message_id: UUID
    question: str
    history: tuple[ChatMessage, ...]
    model: str
    is_first: bool
    text_so_far: str = field(default="", repr=False)
