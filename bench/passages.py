"""New passages of many documents: cut anew beside those that are searched, as a job."""

import asyncio
import random
import time
from collections.abc import Iterator

import aiohttp

from bench.copies import copy_documents
from bench.figures import Figure
from bench.ingest import make_markdown, make_vocabulary, take_in
from bench.people import Person, database_of, owner_of
from bench.product import BenchError, Product, founded_product
from convosphere.knowledge.chunking import service, switching
from convosphere.knowledge.chunking.schemas import ChunkSettings
from convosphere.knowledge.parsing.schemas import Chunking

READ = 25
"""Documents that are uploaded and read; all others are like them."""
DOCUMENTS = (500, 2_000)
PATIENCE_SECONDS = 600
SMALLER = ChunkSettings(Chunking(120, 20))


def measure() -> Iterator[Figure]:
    """Fill a workspace with some documents, and with more, and cut all of them in another way."""
    for documents in DOCUMENTS:
        with founded_product(None) as product:
            yield asyncio.run(_measure(product, documents))


async def _measure(product: Product, documents: int) -> Figure:
    chance = random.Random(11)
    words = make_vocabulary(chance)
    async with database_of(product), aiohttp.ClientSession() as http:
        owner = await owner_of(product)
        files = {f"note-{number}.md": make_markdown(chance, words).encode() for number in range(READ)}
        await take_in(product, http, owner, files)
        await copy_documents(product, owner, documents // READ - 1)
        before = (await service.get_state(owner.actor)).passages
        began = time.monotonic()
        await switching.start(owner.actor, SMALLER)
        made = await _made(owner)
    seconds = time.monotonic() - began
    return Figure(
        f"new passages of {documents} documents", f"{seconds:.1f} s", "",
        f"4 kB each; {before} passages, then {made}; {seconds / documents * 1000:.1f} ms a document",
    )  # fmt: skip


async def _made(owner: Person) -> int:
    """How many passages there are when all are made."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        shadow = (await service.get_state(owner.actor)).shadow
        if shadow and shadow.state == "ready":
            return shadow.passages
        await asyncio.sleep(0.25)
    raise BenchError(f"New passages were not made within {PATIENCE_SECONDS} s.")
