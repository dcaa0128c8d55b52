"""The SQL of what is summed up once a day is closed: nothing is booked on it any more."""

from dataclasses import dataclass
from datetime import date
from typing import Final, LiteralString

from sqlalchemy import text

from convosphere.core.unit_of_work import UnitOfWork

KEPT_DAYS: Final = 100
"""Answers are looked at by day as far back as this, and by month beyond."""

WAIT: Final[LiteralString] = """CASE WHEN first_token_ms < 100 THEN first_token_ms
    WHEN first_token_ms < 995 THEN (first_token_ms + 5) / 10 * 10
    WHEN first_token_ms < 9950 THEN (first_token_ms + 50) / 100 * 100
    ELSE (first_token_ms + 500) / 1000 * 1000 END"""
"""Times until the first word with two significant digits, as they are shown: few hundred are different."""

_SUMMED: Final = (
    "calls", "failed", "stopped", "unpriced", "prompt_tokens", "cached_tokens", "completion_tokens", "thinking_tokens",
    "cost_nanos", "counted_nanos", "counted_tokens", "first_token_ms", "first_tokens",
)  # fmt: skip
_OF_ANSWERS: Final = ("answers", "stopped", "failed", "tokens", "counted", "cost_nanos", "priced")
_KEYS = "account_id, assistant_id, model, purpose, currency, group_ids"


def _sums(columns: tuple[str, ...]) -> str:
    return ", ".join(f"sum({column})::bigint" for column in columns)


def _added(table: str, columns: tuple[str, ...]) -> str:
    return ", ".join(f"{column} = {table}.{column} + excluded.{column}" for column in columns)


