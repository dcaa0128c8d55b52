"""What is set aside for a call that is made outside of a conversation."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.usage.schemas import PlannedCall
from convosphere.usage.service import budgets


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
