"""Tables of conversations. Messages are a tree; which branch of it a person looks at is kept per person."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from convosphere.core.identifiers import new_id
from convosphere.core.model import Table, id_array_column, json_column, text_array_column, timestamp_column


class Conversation(Table, table=True):
    """A row of messages that belongs to a person; deleted ones stay for a while so that it can be undone."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID
    owner_id: UUID
    title: str
    is_title_automatic: bool = True
    model: str = ""
    assistant_id: UUID | None = None
    folder_id: UUID | None = None
    when_full: str | None = None
    """An `answers.schemas.WhenFull`, or None for what the assistant or the workspace says."""
    created_at: datetime = timestamp_column(default_now=True)
    updated_at: datetime = timestamp_column(default_now=True)
    deleted_at: datetime | None = timestamp_column(nullable=True)
    has_queue: bool = False
    origin: str | None = None
    """Where it was first, as `source:id`, if it came from a file."""
    expires_at: datetime | None = timestamp_column(nullable=True)
    """Of a temporary conversation; all others have none."""
    kept_at: datetime | None = timestamp_column(nullable=True)
    """When somebody last said that it is to stay."""
    template_id: UUID | None = None
    instructions: str = ""
    document_ids: list[UUID] = id_array_column()
    """Its own, beside what its folder says: copies of what its template has."""
    parameters: dict[str, Any] = json_column(is_empty_at_first=True)
    """How its model is to answer: what was chosen of `assistants.schemas.Settings`, over what its assistant says."""


class Message(Table, table=True):
    """A question or an answer; those with the same parent are siblings, of which each begins a branch.

    `parts` are typed: `{"type": "text", "text": …}`, and before it `{"type": "thinking", "text": …, "ms": …}`.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID
    conversation_id: UUID
    parent_id: UUID | None = None
    role: str
    status: str
    parts: list[dict[str, Any]] = json_column()
    model: str = ""
    error: dict[str, Any] | None = json_column(nullable=True)
    client_key: UUID | None = None
    assistant_id: UUID | None = None
    assistant_version_id: UUID | None = None
    begins_at: UUID | None = None
    """The first message that the model read for this answer."""
    context: dict[str, Any] | None = json_column(nullable=True)
    """What the prompt took, an `answers.schemas.ContextUse`."""
    asked_model: str = ""
    """The model that was asked, where another one answered; `switch_note` says so, a `core.i18n.Message`."""
    switch_note: dict[str, Any] | None = json_column(nullable=True)
    effort: dict[str, Any] | None = json_column(nullable=True)
    """What the answer took, an `effort.Effort`."""
    parameters: dict[str, Any] | None = json_column(nullable=True)
    """What the answer was made with, of `assistants.schemas.Settings`."""
    follow_ups: list[str] | None = text_array_column(nullable=True)
    """Questions that may follow; None where none come."""
    origin: dict[str, Any] | None = json_column(nullable=True)
    """Of one that came from a file: who answered, and what the documents behind it were called."""
    author_id: UUID | None = None
    """Who asked; None of an answer, and of somebody who has left."""
    created_at: datetime = timestamp_column(default_now=True)
    finished_at: datetime | None = timestamp_column(nullable=True)

    @property
    def text(self) -> str:
        """All its text."""
        return "".join(part["text"] for part in self.parts if part["type"] == "text")


class ConversationView(Table, table=True):
    """Where in a conversation a person is, and how they keep it; `is_unread`: an answer has ended unseen."""

    conversation_id: UUID = Field(primary_key=True)
    account_id: UUID = Field(primary_key=True)
    workspace_id: UUID
    active_leaf_id: UUID | None = None
    is_unread: bool = False
    pinned_at: datetime | None = timestamp_column(nullable=True)
    archived_at: datetime | None = timestamp_column(nullable=True)


class ConversationFolder(Table, table=True):
    """Conversations that belong together, and what they have in common for whoever answers.

    `path` leads from the outermost folder to this one. All folders within one belong to its owner.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID
    owner_id: UUID
    parent_id: UUID | None = None
    path: list[UUID] = id_array_column()
    name: str
    instructions: str = ""
    document_ids: list[UUID] = id_array_column()
    created_at: datetime = timestamp_column(default_now=True)
    updated_at: datetime = timestamp_column(default_now=True)


class QueuedMessage(Table, table=True):
    """A question that is sent when the answer before it has ended; its id is the key that it is sent with."""

    id: UUID = Field(primary_key=True)
    workspace_id: UUID
    conversation_id: UUID
    account_id: UUID
    text: str
    model: str = ""
    assistant_id: UUID | None = None
    is_urgent: bool = False
    error: dict[str, Any] | None = json_column(nullable=True)
    files: list[dict[str, str]] | None = json_column(nullable=True)
    created_at: datetime = timestamp_column(default_now=True)


class MessageGeneration(Table, table=True):
    """An answer that is being written: the text so far, and until when its process is believed alive."""

    message_id: UUID = Field(primary_key=True)
    workspace_id: UUID
    process_id: UUID
    text: str = ""
    thinking: str = ""
    piece_number: int = 0
    lease_until: datetime = timestamp_column()


class MessageCitation(Table, table=True):
    """A passage that stood before the model under a number, and whether the answer cites it."""

    message_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    workspace_id: UUID
    document_id: UUID
    document_version_id: UUID
    start_offset: int
    end_offset: int
    page: int | None = None
    seconds: int | None = None
    is_cited: bool


class ConversationNote(Table, table=True):
    """Stands for all messages up to its last one."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID
    conversation_id: UUID
    last_message_id: UUID
    text: str
    model: str
    is_edited: bool = False
    created_at: datetime = timestamp_column(default_now=True)
    updated_at: datetime = timestamp_column(default_now=True)


class ContextDefault(Table, table=True):
    """What becomes of long conversations in a workspace where nobody chose."""

    workspace_id: UUID = Field(primary_key=True)
    when_full: str
    updated_at: datetime = timestamp_column(default_now=True)


class ConversationLink(Table, table=True):
    """Opens a conversation for whoever has it. With a `leaf_id` it shows what led there, without it what comes too."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID
    conversation_id: UUID
    token_hash: bytes
    created_by: UUID
    scope: str
    leaf_id: UUID | None = None
    expires_at: datetime | None = timestamp_column(nullable=True)
    created_at: datetime = timestamp_column(default_now=True)
    revoked_at: datetime | None = timestamp_column(nullable=True)


class ChatRule(Table, table=True):
    """What a workspace says of temporary conversations, and of how long the others are kept."""

    workspace_id: UUID = Field(primary_key=True)
    temporary: str = "allowed"
    retention_days: int | None = None
    retention_act: str = "archive"
    spares_pinned: bool = True
    spares_shared: bool = True
    retention_since: datetime = timestamp_column(default_now=True)


class MessageFeedback(Table, table=True):
    """What a person thinks of an answer; whose answer it was stays known when it is written anew."""

    message_id: UUID = Field(primary_key=True)
    account_id: UUID = Field(primary_key=True)
    workspace_id: UUID
    is_good: bool
    reasons: list[str] = text_array_column()
    comment: str = ""
    model: str = ""
    assistant_id: UUID | None = None
    assistant_version_id: UUID | None = None
    created_at: datetime = timestamp_column(default_now=True)
    updated_at: datetime = timestamp_column(default_now=True)


class ChatPreference(Table, table=True):
    """How a person wants to chat, where they have said so."""

    account_id: UUID = Field(primary_key=True)
    workspace_id: UUID = Field(primary_key=True)
    has_follow_ups: bool
    updated_at: datetime = timestamp_column(default_now=True)
