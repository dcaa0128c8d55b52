"""Sums of closed days: whatever was booked whenever, pages say with them what they say without, to the last token."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from convosphere.chat.service.quality import RatingsOfAnswers
from convosphere.core.identifiers import new_id
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.usage.queries import rolling as queries
from convosphere.usage.schemas import CallRecord, UsageReport
from convosphere.usage.service import managing, rolling
from convosphere.usage.service.calls import book_call
from convosphere.usage.service.quality import RANGES, QualityReport, get_quality, report_on
from convosphere.usage.service.ratings import Ratings
from convosphere.usage.service.reports import get_own_report, get_report, get_today
from tests.fixtures.people import People

Ratings.register(RatingsOfAnswers())
CALLS = 400
ZONE = "America/St_Johns"
ASSISTANTS = [None, new_id(), new_id()]
VERSIONS = {one: [new_id(), new_id()] if one else [None] for one in ASSISTANTS}
_CALL = text(
    """
    INSERT INTO model_call (id, workspace_id, account_id, purpose, model, status, prompt_tokens, completion_tokens,
        cost_nanos, counted_nanos, counted_tokens, currency, first_token_ms, total_ms, assistant_id,
        assistant_version_id, created_at)
    VALUES (:id, :workspace_id, :account_id, :purpose, :model, :status, :prompt, :completion, :cost, :cost, :counted,
        :currency, :wait, 9000, :assistant_id, :version_id, :at)
    """
)
# As the booking does, but on the days of then.
_DAYS = text(
    """
    INSERT INTO usage_day
    SELECT c.workspace_id, (c.created_at AT TIME ZONE w.time_zone)::date, c.account_id, c.group_ids, c.assistant_id,
        c.model, c.purpose, c.currency, count(*), count(*) FILTER (WHERE c.status = 'failed'),
        count(*) FILTER (WHERE c.status = 'stopped'),
        count(*) FILTER (WHERE c.counted_nanos IS NULL AND c.counted_tokens > 0), coalesce(sum(c.prompt_tokens), 0), 0,
        coalesce(sum(c.completion_tokens), 0), 0, coalesce(sum(c.cost_nanos), 0), coalesce(sum(c.counted_nanos), 0),
        sum(c.counted_tokens), coalesce(sum(c.first_token_ms), 0), count(c.first_token_ms)
    FROM model_call AS c JOIN workspace AS w ON w.id = c.workspace_id GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
    """
)


@dataclass(frozen=True)
class Call:
    """What was booked, for adding up in another way than the database does."""

    day: date
    account_id: UUID | None
    tokens: int


def some_moment(chance: Random) -> datetime:
    """Any of the last 400 days, many of the last ones, and some on the edges of days and months."""
    back = chance.choice([chance.randrange(3), chance.randrange(40), chance.randrange(400)])
    at = utc_now() - timedelta(days=back, seconds=chance.randrange(86_400))
    if chance.random() < 0.3:
        local = at.astimezone(ZoneInfo(ZONE))
        first = local.replace(day=chance.choice([1, local.day]), hour=0, minute=0, second=0, microsecond=0)
        at = first - timedelta(microseconds=chance.choice([0, 1]))
    return min(at, utc_now())


async def make_history(people: People, chance: Random) -> list[Call]:
    """Calls of several people, in several currencies, with and without all that may be unknown."""
    made: list[Call] = []
    async with unit_of_work(people.ada) as uow:
        await uow.session.execute(text("UPDATE workspace SET time_zone = :zone WHERE id = :id"),
                                  {"zone": ZONE, "id": uow.workspace_id})  # fmt: skip
        for _ in range(CALLS):
            assistant_id = chance.choice(ASSISTANTS)
            account_id = chance.choice([people.ada.account_id, people.bob.account_id, None])
            prompt, completion = chance.choice([None, chance.randrange(5_000)]), chance.choice([0, 300])
            at, counted = some_moment(chance), (prompt or 0) + completion
            given = {
                "id": new_id(), "workspace_id": uow.workspace_id, "account_id": account_id, "prompt": prompt,
                "purpose": chance.choice(["answer", "answer", "title"]), "model": chance.choice(["m", "n"]),
                "status": chance.choice(["done", "done", "failed", "stopped"]), "completion": completion,
                "cost": chance.choice([None, chance.randrange(10**12)]), "counted": counted,
                "currency": chance.choice(["USD", "EUR"]), "wait": chance.choice([None, chance.randrange(30_000)]),
                "assistant_id": assistant_id, "version_id": chance.choice(VERSIONS[assistant_id]), "at": at,
            }  # fmt: skip
            await uow.session.execute(_CALL, given)
            made.append(Call(at.astimezone(ZoneInfo(ZONE)).date(), account_id, counted))
        await uow.session.execute(_DAYS)
    return made


@asynccontextmanager
async def seen(actor: Actor) -> AsyncIterator[UnitOfWork]:
    async with unit_of_work(actor) as uow:
        yield uow


async def all_pages(people: People, spans: list[tuple[date, date]]) -> list[UsageReport | QualityReport]:
    """What all pages say."""
    usage = [await get_report(people.ada, *span) for span in spans]
    own = [await get_own_report(people.bob, *span) for span in spans]
    quality = [await get_quality(people.ada, chosen) for chosen in RANGES]
    async with seen(people.ada) as uow:
        of_one = [await report_on(uow, chosen, ASSISTANTS[1]) for chosen in RANGES]
    return [*usage, *own, *quality, *of_one]


def some_spans(chance: Random, today: date) -> list[tuple[date, date]]:
    """Whole months, years, and any others, some of which end before today."""
    begins = [today - timedelta(days=back) for back in (0, 30, 364, chance.randrange(300), chance.randrange(300))]
    spans = [(begin, min(today, begin + timedelta(days=chance.choice([0, 20, 90, 364])))) for begin in begins]
    return [*spans, (today - timedelta(days=364), today), (today.replace(day=1), today)]


@pytest.mark.parametrize("seed", range(3))
async def test_pages_say_with_sums_what_they_say_without(people: People, seed: int) -> None:
    chance = Random(seed)
    calls = await make_history(people, chance)
    today = await get_today(people.ada)
    spans = some_spans(chance, today)
    wanted = await all_pages(people, spans)
    for (since, until), report in zip(spans, wanted, strict=False):
        assert isinstance(report, UsageReport)
        inside = [call for call in calls if since <= call.day <= until]
        assert (report.total.calls, report.total.tokens) == (len(inside), sum(call.tokens for call in inside))
    async with unit_of_work(people.ada) as uow:
        assert await queries.roll_up(uow, chance.randrange(20, 300)), "half way"
    assert await all_pages(people, spans) == wanted
    assert people.ada.workspace_id is not None
    await rolling.roll_up(people.ada.workspace_id)
    async with unit_of_work(people.ada) as uow:
        assert await queries.rolled_until(uow) >= today - timedelta(days=1)
        assert await uow.session.scalar(text("SELECT sum(calls) FROM usage_month")) > 0
    assert await all_pages(people, spans) == wanted
    await rolling.roll_up(people.ada.workspace_id)
    assert await all_pages(people, spans) == wanted, "nothing is added twice"


async def test_what_is_booked_after_a_day_was_summed_up_is_there_at_once(people: People) -> None:
    await make_history(people, Random(7))
    assert people.ada.workspace_id is not None
    await rolling.roll_up(people.ada.workspace_id)
    today = await get_today(people.ada)
    before = await get_report(people.ada, today - timedelta(days=364), today)
    quality = await get_quality(people.ada, "12-months")
    async with unit_of_work(people.bob) as uow:
        book_call(uow, CallRecord("answer", "m", "done", 9, first_token_ms=12, prompt_tokens=70, completion_tokens=7))
    after = await get_report(people.ada, today - timedelta(days=364), today)
    assert (after.total.calls, after.total.tokens) == (before.total.calls + 1, before.total.tokens + 77)
    assert after.days[-1].calls - (before.days[-1].calls if before.days[-1].key == today.isoformat() else 0) == 1
    assert (await get_quality(people.ada, "12-months")).total.answers == quality.total.answers + 1


async def test_when_days_begin_elsewhere_all_is_summed_up_anew(people: People) -> None:
    await make_history(people, Random(8))
    assert people.ada.workspace_id is not None
    await rolling.roll_up(people.ada.workspace_id)
    await managing.set_time_zone(people.ada, "Pacific/Auckland")
    async with unit_of_work(people.ada) as uow:
        assert await queries.rolled_until(uow) == date.min
        waiting = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'usage.roll_up_workspace'"
        assert await uow.session.scalar(text(waiting)) == 1
    wanted = await all_pages(people, [])
    await rolling.roll_up(people.ada.workspace_id)
    assert await all_pages(people, []) == wanted


async def test_a_workspace_sees_no_sums_of_another(people: People) -> None:
    await make_history(people, Random(9))
    assert people.ada.workspace_id is not None
    await rolling.roll_up(people.ada.workspace_id)
    async with unit_of_work(people.zoe) as uow:
        for table in ("usage_month", "usage_total", "answer_sum", "usage_rolled"):
            assert await uow.session.scalar(text(f"SELECT count(*) FROM {table}")) == 0
