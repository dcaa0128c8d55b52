"""What models cost that read documents: who pays, and what is set aside before they are asked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from convosphere.core.errors import NotFoundError
from convosphere.core.permissions import Actor, system_actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.service.memberships import resolve_person
from convosphere.knowledge.ledger.schemas import Work
from convosphere.usage.schemas import PlannedCall
from convosphere.usage.service import budgets


async def payer_of(work: Work) -> Actor:
    """Whoever brought what is read; the workspace itself, if they are no member any more."""
    try:
        return await resolve_person(work.workspace_id, work.author_id or work.owner_id)
    except NotFoundError:
        return system_actor(work.workspace_id)


@asynccontextmanager
async def reserved(actor: Actor, call: PlannedCall) -> AsyncIterator[UUID]:
    """Set aside what a call may use, to be settled by booking it; taken back if it is not made.

    Raises:
        BudgetUsedUpError: a budget has not enough left for it.
    """
    async with unit_of_work(actor) as uow:
        reservation = await budgets.reserve(uow, call)
    try:
        yield reservation.id
    except BaseException:
        await give_back(actor, reservation.id)
        raise


async def give_back(actor: Actor, reservation_id: UUID | None) -> None:
    """Take back what was set aside for a call that is not made."""
    if reservation_id:
        async with unit_of_work(actor) as uow:
            budgets.release(uow, reservation_id)
