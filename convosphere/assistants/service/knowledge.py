"""Documents to choose from for an assistant: those that whoever chooses sees."""

from collections.abc import Sequence
from uuid import UUID

from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.schemas import DocumentFilter, DocumentQuery
from convosphere.knowledge.service import documents

MOST_FOUND = 12


async def find_documents(actor: Actor, text: str) -> dict[UUID, str]:
    """Documents whose name contains a text, the newest first; none for whoever may not read documents."""
    if not actor.may(Permission.DOCUMENT_READ):
        return {}
    query = DocumentQuery(DocumentFilter(text=text.strip()[:100]), limit=MOST_FOUND)
    return {row.id: row.name for row in (await documents.list_documents(actor, query)).rows}


async def name_documents(actor: Actor, document_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The names of those that the actor sees."""
    if not document_ids or not actor.may(Permission.DOCUMENT_READ):
        return {}
    async with unit_of_work(actor) as uow:
        return await documents.list_names(uow, document_ids)
