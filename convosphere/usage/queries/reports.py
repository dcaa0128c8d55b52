"""The SQL of what was used: sums of the sums of days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import text

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.usage.queries.rolling import rolled_until

_SUMS = """
    sum(u.calls)::bigint AS calls, sum(u.failed)::bigint AS failed, sum(u.stopped)::bigint AS stopped,
    sum(u.unpriced)::bigint AS unpriced, sum(u.prompt_tokens)::bigint AS prompt_tokens,
    sum(u.cached_tokens)::bigint AS cached_tokens, sum(u.completion_tokens)::bigint AS completion_tokens,
    sum(u.thinking_tokens)::bigint AS thinking_tokens, sum(u.cost_nanos)::bigint AS cost_nanos,
    sum(u.counted_nanos)::bigint AS counted_nanos, sum(u.first_token_ms)::bigint AS first_token_ms,
    sum(u.first_tokens)::bigint AS first_tokens
"""
# Months that are in the span from their first day on come from their sums, which end where days are not closed yet; the
# days around them from those of days. What a row is of is told by the columns that it was not grouped by.
_SUM_UP = text(
    f"""
    WITH u AS MATERIALIZED (
        SELECT u.account_id, u.group_ids, u.assistant_id, u.model, u.purpose, u.currency, {_SUMS}
        FROM (
            SELECT * FROM usage_month
            WHERE workspace_id = :workspace_id AND day >= :months_begin AND day < :months_end
            UNION ALL
            SELECT * FROM usage_day
            WHERE workspace_id = :workspace_id AND day >= :since AND day < :months_begin
            UNION ALL
            SELECT * FROM usage_day
            WHERE workspace_id = :workspace_id AND day >= :months_end AND day <= :until
        ) AS u
        WHERE CAST(:account_id AS uuid) IS NULL OR u.account_id = :account_id
        GROUP BY u.account_id, u.group_ids, u.assistant_id, u.model, u.purpose, u.currency
    )
    SELECT CASE GROUPING(u.account_id, u.assistant_id, u.model, u.purpose)
            WHEN 15 THEN 'total' WHEN 7 THEN 'person' WHEN 11 THEN 'assistant' WHEN 13 THEN 'model' ELSE 'purpose'
            END AS kind,
        coalesce(u.account_id::text, u.assistant_id::text, u.model, u.purpose, '') AS key, u.currency, {_SUMS}
    FROM u GROUP BY u.currency, GROUPING SETS ((), (u.account_id), (u.assistant_id), (u.model), (u.purpose))
    UNION ALL
    SELECT 'group', g.id::text, u.currency, {_SUMS}
    FROM u CROSS JOIN LATERAL unnest(u.group_ids) AS g (id) GROUP BY g.id, u.currency
    """  # noqa: S608  # Of constants.
)
_SUM_UP_DAYS = """
    SELECT 'day' AS kind, u.day::text AS key, u.currency, {sums}
    FROM {table} AS u
    WHERE u.workspace_id = :workspace_id AND u.day >= :since AND u.day < :before {more}
    GROUP BY u.day, u.currency
