"""What was used and budgets as pages show them: texts and plain numbers. Money is in whole units of its currency."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from convosphere.usage.schemas import BudgetRow, BudgetStanding, UsageLine

NANOS = 1_000_000_000
MOST_LINES = 100
MOST_BARS = 92


@dataclass(frozen=True)
class Cost:
    """An amount of money."""

    value: float
    currency: str


@dataclass(frozen=True)
class LineItem:
    """What was used by somebody or of something. `share` is its part of the whole, in per cent."""

    key: str = ""
    name: str = ""
    calls: int = 0
    failed: int = 0
    unpriced: int = 0
    tokens: int = 0
    costs: list[Cost] = field(default_factory=list)
    estimated: list[Cost] = field(default_factory=list)
    """What calls without a known cost, such as stopped ones, are believed to have cost beside it."""
    first_token_seconds: float = 0.0
    share: int = 0


@dataclass(frozen=True)
class BudgetItem:
    """A budget with what is used of it; `unit` is a currency, or empty for tokens."""

    id: str = ""
    name: str = ""
    subject_type: str = "workspace"
    subject_id: str = ""
    subject_name: str = ""
    is_per_person: bool = False
    period: str = "month"
    unit: str = ""
    amount: float = 0.0
    spent: float = 0.0
    left: float = 0.0
    percent: int = 0
    is_warning: bool = False
    is_used_up: bool = False
    is_hard: bool = True
    warn_at: str = ""
    renews_at: str = ""
    people: int = 0


def line_item(line: UsageLine, total: UsageLine | None = None) -> LineItem:
    """A line as it is shown."""
    beside = {currency: nanos - line.costs.get(currency, 0) for currency, nanos in line.counted.items()}
    return LineItem(
        key=line.key,
        name=line.name or line.key,
        calls=line.calls,
        failed=line.failed,
        unpriced=line.unpriced,
        tokens=line.tokens,
        costs=_costs(line.costs),
        estimated=_costs({currency: nanos for currency, nanos in beside.items() if nanos > 0}),
        first_token_seconds=(line.first_token_ms or 0) / 1_000,
        share=_share(line, total) if total else 0,
    )


def line_items(lines: Sequence[UsageLine], total: UsageLine) -> list[LineItem]:
    """The largest lines."""
    return [line_item(line, total) for line in lines[:MOST_LINES]]


def metrics(total: UsageLine) -> list[str]:
    """What can be drawn: each currency in which something cost, then tokens and calls."""
    paid = [currency for currency, cost in total.costs.items() if cost]
    return [*sorted(paid, key=lambda currency: -total.costs[currency]), "tokens", "calls"]


def bars(days: Sequence[UsageLine], since: date, until: date, metric: str) -> list[dict[str, str | float]]:
    """A bar for each day, or for each month of a long time, also where nothing was used."""
    by_day = {line.key: _value(line, metric) for line in days}
    every = [(since + timedelta(days=number)).isoformat() for number in range((until - since).days + 1)]
    if len(every) <= MOST_BARS:
        return [{"day": day, "value": by_day.get(day, 0)} for day in every]
    months: dict[str, float] = {}
    for day in every:
        month = f"{day[:7]}-01"
        months[month] = months.get(month, 0) + by_day.get(day, 0)
    return [{"day": month, "value": value} for month, value in months.items()]


def budget_item(standing: BudgetStanding) -> BudgetItem:
    """A budget as it is shown."""
    scale = NANOS if standing.unit == "money" else 1
    row = standing if isinstance(standing, BudgetRow) else None
    return BudgetItem(
        id=str(standing.budget_id),
        name=standing.name,
        subject_type=standing.subject_type,
        subject_id=str(row.subject_id or "") if row else "",
        subject_name=row.subject_name if row else "",
        is_per_person=standing.is_per_person,
        period=standing.period,
        unit=standing.currency,
        amount=standing.amount / scale,
        spent=standing.spent / scale,
        left=standing.left / scale,
        percent=standing.percent,
        is_warning=standing.is_warning,
        is_used_up=standing.spent >= standing.amount,
        is_hard=standing.is_hard,
        warn_at=", ".join(map(str, standing.warn_at)),
        renews_at=standing.renews_at.isoformat(),
        people=row.people if row else 0,
    )


def _value(line: UsageLine, metric: str) -> float:
    match metric:
        case "tokens":
            return line.tokens
        case "calls":
            return line.calls
        case currency:
            return line.costs.get(currency, 0) / NANOS


def _costs(costs: Mapping[str, int]) -> list[Cost]:
    ordered = sorted(costs.items(), key=lambda cost: -cost[1])
    return [Cost(nanos / NANOS, currency) for currency, nanos in ordered]


def _share(line: UsageLine, total: UsageLine) -> int:
    """By money where all is in one currency, else by tokens, which can be compared."""
    if len(total.costs) == 1 and any(total.costs.values()):
        ((currency, whole),) = total.costs.items()
        return round(100 * line.costs.get(currency, 0) / whole)
    return round(100 * line.tokens / total.tokens) if total.tokens else 0
