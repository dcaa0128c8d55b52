"""How documents are, for whoever looks after knowledge."""

from dataclasses import replace
from typing import Final
from uuid import UUID

from convosphere.core.authorization import require
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.bulk import service as bulk
from convosphere.knowledge.citing import LATELY_DAYS
from convosphere.knowledge.health import queries
from convosphere.knowledge.health.schemas import Citations, Health
from convosphere.knowledge.queries.documents import count_documents
from convosphere.knowledge.schemas import DocumentFilter, DocumentMatch
from convosphere.llm.queries.offers import is_chosen

MOST_LISTED = 10
_UNDESCRIBED: Final = DocumentFilter(is_undescribed=True)


async def get_health(actor: Actor) -> Health:
    """The documents that the actor sees, by state, kind, language, size and age, and why some could not be read."""
    require(actor, Permission.KNOWLEDGE_MANAGE)
    async with unit_of_work(actor) as uow:
        found = await queries.count_health(uow)
        if not await is_chosen(uow, "describing"):
            return found
        return replace(found, undescribed=(await count_documents(uow, _UNDESCRIBED)).total)


async def get_citations(actor: Actor, *, is_lately: bool) -> Citations:
    """Which of the documents that the actor sees answers cite, of `citing.LATELY_DAYS` or ever, and which not."""
    require(actor, Permission.KNOWLEDGE_MANAGE)
    never = DocumentFilter(is_uncited=not is_lately, is_uncited_lately=is_lately)
    async with unit_of_work(actor) as uow:
        return Citations(
            tuple(await queries.list_most_cited(uow, LATELY_DAYS if is_lately else None, MOST_LISTED)),
            tuple(await queries.list_oldest(uow, never, MOST_LISTED)),
            (await count_documents(uow, never)).total,
        )


async def describe_pictures(actor: Actor) -> UUID:
    """Have all pictures described of which only the text is known, of those that the actor may edit; gives the job.

    Raises:
        ConflictError: no model was chosen for that.
        NothingAllowedError: there is none.
    """
    require(actor, Permission.KNOWLEDGE_MANAGE)
    return await bulk.start(actor, "describe", DocumentMatch(_UNDESCRIBED, new_id()), {})


async def retry_cause(actor: Actor, code: str) -> UUID:
    """Have all documents read again that could not be for a cause, of those that the actor may edit; gives the job.

    Raises:
        NothingAllowedError: there is none.
    """
    require(actor, Permission.KNOWLEDGE_MANAGE)
    return await bulk.start(actor, "reprocess", DocumentMatch(DocumentFilter(causes=(code,)), new_id()), {})
