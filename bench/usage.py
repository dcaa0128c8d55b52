"""A ledger of a million calls: booking one more, and reading what was used."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import date, timedelta
from hashlib import md5
from uuid import UUID

import psycopg

from bench.figures import Figure, spread
from bench.trail import fresh_data, workspace
from convosphere.chat.service.quality import RatingsOfAnswers
from convosphere.core.database import open_database
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.launch.migrations import migrate
from convosphere.launch.postgres import DatabaseAddresses, embedded_postgres
from convosphere.usage.schemas import BudgetDraft, CallRecord, PlannedCall, PlannedPrice, Unit
from convosphere.usage.service.budgets import reserve
from convosphere.usage.service.calls import book_call
from convosphere.usage.service.managing import create_budget
from convosphere.usage.service.quality import Range, report_on
from convosphere.usage.service.ratings import Ratings
from convosphere.usage.service.reports import get_report, get_today
from convosphere.usage.service.rolling import roll_up

CALLS = 1_000_000
PEOPLE, DAYS = 300, 365
_TRIES = 300
_PRICE = PlannedPrice(2_500_000_000, 10_000_000_000, "USD")
# Calls spread over days, three models and 50 assistants in three versions each, the first of which has a fifth of all;
# a rating of every 30th; and the sums by person that the booking would make of them.
_FILL = """
INSERT INTO model_call (id, workspace_id, purpose, model, status, prompt_tokens, completion_tokens, cost_nanos,
    counted_nanos, counted_tokens, first_token_ms, total_ms, assistant_id, assistant_version_id, created_at)
SELECT gen_random_uuid(), %(workspace)s, 'answer', 'model-' || n %% 3, 'done', 900, 300, 4000000, 4000000, 1200,
    (100 + 4000 * random() ^ 3)::integer, 4000, md5((n %% 5 * (n %% 50))::text)::uuid,
    md5((n %% 5 * (n %% 50))::text || (n %% %(days)s) / 122)::uuid, now() - interval '1 day' * (n %% %(days)s)
FROM generate_series(1, %(calls)s) AS n;
INSERT INTO account (id, email, name, password_hash, locale)
SELECT md5('p' || n)::uuid, 'p' || n || '@example.org', 'P', '!', 'en' FROM generate_series(0, 29) AS n;
INSERT INTO conversation (id, workspace_id, owner_id, title)
SELECT %(workspace)s, %(workspace)s, md5('p0')::uuid, 'x';
INSERT INTO message (id, workspace_id, conversation_id, role, status)
SELECT md5('m' || n)::uuid, %(workspace)s, %(workspace)s, 'assistant', 'done'
FROM generate_series(1, %(calls)s / 30) AS n;
INSERT INTO message_feedback (message_id, account_id, workspace_id, is_good, reasons, model, assistant_id,
    assistant_version_id, created_at)
SELECT md5('m' || n)::uuid, md5('p' || n / 7 %% 30)::uuid, %(workspace)s, n %% 4 > 0,
    CASE WHEN n %% 4 = 0 THEN '{tone}' ELSE '{}' END::text[], 'model-' || n %% 3,
    md5((n %% 5 * (n %% 50))::text)::uuid, md5((n %% 5 * (n %% 50))::text || (n %% %(days)s) / 122)::uuid,
    now() - interval '1 day' * (n %% %(days)s)
FROM generate_series(1, %(calls)s / 30) AS n;
INSERT INTO usage_day
SELECT %(workspace)s, current_date - d, md5(p::text)::uuid, ARRAY[md5((p %% 12)::text)::uuid], NULL, 'model-' || m, k,
    'USD', 2, 0, 0, 0, 1800, 0, 600, 0, 8000000, 8000000, 2400, 800, 2
FROM generate_series(0, %(days)s - 1) AS d, generate_series(1, %(people)s) AS p, generate_series(0, 2) AS m,
    (VALUES ('answer'), ('title')) AS kinds (k)
