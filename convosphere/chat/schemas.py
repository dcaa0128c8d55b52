"""What pages are shown of conversations."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from convosphere.answers.schemas import ContextUse, Source, WhenFull
from convosphere.assistants.schemas import Settings
from convosphere.chat.access import OWN, Access
from convosphere.chat.parameters import USUAL
from convosphere.usage.schemas import BudgetStanding

Status = Literal["queued", "streaming", "done", "stopped", "failed", "interrupted"]


@dataclass(frozen=True)
class ConversationRow:
    """A conversation in the list; `leaf_id` is the last message of the branch that its reader looks at."""

    id: UUID
    title: str
    updated_at: datetime
    is_streaming: bool
    leaf_id: UUID | None
    is_unread: bool = False
    """An answer has ended that its reader has not seen."""
    has_queue: bool = False
    """Questions wait for their turn."""
    is_pinned: bool = False
    is_archived: bool = False
    folder_id: UUID | None = None
    tags: list[str] = field(default_factory=list)
    is_shared: bool = False
    """Others see it as well."""
    is_own: bool = True
    leaf_status: str | None = None


ShelfKind = Literal["all", "home", "loose", "pinned", "archive", "folder", "tag", "shared", "leaving"]


@dataclass(frozen=True)
class Shelf:
    """Which of a person's: all not archived, those outside of folders and pins, the pinned or archived ones, those of a
    folder or with a tag; `home`: the pinned, then those outside; `shared`: others'; `leaving`: going soon by a rule."""

    kind: ShelfKind = "all"
    folder_id: UUID | None = None
    tag: str = ""


EVERYTHING = Shelf()


@dataclass(frozen=True)
class Heading:
    """What asking in a conversation needs to know of it."""

    id: UUID
    title: str
    model: str = ""
    is_title_automatic: bool = True
    when_full: str | None = None
    default_when_full: str | None = None
    """What the workspace says where nobody chose for the conversation."""
    notes: dict[str, str] | None = None
    """Notes by the id of the last message that they stand for."""
    has_follow_ups: bool | None = None
    """Whether its person wants questions that may follow; None where they have said nothing of it."""
    is_temporary: bool = False
    folders: list[dict[str, Any]] | None = None
    """What the folders say that the conversation is in, from the outermost to its own: see `folders.CommonGround`."""
    is_shared: bool = False  # Whether others see it as well.
    parameters: dict[str, Any] | None = None
    """What was chosen of how its model is to answer, see `chat.parameters`."""


@dataclass(frozen=True)
class CitedSource(Source):
    """A passage that an answer was made from; without a name, its document is gone or closed to the reader."""

    is_cited: bool = False
    dated_on: date | None = None
    review_due_on: date | None = None
    """When somebody was to look at the document again, if that day has come."""


@dataclass(frozen=True)
class Feedback:
    """What a person thinks of an answer."""

    is_good: bool
    reasons: tuple[str, ...] = ()
    comment: str = ""


@dataclass(frozen=True)
class Note:
    """A note that stands for the messages before one."""

    text: str
    last_message_id: UUID
    is_edited: bool


@dataclass(frozen=True)
class ContextView:
    """How full a conversation is for a model, and what becomes of it then. `use.question` is 0: it is being written.

    `begins_at` is the first message that the model still reads, None if that is the very first one. `scale` is how many
    tokens the model's vocabulary makes of one that the browser estimates.
    """

    use: ContextUse
    is_exact: bool
    scale: float
    begins_at: UUID | None = None
    note: Note | None = None
    when_full: WhenFull | None = None
    default_when_full: WhenFull = WhenFull.DROP
    last_began_at: UUID | None = None
    """The first message that the model read for the last answer."""


@dataclass(frozen=True)
class Speaker:
    """Whoever gives an answer, by name and face; all empty where it is a model alone."""

    name: str = ""
    icon: str = ""
    color: str = ""


NOBODY = Speaker()


