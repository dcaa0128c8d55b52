"""What people are told of conversations."""

from collections.abc import Container, Mapping, Sequence
from typing import Final
from uuid import UUID

from convosphere.chat.folders import OBJECT_TYPE as FOLDER
from convosphere.chat.queries import naming
from convosphere.core.i18n import t
from convosphere.core.model import utc_now
from convosphere.core.page_routes import CHAT, beside_folder, conversation
from convosphere.core.permissions import Permission
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.notifications.schemas import NotificationKind, Subject
from convosphere.notifications.service import telling as notifications
from convosphere.notifications.service.telling import note_seen, notify

CONVERSATION: Final = "conversation"

ANSWER_READY: Final = NotificationKind(
    "answer_ready",
    t("An answer is ready that I was not waiting for"),
    t("The answer in “{name}” is ready."),
    "answer",
    unnamed=t("The answer in your temporary chat is ready."),
    subject_type=CONVERSATION,
    renews=True,
    is_own=True,
    needs=Permission.CONVERSATION_READ,
)
ANSWER_FAILED: Final = NotificationKind(
    "answer_failed",
    t("An answer fails that I was not waiting for"),
    t("The answer in “{name}” could not be finished."),
    "answer",
    unnamed=t("The answer in your temporary chat could not be finished."),
    subject_type=CONVERSATION,
    renews=True,
    is_own=True,
    needs=Permission.CONVERSATION_READ,
)
CONVERSATION_SHARED: Final = NotificationKind(
    "conversation_shared",
    t("A conversation is shared with me"),
    t("{by} shares the conversation “{name}” with you."),
    "sharing",
    subject_type=CONVERSATION,
    renews=True,
    needs=Permission.CONVERSATION_READ,
)
MENTIONED: Final = NotificationKind(
    "mentioned",
    t("Somebody mentions me in a conversation"),
    t("{by} mentions you in “{name}”."),
    "mention",
    subject_type=CONVERSATION,
    needs=Permission.CONVERSATION_READ,
)
FOLDER_SHARED: Final = NotificationKind(
    "folder_shared",
    t("A folder of conversations is shared with me"),
    t("{by} shares the folder “{name}” with you."),
    "sharing",
    subject_type=FOLDER,
    renews=True,
    needs=Permission.CONVERSATION_READ,
)
CONVERSATIONS_LEAVING: Final = NotificationKind(
    "conversations_leaving",
    t("Conversations of mine are about to be archived or deleted"),
    t("Some of your conversations will be archived or deleted within a week, as nobody uses them. A line above your"
      " chats shows which."),
    "job",
    route=CHAT,
    needs=Permission.CONVERSATION_READ,
)  # fmt: skip
IMPORT_DONE: Final = NotificationKind(
    "import_done",
    t("An import of conversations is done"),
    t("Your import is done. New conversations: {count_new}."),
    "job",
    route=CHAT,
    is_own=True,
    needs=Permission.CONVERSATION_WRITE,
)
IMPORT_FAILED: Final = NotificationKind(
    "import_failed",
    t("An import of conversations fails"),
    t("Your import could not be finished."),
    "job",
    route=CHAT,
    is_own=True,
    needs=Permission.CONVERSATION_WRITE,
)
CHAT_NOTIFICATIONS: Final = (
    ANSWER_READY,
    ANSWER_FAILED,
    MENTIONED,
    CONVERSATION_SHARED,
    FOLDER_SHARED,
    IMPORT_DONE,
    IMPORT_FAILED,
    CONVERSATIONS_LEAVING,
)
_ENDED: Final = {"done": ANSWER_READY, "failed": ANSWER_FAILED}


def tell_ended(uow: UnitOfWork, conversation_id: UUID, status: str, *, seen_by: Container[UUID]) -> None:
    """Tell whoever asked that an answer has ended, unless they watch it; whoever stopped it knows."""
    if status in _ENDED and uow.account_id not in seen_by:
        notify(uow, _ENDED[status], [uow.account_id], key=str(conversation_id), subject_id=conversation_id)


def tell_imported(uow: UnitOfWork, import_id: UUID, conversations: int | None) -> None:
    """Tell the actor how many conversations have come in; None: it failed."""
    kind = IMPORT_FAILED if conversations is None else IMPORT_DONE
    notify(uow, kind, [uow.account_id], key=str(import_id), facts={"count_new": conversations or 0})


def tell_leaving(uow: UnitOfWork, account_ids: Sequence[UUID]) -> None:
    """Tell people, once a week, that conversations of theirs go by a rule of the workspace."""
    year, week, _ = utc_now().isocalendar()
    notify(uow, CONVERSATIONS_LEAVING, account_ids, key=f"{year}-{week}")


def note_conversation_seen(uow: UnitOfWork, conversation_id: UUID) -> None:
    """Take for read what the actor is told of a conversation that they look at."""
    note_seen(uow, CONVERSATION, conversation_id)


def take_back(uow: UnitOfWork, gone: Mapping[UUID, UUID]) -> None:
    """Leave nothing of what people were told of temporary conversations that are gone: owners by conversations."""
    notifications.take_back(uow, CONVERSATION, gone)


async def fetch_conversations(uow: UnitOfWork, conversation_ids: Sequence[UUID]) -> dict[UUID, Subject]:
    """Those of some conversations that the unit's actor sees."""
    titles = await naming.list_titles(uow, conversation_ids)
    return {key: Subject(title, conversation(str(key))) for key, title in titles.items()}


async def fetch_folders(uow: UnitOfWork, folder_ids: Sequence[UUID]) -> dict[UUID, Subject]:
    """Those of some folders that the unit's actor sees."""
    names = await naming.list_folder_names(uow, folder_ids)
    return {key: Subject(name, beside_folder(str(key))) for key, name in names.items()}