WHERE (d * 7 + p + m) %% 2 = 0;
ANALYZE model_call; ANALYZE usage_day; ANALYZE message_feedback;
"""


def measure() -> Iterator[Figure]:
    """Fill the ledger, then book and read."""
    with fresh_data() as data, embedded_postgres(data, durable=False) as addresses:
        migrate(addresses.owner_url)
        yield from asyncio.run(_measure(addresses))


async def _measure(addresses: DatabaseAddresses) -> list[Figure]:
    async with open_database(addresses.app_url, pool_size=2), workspace() as actor:
        with psycopg.connect(addresses.superuser_url, autocommit=True) as connection:
            given = {"workspace": actor.workspace_id, "days": DAYS, "calls": CALLS, "people": PEOPLE}
            with psycopg.ClientCursor(connection) as cursor:
                cursor.execute(_FILL, given)
            (rows,) = connection.execute("SELECT count(*) FROM usage_day").fetchone() or (0,)
        Ratings.register(RatingsOfAnswers())
        before = await _pages(actor, 3)
        (rolled,) = await _times(lambda: _roll_up(actor), 1)
        with psycopg.connect(addresses.superuser_url, autocommit=True) as connection:
            connection.execute("ANALYZE")  # As it does by itself, a moment later.
        after = await _pages(actor, 10)
        plain = await _booking(actor)
        await _add_budgets(actor)
        held = await _booking(actor)
        reserved = await _times(lambda: _reserve(actor), _TRIES)
        empty = await _times(lambda: _nothing(actor), _TRIES)
    there = f"{CALLS:,} calls, {rows:,} sums of days"
    return [
        *(Figure(f"{name}, before days are summed up", spread(taken), "", there) for name, taken in before.items()),
        Figure("summing up all days", spread([rolled]), "", "once, by a job; afterwards a day each day"),
        *(Figure(name, spread(taken), "≤ 500 ms", f"{CALLS // 30:,} ratings") for name, taken in after.items()),
        Figure("booking adds", spread(plain), "≤ 2 ms", "over a unit of work that does nothing, no budget"),
        Figure("booking adds, with budgets", spread(held), "≤ 2 ms", "three of them hold"),
        Figure("reserving", spread(reserved), "", "a unit of work of its own, three budgets"),
        Figure("a unit of work", spread(empty), "", "that does nothing"),
    ]


async def _pages(actor: Actor, tries: int) -> dict[str, list[float]]:
    """What pages take to be read."""
    today, own = await get_today(actor), UUID(md5(b"0").hexdigest())
    return {
        "usage of a year": await _times(lambda: _report(actor, today, DAYS - 1), tries),
        "usage of a month": await _times(lambda: _report(actor, today, 30), tries),
        "quality of a year": await _times(lambda: _quality(actor, "12-months"), tries),
        "quality of 12 weeks": await _times(lambda: _quality(actor, "12-weeks"), tries),
        "quality of an assistant with a fifth of all calls": await _times(
            lambda: _quality(actor, "12-months", own), tries
        ),
    }


async def _roll_up(actor: Actor) -> None:
    if actor.workspace_id:
        await roll_up(actor.workspace_id)


async def _booking(actor: Actor) -> list[float]:
    """What a booking takes more than nothing, measured in turns."""
    more: list[float] = []
    for _ in range(_TRIES):
        (nothing,) = await _times(lambda: _nothing(actor), 1)
        (booked,) = await _times(lambda: _book(actor), 1)
        more.append(booked - nothing)
    return more


async def _nothing(actor: Actor) -> None:
    async with unit_of_work(actor):
        pass


async def _book(actor: Actor) -> None:
    call = CallRecord("answer", "model-1", "done", 900, prompt_tokens=900, completion_tokens=300, cost_nanos=4_000_000)
    async with unit_of_work(actor) as uow:
        book_call(uow, call)


async def _reserve(actor: Actor) -> None:
    async with unit_of_work(actor) as uow:
        await reserve(uow, PlannedCall(prompt_tokens=900, most_output=1_000, price=_PRICE))


async def _add_budgets(actor: Actor) -> None:
    units: tuple[tuple[Unit, str], ...] = (("money", "USD"), ("tokens", ""), ("money", "EUR"))
    for unit, currency in units:
        draft = BudgetDraft(unit, "workspace", None, False, "month", unit, currency, 10**17, (80,), True)
        await create_budget(actor, draft)


async def _report(actor: Actor, today: date, days: int) -> None:
    await get_report(actor, today - timedelta(days=days), today)


async def _quality(actor: Actor, chosen: Range, assistant_id: UUID | None = None) -> None:
    async with unit_of_work(actor) as uow:
        report = await report_on(uow, chosen, assistant_id, has_words=assistant_id is not None)
    if not report.total.answers:
        raise LookupError("There is nothing to read.")


async def _times(act: Callable[[], Awaitable[None]], tries: int) -> list[float]:
    """Milliseconds, by try."""
    taken: list[float] = []
    for _ in range(tries):
        begun = time.perf_counter()
        await act()
        taken.append((time.perf_counter() - begun) * 1000)
    return taken
