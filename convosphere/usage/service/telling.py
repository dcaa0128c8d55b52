"""What people are told of budgets."""

from typing import Final
from uuid import UUID

from convosphere.core.i18n import t
from convosphere.core.page_routes import OWN_USAGE, USAGE
from convosphere.core.permissions import Permission, system_actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.service.roles import list_holders
from convosphere.notifications.schemas import NotificationKind
from convosphere.notifications.service.telling import notify
from convosphere.usage.queries import budgets as budget_queries
from convosphere.usage.schemas import BudgetRow, BudgetStanding

BUDGET_NEAR: Final = NotificationKind(
    "budget_near",
    t("A budget of mine comes to its end"),
    t("More than {percent} % of the budget “{budget}” is used."),
    "budget",
    route=OWN_USAGE,
    is_own=True,
)
SHARED_BUDGET_NEAR: Final = NotificationKind(
    "shared_budget_near",
    t("A budget that several people share comes to its end"),
    t("More than {percent} % of the shared budget “{budget}” is used."),
    "budget",
    route=USAGE,
    needs=Permission.BUDGET_MANAGE,
)
USAGE_NOTIFICATIONS: Final = (BUDGET_NEAR, SHARED_BUDGET_NEAR)
LAST_LEVEL: Final = 95
"""Per cent at which whoever can act is told in any case: a budget that refuses is seldom used to its last token."""


def tell_near(uow: UnitOfWork, standing: BudgetStanding) -> None:
    """Tell the actor, once in a period for each of its levels, how much of a budget is used that holds for them.

    Who manages budgets hears of a shared one by `tell_managers`.
    """
    if not (standing.is_shared and uow.actor.may(Permission.BUDGET_MANAGE)):
        level = max(each for each in (*standing.warn_at, 100) if each <= standing.percent)
        _tell(uow, BUDGET_NEAR, [uow.account_id], standing, level)


async def tell_managers(workspace_id: UUID) -> None:
    """Tell those who manage budgets, once in a period for each level, how much is used of those that people share.

    A job does it, since questions wait for each other at a budget, and what nobody asked for counts as well.
    """
    async with unit_of_work(system_actor(workspace_id)) as uow:
        shared = [row for row in await budget_queries.list_all(uow) if row.is_shared]
        near = [(row, level) for row in shared if (level := _level(row))]
        managers = await list_holders(uow, Permission.BUDGET_MANAGE) if near else []
        for row, level in near:
            _tell(uow, SHARED_BUDGET_NEAR, managers, row, level)


def _level(budget: BudgetRow) -> int:
    """The highest level that is passed, 0 for none; what is only set aside for answers that run may come back."""
    used = 100 * budget.spent // budget.amount
    return max((each for each in (*budget.warn_at, LAST_LEVEL, 100) if each <= used), default=0)


def _tell(uow: UnitOfWork, kind: NotificationKind, people: list[UUID], standing: BudgetStanding, level: int) -> None:
    key = f"{standing.budget_id}:{standing.period_start}:{level}"
    notify(uow, kind, people, key=key, facts={"percent": level, "budget": standing.name})
