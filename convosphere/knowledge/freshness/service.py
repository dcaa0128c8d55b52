"""Documents that are old or to be looked at again: which, and what becomes of them."""

from typing import Final
from uuid import UUID

from convosphere.core.audit.actions import DOCUMENT_REVIEWED
from convosphere.core.audit.document_facts import review_facts
from convosphere.core.authorization import require
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.freshness import queries
from convosphere.knowledge.freshness.schemas import AGES, StalePage
from convosphere.knowledge.queries.documents import get_document
from convosphere.knowledge.service.announcements import announce

MOST_ROWS: Final = 50


async def list_stale(actor: Actor, months: int, skip: int = 0) -> StalePage:
    """Documents that the actor sees, that answers cite, and that are older than so many months or to be reviewed."""
    require(actor, Permission.DOCUMENT_READ)
    months = months if months in AGES else AGES[1]
    async with unit_of_work(actor) as uow:
        rows, total = await queries.list_stale(uow, months, max(skip, 0), MOST_ROWS)
    return StalePage(tuple(rows), total)


async def mark_reviewed(actor: Actor, document_id: UUID) -> None:
    """Say that somebody looked at a document and that it holds; a review that was due is done with that.

    Raises:
        DocumentNotFoundError: the actor may not edit such a document.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    today = utc_now().date()
    async with unit_of_work(actor) as uow:
        document = await get_document(uow, document_id, "edit", lock=True)
        was = document.review_on
        document.reviewed_on = today
        if was and was <= today:
            document.review_on = None
        before, after = review_facts(was), review_facts(document.review_on)
        uow.record(DOCUMENT_REVIEWED, document.id, label=document.name, before=before, after=after)
        await announce(uow, document.id)
