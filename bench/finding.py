"""Finding something among 100,000 messages of one person."""

import asyncio
import time
from collections.abc import Iterator

from sqlalchemy import text

from bench.figures import Figure, spread
from bench.people import Person, database_of, owner_of
from bench.product import Product, founded_product
from convosphere.chat.service.finding import find
from convosphere.core.unit_of_work import unit_of_work

CONVERSATIONS = 5_000
EACH = 20
WORDS = 120
TRIES = 20
SEARCHES = {
    "one word": "thing7 ",
    "a word of nearly every message": "the ",
    "three words": "notice period tenant ",
    "a phrase": '"notice period"',
    "the beginning of a word": "kündigungsf",
    "a filter and a word": "from:me contract ",
    "nothing to be found": "xylophone ",
}

_ADD_CONVERSATIONS = text(
    """
    INSERT INTO conversation (id, workspace_id, owner_id, title, is_title_automatic)
    SELECT uuidv7(), :workspace_id, :account_id, 'Planted ' || n, false FROM generate_series(1, :count) AS n
    """
)
# Words of both languages, and some that are rare.
_ADD_MESSAGES = text(
    """
    INSERT INTO message (id, workspace_id, conversation_id, role, status, parts)
    SELECT uuidv7(), c.workspace_id, c.id, CASE WHEN n % 2 = 0 THEN 'assistant' ELSE 'user' END, 'done',
        jsonb_build_array(jsonb_build_object('type', 'text', 'text', (
            SELECT string_agg((ARRAY['contract', 'notice', 'period', 'tenant', 'policy', 'travel', 'budget', 'the',
                'and', 'Kündigungsfrist', 'Urlaubsantrag', 'Häuser', 'Vertrag', 'die', 'der', 'und',
                'word' || (k * 31 + n) % 9973, 'thing' || abs(hashtext(c.id::text || n || k)) % 300
            ])[1 + abs(hashtext(c.id::text || n || k)) % 18], ' ')
            FROM generate_series(1, :words) AS k
        )))
    FROM conversation AS c, generate_series(1, :each) AS n WHERE c.title LIKE 'Planted %'
    """
)


def measure() -> Iterator[Figure]:
    """Fill a person's conversations and look for things in them."""
    with founded_product(None) as product:
        yield from asyncio.run(_measure(product))


async def _measure(product: Product) -> list[Figure]:
    async with database_of(product):
        owner = await owner_of(product)
        await _plant(owner)
        there = f"{CONVERSATIONS * EACH} messages in {CONVERSATIONS} conversations"
        return [
            Figure(
                f"finding: {name}",
                spread([await _find(owner, search) for _ in range(TRIES + 2)][2:]),
                "≤ 100 ms",
                there,
            )
            for name, search in SEARCHES.items()
        ]


async def _plant(person: Person) -> None:
    async with unit_of_work(person.actor) as uow:
        given = {"workspace_id": uow.workspace_id, "account_id": uow.account_id, "count": CONVERSATIONS}
        await uow.session.execute(_ADD_CONVERSATIONS, given)
        await uow.session.execute(_ADD_MESSAGES, {"each": EACH, "words": WORDS})


async def _find(person: Person, written: str) -> float:
    began = time.perf_counter()
    await find(person.actor, written)
    return (time.perf_counter() - began) * 1000
