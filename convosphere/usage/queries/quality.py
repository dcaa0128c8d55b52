"""The SQL of how answers did: from the sums of closed days and months, and for the rest from the ledger itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import TextClause, text

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.usage.queries.budgets import get_time_zone
from convosphere.usage.queries.reports import months_between
from convosphere.usage.queries.rolling import WAIT, rolled_until

_MOMENTS = text(
    """
    SELECT (d.day::timestamp AT TIME ZONE w.time_zone) AS moment
    FROM workspace AS w CROSS JOIN unnest(CAST(:days AS date[])) AS d (day)
    WHERE w.id = :workspace_id ORDER BY d.day
    """
)
# Small numbers are added at once, large ones digit by digit, so counts are small ones.
# Times until the first word are few different ones (see `rolling.WAIT`): where half or 95 % of them are is found by
# counting instead of sorting. Sums of closed days or months come first, then the answers since. Each way of looking at
# them is a pass of its own, since all ways at once have too many groups to be kept in memory.
_SUMMED = """
        SELECT assistant_id, assistant_version_id, model, currency, wait_ms AS wait,
            (begins_on::timestamp AT TIME ZONE CAST(:zone AS text)) AS begun_at, answers::integer, stopped::integer,
            failed::integer, CASE WHEN wait_ms IS NULL THEN 0 ELSE answers::integer END AS waited, tokens,
            counted::integer, cost_nanos, priced::integer
        FROM answer_sum
        WHERE workspace_id = :workspace_id AND look = :look
            AND (CAST(:assistant_id AS uuid) IS NULL OR assistant_id = :assistant_id)
"""
_SUM_UP = """
    WITH a AS (
        {summed} AND span = 'month' AND begins_on >= :months_begin AND begins_on < :months_end
        UNION ALL {summed} AND span = 'day' AND begins_on >= :first AND begins_on < :months_begin
        UNION ALL {summed} AND span = 'day' AND begins_on >= :months_end AND begins_on < :rolled_until
        UNION ALL
        SELECT assistant_id, assistant_version_id, model, currency, {wait}, created_at, 1,
            (status = 'stopped')::int, (status = 'failed')::int, (first_token_ms IS NOT NULL)::int,
            coalesce(prompt_tokens, 0) + coalesce(completion_tokens, 0), (prompt_tokens IS NOT NULL)::int,
            cost_nanos, (cost_nanos IS NOT NULL)::int
        FROM model_call
        WHERE workspace_id = :workspace_id AND purpose = 'answer' AND created_at >= :live_since AND created_at < :until
            AND (CAST(:assistant_id AS uuid) IS NULL OR assistant_id = :assistant_id)
    ), c AS MATERIALIZED (
        SELECT {column} AS key, wait, currency, sum(answers) AS answers, sum(stopped) AS stopped,
            sum(failed) AS failed, sum(waited) AS waited, sum(tokens) AS tokens, sum(counted) AS counted,
            sum(cost_nanos) AS cost_nanos, sum(priced) AS priced
        FROM a GROUP BY 1, 2, 3
    ), h AS (
        SELECT GROUPING(key) AS is_total, key, wait, currency, sum(answers) AS answers, sum(stopped) AS stopped,
            sum(failed) AS failed, sum(waited) AS waited, sum(tokens) AS tokens, sum(counted) AS counted,
            sum(cost_nanos) AS cost_nanos, sum(priced) AS priced
        FROM c GROUP BY wait, currency, GROUPING SETS ({sets})
    ), w AS (
        SELECT *, sum(waited) OVER (line ORDER BY wait) AS upto, sum(waited) OVER line AS everybody
        FROM h WINDOW line AS (PARTITION BY is_total, key)
    ), p AS (
        SELECT *, min(wait) FILTER (WHERE upto >= 0.5 * everybody) OVER line AS p50_ms,
            min(wait) FILTER (WHERE upto >= 0.95 * everybody) OVER line AS p95_ms
        FROM w WINDOW line AS (PARTITION BY is_total, key)
    )
    SELECT CASE is_total WHEN 1 THEN 'total' ELSE '{kind}' END AS kind, coalesce(key::text, '') AS key, currency,
        sum(answers)::bigint AS answers, sum(stopped)::bigint AS stopped, sum(failed)::bigint AS failed,
        sum(tokens)::bigint AS tokens, sum(counted)::bigint AS counted,
        coalesce(sum(cost_nanos), 0)::bigint AS cost_nanos, sum(priced)::bigint AS priced, p50_ms, p95_ms
    FROM p GROUP BY 1, 2, 3, p50_ms, p95_ms
"""


def _look(kind: str, column: str, sets: str = "(key)") -> TextClause:
    return text(_SUM_UP.format(summed=_SUMMED, wait=WAIT, kind=kind, column=column, sets=sets))


_BY_ASSISTANT = _look("assistant", "assistant_id")
_BY_VERSION = _look("version", "assistant_version_id")
_BY_MODEL = _look("model", "model", "(key), ()")
_BY_PERIOD = _look("period", "width_bucket(begun_at, CAST(:edges AS timestamptz[]))")


@dataclass(frozen=True)
class AnswerSums:
    """Answers in one currency: of all (`total`), or of the assistant, version, model or period that has this key.

    `p50_ms` and `p95_ms` are those of all currencies. Of `counted` answers the tokens are known, of `priced` the cost.
    """

    kind: str
    key: str
    currency: str
    answers: int
    stopped: int
    failed: int
    tokens: int
    counted: int
    cost_nanos: int
    priced: int
    p50_ms: int | None
    p95_ms: int | None


@dataclass(frozen=True)
class _Moment:
    moment: datetime


async def begin_days(uow: UnitOfWork, days: Sequence[date]) -> list[datetime]:
    """When these days begin in the workspace."""
    rows = await uow.rows(_Moment, _MOMENTS, {"workspace_id": uow.workspace_id, "days": list(days)})
    return [row.moment for row in rows]


async def sum_up(
    uow: UnitOfWork, starts: Sequence[date], edges: Sequence[datetime], until: datetime, assistant_id: UUID | None
) -> list[AnswerSums]:
    """How answers did in the periods that begin on the days `starts`, which is at `edges`.

    Those of one assistant by version, or all by assistant. Periods are whole months, or begin at most
    `rolling.KEPT_DAYS` ago.
    """
    rolled = max(await rolled_until(uow), starts[0])
    (rolled_at,) = await begin_days(uow, [rolled])
    begin, end = months_between(starts[0], date.max - timedelta(days=1), rolled)
    given = {
        "workspace_id": uow.workspace_id, "edges": list(edges), "until": until, "assistant_id": assistant_id,
        "first": starts[0], "rolled_until": rolled, "live_since": rolled_at, "zone": await get_time_zone(uow),
        "look": "version" if assistant_id else "model", "months_begin": begin, "months_end": end,
    }  # fmt: skip
    # Weeks need days; what is told of the whole span does not.
    of_periods = given if all(start.day == 1 for start in starts) else {**given, "months_begin": starts[0],
                                                                       "months_end": starts[0]}  # fmt: skip
    by_assistant = (_BY_VERSION, given) if assistant_id else (_BY_ASSISTANT, {**given, "look": "assistant"})
    ways = (by_assistant, (_BY_MODEL, given), (_BY_PERIOD, of_periods))
    return [row for statement, values in ways for row in await uow.rows(AnswerSums, statement, values)]