_HOLD = text(
    """
    INSERT INTO usage_rolled AS r (workspace_id, rolled_until)
    SELECT w.id, least(
        (SELECT min(day) FROM usage_day WHERE workspace_id = w.id),
        (SELECT (min(created_at) AT TIME ZONE w.time_zone)::date FROM model_call WHERE workspace_id = w.id),
        (now() AT TIME ZONE w.time_zone)::date
    )
    FROM workspace AS w WHERE w.id = :workspace_id
    ON CONFLICT (workspace_id) DO UPDATE SET rolled_until = r.rolled_until
    RETURNING rolled_until AS since
    """
)
# A unit that began before midnight books on the day that has ended; none is open for an hour.
_CLOSED = text(
    """
    SELECT ((now() - interval '1 hour') AT TIME ZONE time_zone)::date AS until
    FROM workspace WHERE id = :workspace_id
    """
)
_TOTALS = text(
    f"""
    INSERT INTO usage_total (workspace_id, day, currency, {", ".join(_SUMMED)})
    SELECT workspace_id, day, currency, {_sums(_SUMMED)} FROM usage_day
    WHERE workspace_id = :workspace_id AND day >= :since AND day < :until GROUP BY 1, 2, 3
    """  # noqa: S608  # Of constants, as all here.
)
_MONTHS = text(
    f"""
    INSERT INTO usage_month AS u (workspace_id, day, {_KEYS}, {", ".join(_SUMMED)})
    SELECT workspace_id, date_trunc('month', day)::date, {_KEYS}, {_sums(_SUMMED)} FROM usage_day
    WHERE workspace_id = :workspace_id AND day >= :since AND day < :until
    GROUP BY 1, 2, {_KEYS}
    ON CONFLICT (workspace_id, day, {_KEYS}) DO UPDATE SET {_added("u", _SUMMED)}
    """  # noqa: S608
)
# From one look at the ledger: by version and model, by assistant alone, and by model alone, each by day and by month.
_ANSWERS = text(
    f"""
    WITH c AS MATERIALIZED (
        SELECT c.workspace_id, (c.created_at AT TIME ZONE w.time_zone)::date AS day, c.assistant_id,
            c.assistant_version_id, c.model, c.currency, {WAIT} AS wait_ms, count(*) AS answers,
            count(*) FILTER (WHERE c.status = 'stopped') AS stopped,
            count(*) FILTER (WHERE c.status = 'failed') AS failed,
            sum(coalesce(c.prompt_tokens, 0) + coalesce(c.completion_tokens, 0)) AS tokens,
            count(c.prompt_tokens) AS counted, coalesce(sum(c.cost_nanos), 0) AS cost_nanos,
            count(c.cost_nanos) AS priced
        FROM model_call AS c JOIN workspace AS w ON w.id = c.workspace_id
        WHERE c.workspace_id = :workspace_id AND c.purpose = 'answer'
            AND c.created_at >= (CAST(:since AS date)::timestamp AT TIME ZONE w.time_zone)
            AND c.created_at < (CAST(:until AS date)::timestamp AT TIME ZONE w.time_zone)
        GROUP BY 1, 2, 3, 4, 5, 6, 7
    )
    INSERT INTO answer_sum AS a (workspace_id, look, span, begins_on, assistant_id, assistant_version_id, model,
        currency, wait_ms, {", ".join(_OF_ANSWERS)})
    SELECT c.workspace_id, k.look, s.span, date_trunc(s.span, c.day)::date,
        CASE WHEN k.look <> 'model' THEN c.assistant_id END,
        CASE WHEN k.look = 'version' THEN c.assistant_version_id END,
        CASE WHEN k.look <> 'assistant' THEN c.model ELSE '' END, c.currency, c.wait_ms, {_sums(_OF_ANSWERS)}
    FROM c CROSS JOIN (VALUES ('version'), ('assistant'), ('model')) AS k (look)
    CROSS JOIN (VALUES ('day'), ('month')) AS s (span)
    WHERE s.span = 'month' OR c.day >= :first
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
    ON CONFLICT (workspace_id, look, span, assistant_id, begins_on, assistant_version_id, model, currency, wait_ms)
    DO UPDATE SET {_added("a", _OF_ANSWERS)}
    """  # noqa: S608
)
_FORGET_DAYS = text("DELETE FROM answer_sum WHERE workspace_id = :workspace_id AND span = 'day' AND begins_on < :first")
_ADVANCE = text("UPDATE usage_rolled SET rolled_until = :until WHERE workspace_id = :workspace_id")
_FORGET = tuple(
    text(f"DELETE FROM {table} WHERE workspace_id = :workspace_id")  # noqa: S608
    for table in ("usage_rolled", "usage_month", "usage_total", "answer_sum")
)
# Held, so that no day is in both of what a unit adds up: sums of closed days, and what came since.
_ROLLED = text("SELECT rolled_until AS until FROM usage_rolled WHERE workspace_id = :workspace_id FOR SHARE")


@dataclass(frozen=True)
class _Since:
    since: date


@dataclass(frozen=True)
class _Until:
    until: date


async def rolled_until(uow: UnitOfWork) -> date:
    """The first day that is not summed up, as long as the unit is open; the first of all where none is."""
    row = await uow.row(_Until, _ROLLED, {"workspace_id": uow.workspace_id})
    return row.until if row else date.min


async def roll_up(uow: UnitOfWork, longest: int) -> bool:
    """Sum up to so many closed days that are not yet; gives whether some are left. Others wait until the unit ends."""
    given = {"workspace_id": uow.workspace_id}
    held, closed = await uow.row(_Since, _HOLD, given), await uow.row(_Until, _CLOSED, given)
    if held is None or closed is None or held.since >= closed.until:
        return False
    until = min(closed.until, date.fromordinal(held.since.toordinal() + longest))
    span = {**given, "since": held.since, "until": until}
    first = date.fromordinal(closed.until.toordinal() - KEPT_DAYS)
    await uow.session.execute(_TOTALS, span)
    await uow.session.execute(_MONTHS, span)
    await uow.session.execute(_ANSWERS, {**span, "first": first})
    await uow.session.execute(_FORGET_DAYS, {**given, "first": first})
    await uow.session.execute(_ADVANCE, {**given, "until": until})
    return until < closed.until


async def forget(uow: UnitOfWork) -> None:
    """Forget all sums of closed days, as when days begin elsewhere from now on."""
    for statement in _FORGET:
        await uow.session.execute(statement, {"workspace_id": uow.workspace_id})
