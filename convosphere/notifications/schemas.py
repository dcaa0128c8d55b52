"""What passes between notifications and those who tell, show or send them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from convosphere.core.i18n import Message, Value
from convosphere.core.permissions import Permission

Digest = Literal["none", "daily", "weekly"]
DIGESTS: Final[tuple[Digest, ...]] = ("none", "daily", "weekly")
Face = Literal["answer", "document", "sharing", "review", "budget", "job", "mention"]
"""Which sign stands beside a notification."""


@dataclass(frozen=True)
class NotificationKind:
    """Something that people can be told of.

    Its texts may name `{by}`, whose doing it was, `{name}`, what the subject is called to its reader, `{count}`, and
    what `notify` was given as facts. A release must not change `key`, and must not reuse one.

    Args:
        label: what the page of choices calls it.
        several: the text where it happened more than once since somebody read of it.
        unnamed: the text where the subject has no name.
        subject_type: of what things it tells, by their `SubjectTypes`; empty: it names nothing.
        route: where it leads if not to one thing.
        on_page, in_browser: how people are told who chose nothing.
        renews: whether the same key again makes it new, instead of being passed over.
        is_own: whether people are told of what they did themselves.
        needs: without this permission it can neither be told nor chosen.
    """

    key: str
    label: Message
    text: Message
    face: Face
    several: Message | None = None
    unnamed: Message | None = None
    subject_type: str = ""
    route: str = ""
    on_page: bool = True
    in_browser: bool = True
    renews: bool = False
    is_own: bool = False
    needs: Permission | None = None


@dataclass(frozen=True)
class Subject:
    """A thing as its reader sees it, and where it is; the name is empty where it must not be told."""

    name: str
    route: str


@dataclass(frozen=True)
class StoredNotification:
    """A row as it is stored, with the name of whose doing it was."""

    id: UUID
    kind: str
    subject_type: str | None
    subject_id: UUID | None
    actor_name: str
    count: int
    facts: dict[str, Value]
    created_at: datetime
    is_read: bool


@dataclass(frozen=True)
class NotificationRow:
    """A notification in words. Of a thing that its reader cannot see any more it shows nothing, and leads nowhere."""

    id: UUID
    kind: str
    face: Face
    message: Message
    route: str
    created_at: datetime
    is_read: bool
    is_gone: bool = False


@dataclass(frozen=True)
class NotificationPage:
    """A stretch of them, the newest first."""

    rows: tuple[NotificationRow, ...]
    has_more: bool


@dataclass(frozen=True)
class Cursor:
    """Where a stretch ends: what is asked for next is older."""

    created_at: datetime
    id: UUID


@dataclass(frozen=True)
class Choice:
    """How a person is told of a kind."""

    on_page: bool
    in_browser: bool
    digest: Digest = "none"


@dataclass(frozen=True)
class KindRow:
    """A kind with what a person chose of it."""

    kind: NotificationKind
    choice: Choice