@dataclass(frozen=True)
class MessageView:
    """A message as it is read. `error` is a `core.i18n.Message` as a dictionary.

    Of an answer that an assistant gave, its name and face are those of the version that gave it; they are empty where
    that is gone.
    """

    id: UUID
    parent_id: UUID | None
    role: str
    status: str
    text: str
    model: str
    error: dict[str, object] | None
    created_at: datetime
    sources: tuple[CitedSource, ...] = ()
    assistant_id: UUID | None = None
    assistant_version_id: UUID | None = None
    assistant_name: str = ""
    assistant_icon: str = ""
    assistant_color: str = ""

    @property
    def speaker(self) -> Speaker:
        """The assistant as it is shown."""
        return Speaker(self.assistant_name, self.assistant_icon, self.assistant_color)

    begins_at: UUID | None = None
    """The first message that the model read for this answer."""
    context: dict[str, int] | None = None
    """What the prompt took, an `answers.schemas.ContextUse`; only of a message that is looked at alone."""
    feedback: Feedback | None = None
    follow_ups: list[str] | None = None
    """Questions that may follow; None where none come, none as long as a model thinks of some."""
    switch_note: dict[str, object] | None = None
    """That another model answered than the one that was asked, and why: a `core.i18n.Message` as a dictionary."""
    effort: dict[str, Any] | None = None
    """What it took, an `effort.Effort`."""
    parameters: dict[str, Any] | None = None
    """What it was made with, of `assistants.schemas.Settings`."""
    thinking_ms: int | None = None
    """How long its model thought aloud; None where it did not. What it thought is fetched apart."""
    files: list[dict[str, Any]] | None = None
    """What came with a question: its parts of type `file`, see `chat.attachments`."""
    author_id: UUID | None = None
    author_name: str = ""
    """Who asked, as they are called now; None and empty of an answer, and of somebody who has left."""
    sibling_number: int = 1
    sibling_count: int = 1
    previous_id: UUID | None = None
    next_id: UUID | None = None
    """The siblings beside it, only where a conversation is read to be shown."""


@dataclass(frozen=True)
class Memory:
    """What a model may read of what was said before; `begun` is where the last prompt began."""

    messages: tuple[MessageView, ...] = ()
    begun: int = 0
    summary: str = ""


@dataclass(frozen=True)
class Standing:
    """Where a conversation stands: whether an answer is being written, and whether a question has a certain key."""

    is_writing: bool
    is_key_used: bool
    messages: tuple[MessageView, ...]
    """The latest of the branch that the actor looks at, oldest first."""


@dataclass(frozen=True)
class ConversationPage:
    """Messages of the branch that is looked at, oldest first; the latest unless it `has_later` ones."""

    id: UUID
    title: str
    model: str
    messages: tuple[MessageView, ...]
    has_earlier: bool
    assistant_id: UUID | None = None
    """Whoever answers next, unless somebody else is chosen."""
    has_later: bool = False
    access: Access = OWN
    is_temporary: bool = False
    parameters: Settings = USUAL
    """How its model is to answer."""

    def follows(self, message_id: UUID | None) -> bool:
        """Whether its first message comes right after one, or is the very first where there is none."""
        return bool(self.messages) and self.messages[0].parent_id == message_id


@dataclass(frozen=True)
class QueuedQuestion:
    """A question that waits. `error`, a `core.i18n.Message` as a dictionary, says why it was not sent in its turn."""

    id: UUID
    conversation_id: UUID
    text: str
    model: str
    assistant_id: UUID | None
    is_urgent: bool
    error: dict[str, Any] | None
    created_at: datetime
    account_id: UUID
    files: list[dict[str, str]] | None = None
    """What goes with it: `{id, use, name}` each."""


@dataclass(frozen=True)
class Sent:
    """A question that is stored, and the answer that is being written to it."""

    conversation_id: UUID
    title: str
    question: MessageView
    answer: MessageView
    is_new_conversation: bool
    is_temporary: bool = False
    warning: BudgetStanding | None = None
    """The budget that is nearly used up."""
