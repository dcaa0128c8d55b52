"""What a person marks documents as, for themselves."""

from uuid import UUID

from convosphere.core.authorization import require
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.queries import marks
from convosphere.knowledge.queries.documents import get_document
from convosphere.knowledge.queries.marks import Mark
from convosphere.knowledge.service.announcements import document_topic


async def mark(actor: Actor, document_id: UUID, as_what: Mark, *, is_marked: bool) -> None:
    """Find a document among one's favourites, or be told of its new versions; or no longer.

    Raises:
        DocumentNotFoundError: the actor sees no such document.
    """
    require(actor, Permission.DOCUMENT_READ)
    require(actor, Permission.ACCOUNT_WRITE)
    async with unit_of_work(actor) as uow:
        await get_document(uow, document_id, "view")
        await marks.mark(uow, document_id, as_what, is_marked=is_marked)
        await uow.publish(document_topic(document_id))
