"""Summing up closed days, so that pages read a year in few rows. Every figure stays what the ledger says."""

from uuid import UUID

from convosphere.core.permissions import system_actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.usage.queries import rolling as queries

ROLL_UP_TASK = "usage.roll_up_workspace"
DAYS_AT_ONCE = 31


async def roll_up(workspace_id: UUID) -> None:
    """Sum up the closed days of a workspace that are not yet, a month in a unit of work."""
    is_left = True
    while is_left:
        async with unit_of_work(system_actor(workspace_id)) as uow:
            is_left = await queries.roll_up(uow, DAYS_AT_ONCE)


async def begin_anew(uow: UnitOfWork) -> None:
    """Forget the sums of closed days, and have them made again when the unit commits."""
    await queries.forget(uow)
    await uow.enqueue(ROLL_UP_TASK, {"workspace_id": str(uow.workspace_id)}, lock=f"roll-up:{uow.workspace_id}")
