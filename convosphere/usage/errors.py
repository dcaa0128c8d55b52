"""What can go wrong with budgets.

ExpectedError
└── LimitReachedError
    └── BudgetUsedUpError      a budget has not enough left for a call
"""

from collections.abc import Sequence
from dataclasses import dataclass

from convosphere.core.errors import LimitReachedError
from convosphere.core.i18n import Message, t
from convosphere.usage.schemas import BudgetStanding, PlannedCall


@dataclass(frozen=True)
class Alternative:
    """A model that may be asked instead."""

    model: str
    name: str
    is_reader: bool = False


class BudgetUsedUpError(LimitReachedError):
    """A budget has not enough left for a call; `alternatives` are models that can be asked all the same."""

    code = "budget_used_up"

    def __init__(
        self, standings: Sequence[BudgetStanding], call: PlannedCall, alternatives: Sequence[Alternative] = ()
    ) -> None:
        self.standings = tuple(standings)
        self.alternatives = tuple(alternatives)
        in_the_way = [standing for standing in standings if not standing.allows(call)] or list(standings)
        self.budget = min(in_the_way, key=lambda standing: standing.left / standing.amount)
        super().__init__(_say(self.budget))

    def allows(self, call: PlannedCall) -> bool:
        """Whether another call would still fit."""
        return all(standing.allows(call) for standing in self.standings)

    def offering(self, call: PlannedCall, alternatives: Sequence[Alternative]) -> "BudgetUsedUpError":
        """The same with models that can be asked instead."""
        return BudgetUsedUpError(self.standings, call, alternatives)


def _say(budget: BudgetStanding) -> Message:
    if budget.spent >= budget.amount:
        if budget.period == "day":
            return t("The budget “{name}” is used up for today. It begins anew tomorrow.", name=budget.name)
        return t("The budget “{name}” is used up for this month. It begins anew next month.", name=budget.name)
    if budget.period == "day":
        return t(
            "What is left today of the budget “{name}” is not enough for an answer of this model.", name=budget.name
        )
    return t(
        "What is left this month of the budget “{name}” is not enough for an answer of this model.", name=budget.name
    )
