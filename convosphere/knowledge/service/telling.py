"""What people are told of documents."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from convosphere.core.i18n import t
from convosphere.core.page_routes import KNOWLEDGE, document
from convosphere.core.permissions import Permission
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.ledger.schemas import Work
from convosphere.knowledge.queries.documents import OBJECT_TYPE, list_followers, list_names
from convosphere.notifications.schemas import NotificationKind, Subject
from convosphere.notifications.service.telling import notify

DOCUMENT_READY: Final = NotificationKind(
    "document_ready",
    t("My documents can be asked"),
    t("“{name}” has been read and can be asked."),
    "document",
    several=t("{count} documents have been read and can be asked."),
    subject_type=OBJECT_TYPE,
    route=KNOWLEDGE,
    renews=True,
    is_own=True,
    needs=Permission.DOCUMENT_READ,
)
DOCUMENT_FAILED: Final = NotificationKind(
    "document_failed",
    t("A document of mine cannot be read"),
    t("“{name}” could not be read."),
    "document",
    several=t("{count} documents could not be read."),
    subject_type=OBJECT_TYPE,
    route=KNOWLEDGE,
    renews=True,
    is_own=True,
    needs=Permission.DOCUMENT_READ,
)
DOCUMENT_RENEWED: Final = NotificationKind(
    "document_renewed",
    t("A document that I own or follow has a new version"),
    t("“{name}” has a new version."),
    "document",
    several=t("{count} documents have new versions."),
    subject_type=OBJECT_TYPE,
    route=KNOWLEDGE,
    renews=True,
    is_own=True,
    needs=Permission.DOCUMENT_READ,
)
VERSION_FAILED: Final = NotificationKind(
    "version_failed",
    t("A new version of mine cannot be read"),
    t("The new version of “{name}” could not be read. The one before goes on answering."),
    "document",
    several=t("New versions of {count} documents could not be read. The ones before go on answering."),
    subject_type=OBJECT_TYPE,
    route=KNOWLEDGE,
    renews=True,
    is_own=True,
    needs=Permission.DOCUMENT_READ,
)
DOCUMENT_SHARED: Final = NotificationKind(
    "document_shared",
    t("A document is shared with me"),
    t("{by} shares the document “{name}” with you."),
    "sharing",
    subject_type=OBJECT_TYPE,
    renews=True,
    needs=Permission.DOCUMENT_READ,
)
DOCUMENT_NOTIFICATIONS: Final = (DOCUMENT_READY, DOCUMENT_FAILED, DOCUMENT_RENEWED, VERSION_FAILED, DOCUMENT_SHARED)


def tell_read(uow: UnitOfWork, work: Work, kind: NotificationKind) -> None:
    """Tell whoever brought a document, or a version of one, that reading it has ended; many are told as one.

    Files of messages say so themselves.
    """
    if not work.is_attached:
        reader = work.author_id if work.replaces and work.author_id else work.owner_id
        notify(uow, kind, [reader], key="", subject_id=work.document_id)


async def tell_renewed(uow: UnitOfWork, work: Work) -> None:
    """Tell whoever brought a version that it answers now, and the owner and whoever follows the document."""
    author = work.author_id or work.owner_id
    others = {work.owner_id, *await list_followers(uow, work.document_id)} - {author}
    tell_read(uow, work, DOCUMENT_READY)
    notify(uow, DOCUMENT_RENEWED, sorted(others), key="", subject_id=work.document_id)


async def fetch_documents(uow: UnitOfWork, document_ids: Sequence[UUID]) -> dict[UUID, Subject]:
    """Those of some documents that the unit's actor sees."""
    return {key: Subject(name, document(str(key))) for key, name in (await list_names(uow, document_ids)).items()}
