"""What was used and what it cost."""

import csv
import io
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from convosphere.core.audit.actions import USAGE_EXPORTED, UsageExportFacts
from convosphere.core.authorization import require
from convosphere.core.errors import SignInRequiredError
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.usage.errors import BudgetInputError
from convosphere.usage.queries import reports as report_queries
from convosphere.usage.queries.reports import DayRow, Sums
from convosphere.usage.schemas import UsageLine, UsageReport
from convosphere.usage.service.names import AssistantNames

LONGEST_RANGE = timedelta(days=732)
_NANOS = 1_000_000_000
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""What begins a formula in one spreadsheet or another (OWASP, CSV injection)."""
_COLUMNS = (
    "day", "person", "email", "person_id", "groups", "assistant", "assistant_id", "model", "purpose", "calls", "failed",
    "stopped", "calls_without_price", "prompt_tokens", "cached_tokens", "completion_tokens", "thinking_tokens",
    "currency", "cost", "cost_with_estimates",
)  # fmt: skip


async def get_today(actor: Actor) -> date:
    """The day that it is in the workspace."""
    async with unit_of_work(actor) as uow:
        return await report_queries.get_today(uow)


async def get_report(actor: Actor, since: date, until: date) -> UsageReport:
    """What the workspace used from a day to another.

    Raises:
        ForbiddenError: the actor may not read about everybody's usage.
    """
    require(actor, Permission.USAGE_READ)
    _check(since, until)
    async with unit_of_work(actor) as uow:
        sums = await report_queries.sum_up(uow, since, until)
        return await _report(uow, since, until, sums)


async def get_own_report(actor: Actor, since: date, until: date) -> UsageReport:
    """What the actor used from a day to another."""
    require(actor, Permission.ACCOUNT_USE)
    _check(since, until)
    async with unit_of_work(actor) as uow:
        sums = await report_queries.sum_up(uow, since, until, uow.account_id)
        return await _report(uow, since, until, sums)


async def export_report(actor: Actor, since: date, until: date) -> AsyncIterator[bytes]:
    """All sums of some days as CSV, day by day; that they were taken out is kept in the trail before.

    Raises:
        ForbiddenError: the actor may not read about everybody's usage.
    """
    require(actor, Permission.USAGE_READ)
    _check(since, until)
    async with unit_of_work(actor) as uow:
        uow.record(USAGE_EXPORTED, after=UsageExportFacts(since=since.isoformat(), until=until.isoformat()))
    return _lines(actor, since, until)


def export_own_report(actor: Actor, since: date, until: date) -> AsyncIterator[bytes]:
    """The same of what the actor used, which is theirs to take.

    Raises:
        SignInRequiredError: no person is acting.
    """
    require(actor, Permission.ACCOUNT_USE)
    _check(since, until)
    if actor.account_id is None:
        raise SignInRequiredError
    return _lines(actor, since, until, actor.account_id)


async def _lines(actor: Actor, since: date, until: date, account_id: UUID | None = None) -> AsyncIterator[bytes]:
    # The mark tells spreadsheets that it is UTF-8.
    yield "\ufeff".encode() + _csv_line(_COLUMNS)
    day = since
    while day <= until:
        async with unit_of_work(actor) as uow:
            rows = await report_queries.list_day(uow, day, account_id)
            names = await AssistantNames.of(uow, {row.assistant_id for row in rows if row.assistant_id})
        if rows:
            yield b"".join(_csv_line([_cell(value) for value in _values(row, names)]) for row in rows)
        day += timedelta(days=1)


def _values(row: DayRow, names: Mapping[UUID, str]) -> Iterator[object]:
    """In the order of `_COLUMNS`."""
    yield from (row.day, row.person, row.email, row.account_id or "", " | ".join(row.groups))
    yield from (names.get(row.assistant_id, "") if row.assistant_id else "", row.assistant_id or "")
    yield from (row.model, row.purpose, row.calls, row.failed, row.stopped, row.unpriced)
    yield from (row.prompt_tokens, row.cached_tokens, row.completion_tokens, row.thinking_tokens, row.currency)
    cost = _known_cost(row)
    yield from (_amount(cost), _amount(row.counted_nanos or cost))


def _amount(nanos: int | None) -> str:
    """Units of the currency; nothing where they are not known, which is not the same as 0."""
    return "" if nanos is None else f"{Decimal(nanos) / _NANOS:.9f}"


def _known_cost(row: DayRow | Sums) -> int | None:
    """What calls cost as far as that is known; None where it is of none of them."""
    if row.cost_nanos:
        return row.cost_nanos
    is_free = bool(row.prompt_tokens or row.completion_tokens) and not (row.unpriced or row.counted_nanos)
    return 0 if is_free else None


def _costs(rows: Iterable[Sums]) -> dict[str, int]:
    """By currency; that something was free is said where nothing else cost anything."""
    known = {row.currency: cost for row in rows if (cost := _known_cost(row)) is not None}
    return {currency: cost for currency, cost in known.items() if cost} or known


def _csv_line(cells: Sequence[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode()


def _cell(value: object) -> str:
    """A value as a spreadsheet shows it, and never computes it."""
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text


async def _report(uow: UnitOfWork, since: date, until: date, sums: Sequence[Sums]) -> UsageReport:
    by_kind: dict[str, dict[str, list[Sums]]] = defaultdict(lambda: defaultdict(list))
    for row in sums:
        by_kind[row.kind][row.key].append(row)
    people = await report_queries.name_people(uow, filter(None, by_kind["person"]))
    groups = await report_queries.name_groups(uow, by_kind["group"])
    assistants = await AssistantNames.of(uow, {UUID(key) for key in by_kind["assistant"] if key})
    total = [row for rows in by_kind["total"].values() for row in rows]
    return UsageReport(
        since=since,
        until=until,
        total=_line("", "", total),
        days=sorted((_line(key, key, rows) for key, rows in by_kind["day"].items()), key=lambda line: line.key),
        people=_lines_of(by_kind["person"], people),
        groups=_lines_of(by_kind["group"], groups),
        assistants=_lines_of(by_kind["assistant"], {str(key): name for key, name in assistants.items()}),
        models=_lines_of(by_kind["model"], {}),
        purposes=_lines_of(by_kind["purpose"], {}),
    )


def _lines_of(rows: Mapping[str, Iterable[Sums]], names: Mapping[str, str]) -> list[UsageLine]:
    lines = [_line(key, names.get(key, ""), list(found)) for key, found in rows.items()]
    # Currencies cannot be compared; within each the dearest comes first, and tokens tell apart what has no price.
    return sorted(lines, key=lambda line: (-max(line.counted.values(), default=0), -line.tokens, line.key))


def _line(key: str, name: str, rows: Sequence[Sums]) -> UsageLine:
    waited = sum(row.first_tokens for row in rows)
    return UsageLine(
        key=key,
        name=name,
        calls=sum(row.calls for row in rows),
        failed=sum(row.failed for row in rows),
        stopped=sum(row.stopped for row in rows),
        unpriced=sum(row.unpriced for row in rows),
        prompt_tokens=sum(row.prompt_tokens for row in rows),
        cached_tokens=sum(row.cached_tokens for row in rows),
        completion_tokens=sum(row.completion_tokens for row in rows),
        thinking_tokens=sum(row.thinking_tokens for row in rows),
        costs=_costs(rows),
        counted={row.currency: row.counted_nanos for row in rows if row.counted_nanos},
        first_token_ms=round(sum(row.first_token_ms for row in rows) / waited) if waited else None,
    )


def _check(since: date, until: date) -> None:
    if since > until or until - since > LONGEST_RANGE:
        raise BudgetInputError
