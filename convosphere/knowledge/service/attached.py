"""Documents that came with messages: their text for a prompt, what became of them, and their end."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from convosphere.core.authorization import require
from convosphere.core.i18n import Message
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.files import service as files
from convosphere.knowledge.models import DocumentStatus
from convosphere.knowledge.queries import attached as queries
from convosphere.knowledge.queries import documents
from convosphere.knowledge.search.index import remove_versions
from convosphere.knowledge.service.announcements import announce


@dataclass(frozen=True)
class Reading:
    """How far a document is read, and how long its text is, in characters."""

    name: str
    is_ready: bool
    error: Message | None
    characters: int


async def get_reading(uow: UnitOfWork, document_id: UUID) -> Reading:
    """What became of a document that the actor sees.

    Raises:
        DocumentNotFoundError: they see no such document.
    """
    document = await documents.get_document(uow, document_id, "view")
    characters = await queries.count_characters(uow, document.current_version_id)
    error = Message(document.error["text"], document.error["values"]) if document.error else None
    return Reading(document.name, document.status == DocumentStatus.READY, error, characters)


async def list_texts(actor: Actor, document_ids: Sequence[UUID], most: int) -> dict[UUID, str]:
    """The texts of those of some documents that the actor sees, each up to `most` characters."""
    async with unit_of_work(actor) as uow:
        return await queries.list_texts(uow, document_ids, most)


async def keep(actor: Actor, document_id: UUID) -> None:
    """Let a document that came with a message stand among the actor's documents from now on.

    Raises:
        DocumentNotFoundError: the actor manages no such document.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    async with unit_of_work(actor) as uow:
        document = await documents.get_document(uow, document_id, "manage", lock=True)
        document.is_attached = False
        await announce(uow, document.id)


async def remove(actor: Actor, document_ids: Sequence[UUID]) -> None:
    """Delete those of some documents that only came with messages, with file, text, passages and vectors.

    The caller has fetched what they came with.
    """
    async with unit_of_work(actor) as uow:
        ids = await queries.list_attached(uow, document_ids)
        versions = await documents.list_version_ids(uow, ids)
        await remove_versions(uow, versions)
        await documents.delete_documents(uow, ids)
        released = await files.release(uow, versions)
    await files.remove_unneeded(actor, released)
