"""What others are told when a document changes, and the job that reads one."""

from collections.abc import Sequence
from uuid import UUID

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.models import Document

PROCESS_TASK = "knowledge.process_document"


def list_topic(workspace_id: UUID) -> str:
    """The topic of all documents of a workspace."""
    return f"documents:{workspace_id}"


def order_topic(workspace_id: UUID) -> str:
    """The topic of the folders, tags and collections of a workspace."""
    return f"document-order:{workspace_id}"


def document_topic(document_id: UUID) -> str:
    """The topic of one document."""
    return f"document:{document_id}"


async def announce(uow: UnitOfWork, *document_ids: UUID) -> None:
    """Tell all who look at these documents, or at the list, to look again."""
    await uow.publish(*map(document_topic, document_ids), list_topic(uow.workspace_id))


async def announce_order(uow: UnitOfWork) -> None:
    """Tell all who look at folders, tags or collections to look again."""
    await uow.publish(order_topic(uow.workspace_id))


async def enqueue_processing(uow: UnitOfWork, document: Document) -> None:
    """Have what is to be read of a document read when the unit commits; a newer version waits for none before."""
    args = _args(document)
    await uow.enqueue(PROCESS_TASK, args, lock=f"document-version:{args['version_id']}")


async def enqueue_processing_of(uow: UnitOfWork, documents: Sequence[Document]) -> None:
    """Have many read, in one statement; two jobs of one document find out by its lease."""
    await uow.enqueue_many(PROCESS_TASK, [_args(document) for document in documents])


def _args(document: Document) -> dict[str, str]:
    return {
        "workspace_id": str(document.workspace_id),
        "account_id": str(document.owner_id),
        "document_id": str(document.id),
        "version_id": str(document.next_version_id or document.current_version_id),
    }
