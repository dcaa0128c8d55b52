"""The SQL of how answers did: straight from the ledger, since times cannot be read from sums of days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text

from convosphere.core.unit_of_work import UnitOfWork

_MOMENTS = text(
    """
    SELECT (d.day::timestamp AT TIME ZONE w.time_zone) AS moment
    FROM workspace AS w CROSS JOIN unnest(CAST(:days AS date[])) AS d (day)
    WHERE w.id = :workspace_id ORDER BY d.day
    """
)
# Times until the first word go in with two significant digits, as they are shown: so a million calls have few hundred
# different ones, and where half or 95 % of them are is found by counting instead of sorting. Each way of looking at
# them is a pass of its own, since all ways at once have too many groups to be kept in memory.
_SUM_UP = """
    WITH c AS MATERIALIZED (
        SELECT {column} AS key,
            CASE WHEN first_token_ms < 100 THEN first_token_ms
                WHEN first_token_ms < 995 THEN (first_token_ms + 5) / 10 * 10
                WHEN first_token_ms < 9950 THEN (first_token_ms + 50) / 100 * 100
                ELSE (first_token_ms + 500) / 1000 * 1000 END AS wait,
            currency, count(*) AS answers, count(*) FILTER (WHERE status = 'stopped') AS stopped,
            count(*) FILTER (WHERE status = 'failed') AS failed, count(first_token_ms) AS waited,
            sum(coalesce(prompt_tokens, 0) + coalesce(completion_tokens, 0)) AS tokens,
            count(prompt_tokens) AS counted, sum(cost_nanos)::bigint AS cost_nanos, count(cost_nanos) AS priced
        FROM model_call
        WHERE workspace_id = :workspace_id AND purpose = 'answer' AND created_at >= :since AND created_at < :until
            AND (CAST(:assistant_id AS uuid) IS NULL OR assistant_id = :assistant_id)
        GROUP BY 1, 2, 3
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
_BY_ASSISTANT = text(_SUM_UP.format(kind="assistant", column="assistant_id", sets="(key)"))
_BY_VERSION = text(_SUM_UP.format(kind="version", column="assistant_version_id", sets="(key)"))
_BY_MODEL = text(_SUM_UP.format(kind="model", column="model", sets="(key), ()"))
_BY_PERIOD = text(
    _SUM_UP.format(kind="period", column="width_bucket(created_at, CAST(:edges AS timestamptz[]))", sets="(key)")
)


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
    uow: UnitOfWork, edges: Sequence[datetime], until: datetime, assistant_id: UUID | None
) -> list[AnswerSums]:
    """How answers did in the periods that begin at `edges`: those of one assistant by version, or all by assistant."""
    given = {
        "workspace_id": uow.workspace_id, "edges": list(edges), "since": edges[0], "until": until,
        "assistant_id": assistant_id,
    }  # fmt: skip
    ways = (_BY_VERSION if assistant_id else _BY_ASSISTANT, _BY_MODEL, _BY_PERIOD)
    return [row for way in ways for row in await uow.rows(AnswerSums, way, given)]
