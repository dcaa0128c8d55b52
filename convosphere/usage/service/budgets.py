"""Reserving before a call, and settling with it; see also `usage.service.calls`."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from convosphere.core.identifiers import new_id
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.usage.errors import BudgetUsedUpError
from convosphere.usage.queries import budgets as budget_queries
from convosphere.usage.schemas import BudgetStanding, PlannedCall, Reservation
from convosphere.usage.service.telling import tell_near


async def reserve(uow: UnitOfWork, call: PlannedCall) -> Reservation:
    """Set aside what a call may use of every budget that holds for the actor.

    Call it last in a unit: whoever wants something of the same budgets waits until that ends. What nobody settles
    expires after `queries.budgets.LIFETIME`.

    Raises:
        BudgetUsedUpError: one of them has not enough left.
    """
    reservation = Reservation(beside_id=new_id() if call.beside_prompt or call.beside_output else None)
    reserved = await budget_queries.reserve(uow, call, reservation)
    if reserved is None:
        return reservation
    if reserved.is_refused:
        raise _refusal(reserved.standings, call)
    warning = budget_queries.nearest_to_end(reserved.standings)
    if warning and uow.actor.account_id:
        tell_near(uow, warning)
    is_limited = any(standing.is_hard for standing in reserved.standings)
    return replace(
        reservation,
        output_tokens=reserved.output_tokens if is_limited else None,
        warning=warning,
    )


def release(uow: UnitOfWork, reservation_id: UUID) -> None:
    """Give back what was set aside for a call that is not made, when the unit commits."""
    budget_queries.release(uow, reservation_id)


def _refusal(standings: Sequence[BudgetStanding], call: PlannedCall) -> BudgetUsedUpError:
    """Names the budget that has the least left of those in the way."""
    hard = [standing for standing in standings if standing.is_hard]
    left: dict[str, int] = {}
    for standing in hard:
        left[standing.kind] = min(standing.left, left.get(standing.kind, standing.left))
    in_the_way = [standing for standing in hard if not call.fits({standing.kind: standing.left})] or hard
    tightest = min(in_the_way, key=lambda standing: standing.left / standing.amount)
    is_used_up = tightest.spent >= tightest.amount
    return BudgetUsedUpError(tightest.name, tightest.period, left, is_used_up=is_used_up)
