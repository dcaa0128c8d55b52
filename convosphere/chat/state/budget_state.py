"""The line above the composer: a budget that is nearly used up, or one that refused a question."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.i18n import Message, t
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.usage.errors import BudgetUsedUpError
from convosphere.usage.schemas import BudgetStanding
from convosphere.usage.service.managing import list_own_budgets


@dataclass(frozen=True)
class AlternativeItem:
    """A model that can be asked instead."""

    model: str
    name: str
    is_reader: bool


class BudgetState(rx.State):
    """`kind` is `near`, `refused` or nothing. `again` is the answer that was asked for anew, if it was that."""

    kind: rx.Field[str] = rx.field("")
    line: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    alternatives: rx.Field[list[AlternativeItem]] = rx.field(default_factory=list)
    again: rx.Field[str] = rx.field("")
    _refused_at: str = ""

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def load(self) -> None:
        """Show the budget of the person that is nearest to its end, if it is near.

        Not over a refusal: whoever sends at once is answered before what the page loads has come.
        """
        if self.kind == "refused" and self._refused_at == self._page():
            return
        warning = [standing for standing in await list_own_budgets(current_actor()) if standing.is_warning]
        self._warn(max(warning, key=lambda standing: standing.percent, default=None))

    def _warn(self, warning: BudgetStanding | None) -> None:
        """What is known after a question was taken."""
        self.kind, self.alternatives, self.again = "near" if warning else "", [], ""
        self.line = dict(_say(warning).as_dict()) if warning else {}

    def _refuse(self, error: BudgetUsedUpError, again: str = "") -> None:
        """Offer what can be asked instead."""
        self.kind, self.line, self.again = "refused", dict(error.message.as_dict()), again
        self._refused_at = self._page()
        self.alternatives = [AlternativeItem(one.model, one.name, one.is_reader) for one in error.alternatives]

    def _page(self) -> str:
        """The page as it was opened; another conversation is another one, and so is the same one loaded anew."""
        return f"{self.router.session.session_id} {self.router.url.path}"


def _say(budget: BudgetStanding) -> Message:
    if budget.period == "day":
        return t("{percent} % of the budget “{name}” for today is used.", percent=budget.percent, name=budget.name)
    return t("{percent} % of the budget “{name}” for this month is used.", percent=budget.percent, name=budget.name)
