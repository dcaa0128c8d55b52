"""The trash: what lies in it is shown nowhere else, and goes for good after 30 days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from convosphere.core.audit.actions import DOCUMENT_RESTORED, DOCUMENT_TRASHED
from convosphere.core.authorization import require
from convosphere.core.permissions import Actor, Permission, system_actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.files import service as files
from convosphere.identity.service.installation import founded_workspace
from convosphere.knowledge.errors import DocumentNotFoundError
from convosphere.knowledge.models import Document
from convosphere.knowledge.queries import documents as queries
from convosphere.knowledge.queries import trash
from convosphere.knowledge.service.announcements import announce
from convosphere.knowledge.service.removal import remove_documents

KEPT = timedelta(days=30)
_AT_ONCE = 250


async def put_into_trash(uow: UnitOfWork, documents: Sequence[Document]) -> None:
    """Put documents there that the caller has fetched and locked."""
    ids = [document.id for document in documents]
    await trash.put(uow, ids)
    for document in documents:
        uow.record(DOCUMENT_TRASHED, document.id, label=document.name)
    await announce(uow, *ids)


async def take_out_of_trash(uow: UnitOfWork, documents: Sequence[Document]) -> None:
    """Take them out likewise."""
    ids = [document.id for document in documents]
    await trash.take_out(uow, ids)
    for document in documents:
        uow.record(DOCUMENT_RESTORED, document.id, label=document.name)
    await announce(uow, *ids)


async def trash_document(actor: Actor, document_id: UUID) -> None:
    """Put one document into the trash.

    Raises:
        DocumentNotFoundError: the actor manages no such document.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    async with unit_of_work(actor) as uow:
        await put_into_trash(uow, [await queries.get_document(uow, document_id, "manage", lock=True)])


async def restore_document(actor: Actor, document_id: UUID) -> None:
    """Take one out of it.

    Raises:
        DocumentNotFoundError: the actor manages no such document in the trash.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    async with unit_of_work(actor) as uow:
        documents = await queries.list_trashed(uow, [document_id], "manage")
        if not documents:
            raise DocumentNotFoundError
        await take_out_of_trash(uow, documents)


@dataclass(frozen=True)
class TrashPage:
    """Some of what lies in the trash, and how much that is together."""

    rows: list[trash.TrashRow]
    total: int


async def list_trash(actor: Actor, skip: int = 0, most: int = 50) -> TrashPage:
    """What the actor may take out of the trash, the latest first."""
    require(actor, Permission.DOCUMENT_READ)
    async with unit_of_work(actor) as uow:
        return TrashPage(await trash.list_rows(uow, max(skip, 0), max(1, min(most, 200))), await trash.count(uow))


async def empty() -> None:
    """Delete for good what has been in the trash for so long."""
    if workspace_id := await founded_workspace():
        await empty_expired(system_actor(workspace_id))


async def empty_expired(actor: Actor) -> int:
    """Do so in the actor's workspace; gives how many."""
    count = 0
    while True:
        async with unit_of_work(actor) as uow:
            ids = await trash.list_expired(uow, KEPT, _AT_ONCE)
            documents = await queries.list_anywhere(uow, ids, "manage")
            receipt = await remove_documents(uow, [each for each in documents if each.trashed_at])
        await files.remove_unneeded(actor, receipt.released)
        count += receipt.documents
        if len(ids) < _AT_ONCE:
            return count
