"""What can go wrong with budgets.

ExpectedError
├── InvalidInputError
│   └── BudgetInputError       a budget cannot be kept as it is written
└── LimitReachedError
    └── BudgetUsedUpError      a budget has not enough left for a call
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from convosphere.core.errors import InvalidInputError, LimitReachedError
from convosphere.core.i18n import Message, t


@dataclass(frozen=True)
class Alternative:
    """A model that may be asked instead."""

    model: str
    name: str
    is_reader: bool = False


class BudgetInputError(InvalidInputError):
    """A budget cannot be kept as it is written."""

    code = "budget_input"


class BudgetUsedUpError(LimitReachedError):
    """A budget has not enough left for a call.

    `left` is what the budgets that refuse have left, by currency and under `tokens`; `alternatives` are models that can
    be asked all the same.
    """

    code = "budget_used_up"

    def __init__(
        self,
        budget: str,
        period: str,
        left: Mapping[str, int],
        *,
        is_used_up: bool,
        alternatives: Sequence[Alternative] = (),
    ) -> None:
        self.budget, self.period, self.left, self.is_used_up = budget, period, left, is_used_up
        self.alternatives = tuple(alternatives)
        super().__init__(_say(budget, is_used_up=is_used_up, is_daily=period == "day"))

    def offering(self, alternatives: Sequence[Alternative]) -> "BudgetUsedUpError":
        """The same with models that can be asked instead."""
        return BudgetUsedUpError(
            self.budget, self.period, self.left, is_used_up=self.is_used_up, alternatives=alternatives
        )


def _say(name: str, *, is_used_up: bool, is_daily: bool) -> Message:
    if is_used_up and is_daily:
        return t("The budget “{name}” is used up for today. It begins anew tomorrow.", name=name)
    if is_used_up:
        return t("The budget “{name}” is used up for this month. It begins anew next month.", name=name)
    if is_daily:
        return t("What is left today of the budget “{name}” is not enough for an answer of this model.", name=name)
    return t("What is left this month of the budget “{name}” is not enough for an answer of this model.", name=name)
