"""What one used oneself, and what is left of one's budgets."""

from datetime import timedelta

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.usage.service import managing, reports
from convosphere.usage.service.figures import BudgetItem, LineItem, bars, budget_item, line_item, line_items, metrics

DAYS_DRAWN = 30


class OwnUsageState(rx.State):
    """Today, this month by model and assistant, and the last 30 days as bars of `metric`.

    `has_used` says whether there was anything in either: a month that has just begun does not hide the days before.
    """

    is_loaded: rx.Field[bool] = rx.field(False)
    has_used: rx.Field[bool] = rx.field(False)
    since: rx.Field[str] = rx.field("")
    until: rx.Field[str] = rx.field("")
    today: rx.Field[LineItem] = rx.field(default_factory=LineItem)
    month: rx.Field[LineItem] = rx.field(default_factory=LineItem)
    models: rx.Field[list[LineItem]] = rx.field(default_factory=list)
    assistants: rx.Field[list[LineItem]] = rx.field(default_factory=list)
    budgets: rx.Field[list[BudgetItem]] = rx.field(default_factory=list)
    bars: rx.Field[list[dict[str, str | float]]] = rx.field(default_factory=list)
    metric: rx.Field[str] = rx.field("")

    @rx.event
    @way_in(Permission.ACCOUNT_USE)
    async def load(self) -> None:
        """Show it as it is now."""
        actor = current_actor()
        day = await reports.get_today(actor)
        today = await reports.get_own_report(actor, day, day)
        month = await reports.get_own_report(actor, day.replace(day=1), day)
        drawn = await reports.get_own_report(actor, day - timedelta(days=DAYS_DRAWN - 1), day)
        self.has_used = month.total.calls + drawn.total.calls > 0
        self.today, self.month = line_item(today.total), line_item(month.total)
        self.models = line_items(month.models, month.total)
        self.assistants = line_items([line for line in month.assistants if line.key], month.total)
        self.budgets = [budget_item(standing) for standing in await managing.list_own_budgets(actor)]
        self.since, self.until = drawn.since.isoformat(), drawn.until.isoformat()
        self.metric = metrics(drawn.total)[0]
        self.bars = bars(drawn.days, drawn.since, drawn.until, self.metric)
        self.is_loaded = True
