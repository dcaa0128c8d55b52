"""What becomes of documents whose source has them no more, or is no more itself."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from convosphere.core.permissions import system_actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.knowledge.queries import documents as document_queries
from convosphere.knowledge.service.trash import put_into_trash
from convosphere.knowledge.sources import queries
from convosphere.knowledge.sources.models import Source, SourceItem, SourceState
from convosphere.knowledge.sources.service import announce

_AT_ONCE: Final = 200


async def trash_items(uow: UnitOfWork, source_id: UUID, items: Sequence[SourceItem]) -> None:
    """Forget things of a source, and put the documents into the trash that came of nothing else."""
    await uow.session.flush()
    document_ids = await queries.forget_items(uow, source_id, [item.key for item in items])
    for item in items:
        uow.session.expunge(item)
    if documents := await document_queries.list_documents(uow, document_ids, "manage"):
        await put_into_trash(uow, documents)


async def delete_source(workspace_id: UUID, source_id: UUID) -> None:
    """Put what a source brought into the trash, then forget the source."""
    system = system_actor(workspace_id)
    while True:
        async with unit_of_work(system) as uow:
            source = await uow.session.get(Source, source_id, with_for_update=True)
            if source is None or source.state != SourceState.DELETING:
                return
            items = await queries.list_items(uow, source_id, _AT_ONCE)
            await trash_items(uow, source_id, items)
            if not items:
                await queries.delete_source(uow, source_id)
                await announce(uow, source)
                return
