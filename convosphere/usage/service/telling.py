"""What people are told of budgets."""

from typing import Final

from convosphere.core.i18n import t
from convosphere.core.page_routes import OWN_USAGE
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.notifications.schemas import NotificationKind
from convosphere.notifications.service.telling import notify
from convosphere.usage.schemas import BudgetStanding

BUDGET_NEAR: Final = NotificationKind(
    "budget_near",
    t("A budget of mine comes to its end"),
    t("More than {percent} % of the budget “{budget}” is used."),
    "budget",
    route=OWN_USAGE,
    is_own=True,
)
USAGE_NOTIFICATIONS: Final = (BUDGET_NEAR,)


def tell_near(uow: UnitOfWork, standing: BudgetStanding) -> None:
    """Tell the actor, once in a period for each of its levels, how much of a budget is used that holds for them."""
    level = max(each for each in (*standing.warn_at, 100) if each <= standing.percent)
    key = f"{standing.budget_id}:{standing.period_start}:{level}"
    notify(uow, BUDGET_NEAR, [uow.account_id], key=key, facts={"percent": level, "budget": standing.name})