"""
_DAYS = text(_SUM_UP_DAYS.format(sums=_SUMS, table="usage_day", more=""))
_CLOSED_DAYS = text(_SUM_UP_DAYS.format(sums=_SUMS, table="usage_total", more=""))
_OWN_DAYS = text(_SUM_UP_DAYS.format(sums=_SUMS, table="usage_day", more="AND u.account_id = :account_id"))
_NAME_PEOPLE = text("SELECT id, name FROM account WHERE id = ANY (:ids)")
_NAME_GROUPS = text("SELECT id, name FROM person_group WHERE id = ANY (:ids)")
_LIST_DAY = text(
    """
    SELECT u.day, coalesce(a.name, '') AS person, coalesce(a.email, '') AS email, u.account_id, ARRAY(
            SELECT g.name FROM person_group AS g WHERE g.id = ANY (u.group_ids) ORDER BY g.name
        ) AS groups,
        u.assistant_id, u.model, u.purpose, u.currency, u.calls, u.failed, u.stopped, u.unpriced, u.prompt_tokens,
        u.cached_tokens, u.completion_tokens, u.thinking_tokens, u.cost_nanos, u.counted_nanos
    FROM usage_day AS u LEFT JOIN account AS a ON a.id = u.account_id
    WHERE u.workspace_id = :workspace_id AND u.day = :day
        AND (CAST(:account_id AS uuid) IS NULL OR u.account_id = CAST(:account_id AS uuid))
    ORDER BY a.name, u.account_id, u.model, u.purpose, u.currency
    """
)
_SUM_OWN = text(
    """
    SELECT u.currency,
        coalesce(sum(u.calls) FILTER (WHERE u.purpose = 'answer' AND u.day = t.day), 0)::bigint AS answers_today,
        coalesce(sum(u.calls) FILTER (WHERE u.purpose = 'answer'), 0)::bigint AS answers,
        sum(u.prompt_tokens + u.completion_tokens)::bigint AS tokens, sum(u.cost_nanos)::bigint AS cost_nanos
    FROM workspace AS w CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE w.time_zone)::date AS day) AS t
    JOIN usage_day AS u ON u.workspace_id = w.id AND u.account_id = :account_id
        AND u.day BETWEEN date_trunc('month', t.day)::date AND t.day
    WHERE w.id = :workspace_id GROUP BY u.currency ORDER BY u.currency
    """
)
_TODAY = text("SELECT (now() AT TIME ZONE time_zone)::date AS day FROM workspace WHERE id = :workspace_id")


@dataclass(frozen=True)
class Sums:
    """What was used in one currency: of all (`total`), or of a day, person, group ... that has this key."""

    kind: str
    key: str
    currency: str
    calls: int
    failed: int
    stopped: int
    unpriced: int
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    thinking_tokens: int
    cost_nanos: int
    counted_nanos: int
    first_token_ms: int
    first_tokens: int


@dataclass(frozen=True)
class DayRow:
    """One of the sums of a day, as it goes out as a file."""

    day: date
    person: str
    email: str
    account_id: UUID | None
    groups: list[str]
    assistant_id: UUID | None
    model: str
    purpose: str
    currency: str
    calls: int
    failed: int
    stopped: int
    unpriced: int
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    thinking_tokens: int
    cost_nanos: int
    counted_nanos: int


@dataclass(frozen=True)
class OwnSum:
    """What somebody used this month in one currency; calls beside answers, such as for titles, count as tokens only."""

    currency: str
    answers_today: int
    answers: int
    tokens: int
    cost_nanos: int


@dataclass(frozen=True)
class _Day:
    day: date


@dataclass(frozen=True)
class _Named:
    id: UUID
    name: str


async def sum_up(uow: UnitOfWork, since: date, until: date, account_id: UUID | None = None) -> list[Sums]:
    """What was used from a day to another, by everybody or one person; whoever is in several groups counts for each."""
    rolled, after = await rolled_until(uow), until + timedelta(days=1)
    begin, end = months_between(since, until, rolled)
    given = {"workspace_id": uow.workspace_id, "since": since, "until": until, "account_id": account_id}
    sums = await uow.rows(Sums, _SUM_UP, {**given, "months_begin": begin, "months_end": end})
    if account_id:
        return [*sums, *await uow.rows(Sums, _OWN_DAYS, {**given, "before": after})]
    closed = min(max(since, rolled), after)
    sums += await uow.rows(Sums, _CLOSED_DAYS, {**given, "before": closed})
    return [*sums, *await uow.rows(Sums, _DAYS, {**given, "since": closed, "before": after})]


def months_between(since: date, until: date, rolled: date) -> tuple[date, date]:
    """Between which days, the second not included, sums of months say what was used in a span.

    Months are summed up as far as the day `rolled`, not included. Both are the same where there is no such month.
    """
    begin = since if since.day == 1 else (since.replace(day=1) + timedelta(days=32)).replace(day=1)
    end = rolled if rolled <= until + timedelta(days=1) else (until + timedelta(days=1)).replace(day=1)
    return (begin, end) if begin < end else (since, since)


async def sum_own_month(uow: UnitOfWork) -> list[OwnSum]:
    """What the actor used in the workspace's month so far, by currency."""
    return await uow.rows(OwnSum, _SUM_OWN, {"workspace_id": uow.workspace_id, "account_id": uow.account_id})


async def name_people(uow: UnitOfWork, ids: Iterable[str]) -> dict[str, str]:
    """Names by id; those who are gone have none."""
    return {str(row.id): row.name for row in await uow.rows(_Named, _NAME_PEOPLE, {"ids": [UUID(one) for one in ids]})}


async def name_groups(uow: UnitOfWork, ids: Iterable[str]) -> dict[str, str]:
    """The same for groups."""
    return {str(row.id): row.name for row in await uow.rows(_Named, _NAME_GROUPS, {"ids": [UUID(one) for one in ids]})}


async def list_day(uow: UnitOfWork, day: date, account_id: UUID | None = None) -> list[DayRow]:
    """All sums of a day, or those of one person."""
    given = {"workspace_id": uow.workspace_id, "day": day, "account_id": account_id}
    return await uow.rows(DayRow, _LIST_DAY, given)


async def get_today(uow: UnitOfWork) -> date:
    """The day that it is in the workspace."""
    row = await uow.row(_Day, _TODAY, {"workspace_id": uow.workspace_id})
    if row is None:
        raise LookupError("The unit's workspace is not there.")
    return row.day
