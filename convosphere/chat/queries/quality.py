"""The SQL of what people thought of answers, summed up so that nobody's vote can be told from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.usage.service.ratings import (
    LEAST_CRITICS,
    LEAST_RATERS,
    RatingSum,
    ReasonSum,
    Said,
    Span,
)

MOST_WORDS = 100
_NOBODY = UUID(int=0)

_SPAN = """
    workspace_id = :workspace_id AND created_at >= :since AND created_at < :until
    AND (CAST(:assistant_id AS uuid) IS NULL OR assistant_id = :assistant_id)
"""
# Nothing is known beforehand of how many rows a sum will have; taking few for granted, the database would compare each
# with each.
_EXPECT_MANY = text("SELECT set_config('enable_nestloop', 'off', true) AS value")
# The ratings of a span, and of them those in cells that may be told; see `usage.service.ratings`.
_RATED = f"""
    WITH r AS MATERIALIZED (
        SELECT account_id, message_id, coalesce(assistant_id, :nobody) AS assistant_id,
            coalesce(assistant_version_id, :nobody) AS version_id, model,
            width_bucket(created_at, CAST(:edges AS timestamptz[])) AS period, is_good, reasons, comment
        FROM message_feedback WHERE {_SPAN}
    ), cell AS MATERIALIZED (
        SELECT assistant_id, version_id, model, count(*) AS rated,
            count(DISTINCT account_id) >= {LEAST_RATERS}
                OR (count(DISTINCT account_id) = 1 AND bool_and(account_id = :viewer)) AS is_told
        FROM r GROUP BY 1, 2, 3
    ), told AS MATERIALIZED (
        SELECT r.* FROM r JOIN cell USING (assistant_id, version_id, model) WHERE cell.is_told
    ), judged AS MATERIALIZED (
        SELECT assistant_id, version_id FROM told WHERE NOT is_good AND (reasons <> '{{}}' OR comment <> '')
        GROUP BY 1, 2
        HAVING count(DISTINCT account_id) >= {LEAST_CRITICS}
            OR (count(DISTINCT account_id) = 1 AND bool_and(account_id = :viewer))
    )
"""  # noqa: S608  # Of constants.
_SUM_UP = text(
    f"""
    {_RATED}, again AS (
        SELECT coalesce(assistant_id, :nobody) AS assistant_id, coalesce(assistant_version_id, :nobody) AS version_id,
            model, width_bucket(created_at, CAST(:edges AS timestamptz[])) AS period
        FROM message_regeneration WHERE {_SPAN}
    ), every AS (
        SELECT assistant_id, version_id, model, period, account_id, is_good FROM told
        UNION ALL SELECT assistant_id, version_id, model, period, NULL, NULL FROM again
    )
    SELECT nullif(assistant_id, :nobody) AS assistant_id, nullif(version_id, :nobody) AS version_id,
        coalesce(model, '') AS model, coalesce(period, 0) AS period, count(*) FILTER (WHERE is_good) AS good,
        count(*) FILTER (WHERE NOT is_good) AS bad, count(DISTINCT account_id) AS raters,
        coalesce(count(DISTINCT account_id) = 1 AND bool_and(account_id = :viewer), false) AS is_own,
        count(*) FILTER (WHERE is_good IS NULL) AS again
    FROM every GROUP BY GROUPING SETS ((assistant_id, version_id, model), (period))
    UNION ALL
    SELECT NULL, NULL, '', -1, 0, coalesce(sum(rated), 0)::bigint, 0, false, 0 FROM cell WHERE NOT is_told
    """  # noqa: S608
)
_REASONS = text(
    f"""
    {_RATED}
    SELECT nullif(assistant_id, :nobody) AS assistant_id, nullif(version_id, :nobody) AS version_id, g.reason,
        count(*) AS count
    FROM told JOIN judged USING (assistant_id, version_id) CROSS JOIN LATERAL unnest(told.reasons) AS g (reason)
    WHERE NOT told.is_good GROUP BY 1, 2, 3 ORDER BY count DESC, g.reason
    """  # noqa: S608
)
# By a hash of the id, so that nothing tells when it was written.
_WORDS = text(
    f"""
    {_RATED}
    SELECT nullif(version_id, :nobody) AS version_id, is_good, comment
    FROM told JOIN judged USING (assistant_id, version_id)
    WHERE comment <> '' ORDER BY md5(message_id::text) LIMIT :most
    """  # noqa: S608
)
# Only what was there to read; asking again after a failure says nothing about an answer.
_REGENERATE = text(
    """
    INSERT INTO message_regeneration (message_id, workspace_id, model, assistant_id, assistant_version_id)
    SELECT id, workspace_id, model, assistant_id, assistant_version_id
    FROM message WHERE id = :message_id AND role = 'assistant' AND status IN ('done', 'stopped')
    ON CONFLICT DO NOTHING
    """
)


@dataclass(frozen=True)
class _Setting:
    value: str


def keep_regeneration(uow: UnitOfWork, message_id: UUID) -> None:
    """Keep that an answer, which was fetched before, is asked for once more; how often does not count."""
    uow.defer(_REGENERATE, {"message_id": message_id})


async def sum_up(uow: UnitOfWork, span: Span) -> list[RatingSum]:
    """Sums of cells, sums of periods, and one of the number -1 whose `bad` are all ratings that may not be told."""
    await uow.rows(_Setting, _EXPECT_MANY, {})
    return await uow.rows(RatingSum, _SUM_UP, _given(uow, span))


async def count_reasons(uow: UnitOfWork, span: Span) -> list[ReasonSum]:
    """Reasons by version."""
    await uow.rows(_Setting, _EXPECT_MANY, {})
    return await uow.rows(ReasonSum, _REASONS, _given(uow, span))


async def list_words(uow: UnitOfWork, span: Span) -> list[Said]:
    """What was written about answers."""
    await uow.rows(_Setting, _EXPECT_MANY, {})
    return await uow.rows(Said, _WORDS, {**_given(uow, span), "most": MOST_WORDS})


def _given(uow: UnitOfWork, span: Span) -> Mapping[str, object]:
    return {
        "workspace_id": uow.workspace_id, "viewer": uow.actor.account_id, "nobody": _NOBODY,
        "assistant_id": span.assistant_id, "since": span.edges[0], "until": span.until, "edges": list(span.edges),
    }  # fmt: skip
