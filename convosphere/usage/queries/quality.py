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
# different ones, and where half or 95 % of them are is found by counting instead of sorting. What a row is of is told
# by the columns that it was not grouped by.
_SUM_UP = text(
    """
    WITH c AS MATERIALIZED (
        SELECT assistant_id, assistant_version_id, model,
            width_bucket(created_at, CAST(:edges AS timestamptz[])) AS period,
            CASE WHEN first_token_ms < 100 THEN first_token_ms
                WHEN first_token_ms < 995 THEN (first_token_ms + 5) / 10 * 10
                WHEN first_token_ms < 9950 THEN (first_token_ms + 50) / 100 * 100
                ELSE (first_token_ms + 500) / 1000 * 1000 END AS wait,
            currency, count(*) AS answers, count(*) FILTER (WHERE status = 'stopped') AS stopped,
            count(*) FILTER (WHERE status = 'failed') AS failed, count(first_token_ms) AS waited,
            sum(coalesce(prompt_tokens, 0) + coalesce(completion_tokens, 0)) AS tokens,
            count(*) FILTER (WHERE prompt_tokens IS NOT NULL) AS counted,
            sum(cost_nanos)::bigint AS cost_nanos, count(cost_nanos) AS priced
        FROM model_call
        WHERE workspace_id = :workspace_id AND purpose = 'answer' AND created_at >= :since AND created_at < :until
            AND (CAST(:assistant_id AS uuid) IS NULL OR assistant_id = :assistant_id)
        GROUP BY 1, 2, 3, 4, 5, 6
    ), h AS (
        SELECT GROUPING(assistant_id, assistant_version_id, model, period) AS kind, assistant_id, assistant_version_id,
            model, period, wait, currency, sum(answers) AS answers, sum(stopped) AS stopped, sum(failed) AS failed,
            sum(waited) AS waited, sum(tokens) AS tokens, sum(counted) AS counted, sum(cost_nanos) AS cost_nanos,
            sum(priced) AS priced
        FROM c
        GROUP BY wait, currency, GROUPING SETS ((), (assistant_id), (assistant_version_id), (model), (period))
    ), w AS (
        SELECT *, sum(waited) OVER (line ORDER BY wait) AS upto, sum(waited) OVER line AS everybody
        FROM h WINDOW line AS (PARTITION BY kind, assistant_id, assistant_version_id, model, period)
    ), p AS (
        SELECT *, min(wait) FILTER (WHERE upto >= 0.5 * everybody) OVER line AS p50_ms,
            min(wait) FILTER (WHERE upto >= 0.95 * everybody) OVER line AS p95_ms
        FROM w WINDOW line AS (PARTITION BY kind, assistant_id, assistant_version_id, model, period)
    )
    SELECT CASE kind WHEN 15 THEN 'total' WHEN 7 THEN 'assistant' WHEN 11 THEN 'version' WHEN 13 THEN 'model'
            ELSE 'period' END AS kind,
        coalesce(assistant_id::text, assistant_version_id::text, model, period::text, '') AS key, currency,
        sum(answers)::bigint AS answers, sum(stopped)::bigint AS stopped, sum(failed)::bigint AS failed,
        sum(tokens)::bigint AS tokens, sum(counted)::bigint AS counted,
        coalesce(sum(cost_nanos), 0)::bigint AS cost_nanos, sum(priced)::bigint AS priced, p50_ms, p95_ms
    FROM p GROUP BY 1, 2, 3, p50_ms, p95_ms
    """
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
    """How answers did in the periods that begin at `edges`, those of one assistant or all."""
    given = {
        "workspace_id": uow.workspace_id, "edges": list(edges), "since": edges[0], "until": until,
        "assistant_id": assistant_id,
    }  # fmt: skip
    return await uow.rows(AnswerSums, _SUM_UP, given)
