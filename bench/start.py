"""How long a start takes, and what the product weighs while nobody asks."""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp

from bench.figures import Figure, middle
from bench.people import add_conversations, database_of, owner_of
from bench.product import Product, founded_product, running_product
from bench.tabs import open_tab

STARTS = 3
TABS = 30
CONVERSATIONS = 200
SETTLE_SECONDS = 5
LITELLM_SECONDS = 25


def measure() -> Iterator[Figure]:
    """Start with data, and weigh."""
    with tempfile.TemporaryDirectory(prefix="convosphere-bench-") as directory:
        data = Path(directory)
        with running_product(None, data) as product:
            product.found()
            cookie = product.owner_cookie
            first = product.seconds_to_start
            asyncio.run(_fill(product))
        again: list[float] = []
        for _ in range(STARTS):
            with running_product(None, data) as product:
                again.append(product.seconds_to_start)
        yield Figure(
            "start with data → page answers", middle(again, "s"), "≤ 5 s", f"middle of {STARTS}; first {first:.1f} s"
        )
        with running_product(None, data) as product:
            product.owner_cookie = f"session_{product.port}={cookie.partition('=')[2]}"
            yield from asyncio.run(_weigh(product))
    with founded_product(None, ANTHROPIC_API_KEY="none-needed") as product:
        time.sleep(LITELLM_SECONDS)
        yield Figure(
            "idle memory with LiteLLM", f"{product.memory():.0f} MB", "≤ 450 MB", "PSS, application and worker"
        )


async def _fill(product: Product) -> None:
    async with database_of(product):
        await add_conversations(await owner_of(product), CONVERSATIONS)


async def _weigh(product: Product) -> list[Figure]:
    await asyncio.sleep(SETTLE_SECONDS)
    idle = product.memory()
    async with aiohttp.ClientSession() as http, AsyncExitStack() as stack:
        for _ in range(TABS // 3):
            await stack.enter_async_context(open_tab(http, product.address, product.owner_cookie))
        await asyncio.sleep(SETTLE_SECONDS)
        few = product.memory()
        for _ in range(TABS):
            await stack.enter_async_context(open_tab(http, product.address, product.owner_cookie))
        await asyncio.sleep(SETTLE_SECONDS)
        many = product.memory()
    return [
        Figure("idle memory", f"{idle:.0f} MB", "≤ 300 MB", "PSS, application and worker, no model"),
        Figure("each further tab", f"{(many - few) / TABS:.2f} MB", "≤ 1 MB", f"{TABS} after {TABS // 3}"),
    ]
