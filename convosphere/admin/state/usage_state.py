"""The page of usage: what everybody used, drawn by day and listed by whom and what."""

from datetime import date, timedelta

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.usage.schemas import UsageLine, UsageReport
from convosphere.usage.service import reports
from convosphere.usage.service.figures import LineItem, bars, line_item, line_items, metrics

RANGES = ("7", "month", "last-month", "90", "365")
VIEWS = ("person", "group", "assistant", "model", "purpose")


class UsageState(rx.State):
    """What is shown of which days. `metric` is a currency, `tokens` or `calls`; `view` by what the lines are."""

    range: rx.Field[str] = rx.field("month")
    since: rx.Field[str] = rx.field("")
    until: rx.Field[str] = rx.field("")
    is_loaded: rx.Field[bool] = rx.field(False)
    total: rx.Field[LineItem] = rx.field(default_factory=LineItem)
    bars: rx.Field[list[dict[str, str | float]]] = rx.field(default_factory=list)
    metrics: rx.Field[list[str]] = rx.field(default_factory=list)
    metric: rx.Field[str] = rx.field("")
    view: rx.Field[str] = rx.field("person")
    lines: rx.Field[list[LineItem]] = rx.field(default_factory=list)
    hidden: rx.Field[int] = rx.field(0)

    @rx.event
    @way_in(Permission.USAGE_READ)
    async def load(self) -> None:
        """Show the days that are chosen as they are now."""
        await self._load()

    @rx.event
    @way_in(Permission.USAGE_READ)
    async def choose_range(self, chosen: str) -> None:
        """Show other days."""
        self.range = chosen if chosen in RANGES else "month"
        await self._load()

    @rx.event
    @way_in(Permission.USAGE_READ)
    async def choose_metric(self, metric: str) -> None:
        """Draw something else."""
        self.metric = metric
        await self._load()

    @rx.event
    @way_in(Permission.USAGE_READ)
    async def choose_view(self, view: str) -> None:
        """List by something else."""
        self.view = view if view in VIEWS else "person"
        await self._load()

    async def _load(self) -> None:
        since, until = days_of(self.range, await reports.get_today(current_actor()))
        report = await reports.get_report(current_actor(), since, until)
        self.since, self.until = since.isoformat(), until.isoformat()
        self.total, self.metrics = line_item(report.total), metrics(report.total)
        self.metric = self.metric if self.metric in self.metrics else self.metrics[0]
        self.bars = bars(report.days, since, until, self.metric)
        found = _lines_by(report, self.view)
        self.lines = line_items(found, report.total)
        self.hidden = len(found) - len(self.lines)
        self.is_loaded = True


def days_of(chosen: str, today: date) -> tuple[date, date]:
    """The first and the last day of a range."""
    first = today.replace(day=1)
    match chosen:
        case "last-month":
            until = first - timedelta(days=1)
            return until.replace(day=1), until
        case "month":
            return first, today
        case number:
            return today - timedelta(days=int(number) - 1), today


def _lines_by(report: UsageReport, view: str) -> list[UsageLine]:
    return {
        "person": report.people,
        "group": report.groups,
        "assistant": report.assistants,
        "model": report.models,
        "purpose": report.purposes,
    }[view]
