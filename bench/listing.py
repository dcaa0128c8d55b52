"""The list of 1,000 conversations: from the database, and into a tab."""

import asyncio
import time
from collections.abc import Iterator

import aiohttp

from bench.figures import Figure, spread
from bench.people import Person, add_conversations, database_of, owner_of
from bench.product import Product, founded_product
from bench.tabs import LIST, Tab, open_tab
from convosphere.chat.service.conversations import list_conversations

CONVERSATIONS = 1000
TRIES = 200
AT_ONCE = 8


def measure() -> Iterator[Figure]:
    """Fill a person's list and read it."""
    with founded_product(None) as product:
        yield from asyncio.run(_measure(product))


async def _measure(product: Product) -> list[Figure]:
    async with database_of(product):
        owner = await owner_of(product)
        first = (await add_conversations(owner, CONVERSATIONS))[0]
        alone = [await _list(owner) for _ in range(TRIES + 10)][10:]
        together = [time for _ in range(TRIES // AT_ONCE) for time in await _list_together(owner)]
    async with aiohttp.ClientSession() as http, open_tab(http, product.address, owner.cookie, lists=False) as tab:
        await _through(tab, str(first))
        through = [await _through(tab, str(first)) for _ in range(TRIES)]
    there = f"{CONVERSATIONS} there, the latest 51 read"
    return [
        Figure("list of conversations", spread(alone), "p50 ≤ 6 ms", f"{there}, by the service"),
        Figure(f"the same, {AT_ONCE} at once", spread(together), "≤ 40 ms", f"{there}, each of {AT_ONCE}"),
        Figure("the same through a tab's socket", spread(through), "", "with session, permission and State"),
    ]


async def _list(person: Person) -> float:
    began = time.perf_counter()
    await list_conversations(person.actor, limit=51)
    return (time.perf_counter() - began) * 1000


async def _list_together(person: Person) -> list[float]:
    return await asyncio.gather(*(_list(person) for _ in range(AT_ONCE)))


async def _through(tab: Tab, conversation_id: str) -> float:
    """Renaming to nothing keeps the title and reads the list anew."""
    began = time.time()
    arrival = asyncio.ensure_future(tab.wait_for(LIST, "is_loaded"))
    await tab.call(f"{LIST}.rename", conversation_id=conversation_id, title="")
    return (await arrival - began) * 1000
