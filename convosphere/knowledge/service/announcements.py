"""What others are told when a document changes, and the job that reads one."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from convosphere.core.jobs import LISTENING_QUEUES
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.models import Document
from convosphere.knowledge.parsing.kinds import RECORDINGS

PROCESS_TASK = "knowledge.process_document"
_OTHERS = "default"
(_RECORDINGS,) = LISTENING_QUEUES
_LIST_RECORDINGS = text("SELECT id FROM document_version WHERE id = ANY(:ids) AND media_type = ANY(:kinds)")


@dataclass(frozen=True)
class _Version:
    id: UUID


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
    recordings = await _list_recordings(uow, [document])
    queue = _RECORDINGS if recordings else _OTHERS
    await uow.enqueue(PROCESS_TASK, args, lock=f"document-version:{args['version_id']}", queue=queue)


async def enqueue_processing_of(uow: UnitOfWork, documents: Sequence[Document]) -> None:
    """Have many read, in a statement for each queue; two jobs of one document find out by its lease."""
    recordings = await _list_recordings(uow, documents)
    for queue, is_recording in ((_OTHERS, False), (_RECORDINGS, True)):
        chosen = [each for each in documents if (_to_read(each) in recordings) is is_recording]
        await uow.enqueue_many(PROCESS_TASK, [_args(each) for each in chosen], queue=queue)


async def _list_recordings(uow: UnitOfWork, documents: Sequence[Document]) -> set[UUID]:
    """Those of the versions to be read that a model has to listen to, so that others need not wait for them."""
    wanted = {"ids": [_to_read(each) for each in documents], "kinds": [kind.value for kind in RECORDINGS]}
    return {each.id for each in await uow.rows(_Version, _LIST_RECORDINGS, wanted)}


def _to_read(document: Document) -> UUID:
    return document.next_version_id or document.current_version_id


def _args(document: Document) -> dict[str, str]:
    return {
        "workspace_id": str(document.workspace_id),
        "account_id": str(document.owner_id),
        "document_id": str(document.id),
        "version_id": str(_to_read(document)),
    }
