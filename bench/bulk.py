"""Work on 20,000 documents: a tag on each, into the trash, and for good, with the list looked at meanwhile."""

import asyncio
import random
import time
from collections.abc import Iterator
from uuid import UUID

import aiohttp

from bench.copies import copy_documents
from bench.figures import Figure, spread
from bench.ingest import make_markdown, make_vocabulary, take_in
from bench.people import Person, database_of, owner_of
from bench.product import Product, founded_product
from convosphere.knowledge.bulk import service
from convosphere.knowledge.schemas import DocumentFilter, DocumentMatch, DocumentQuery
from convosphere.knowledge.service.documents import list_documents
from convosphere.knowledge.tags.schemas import TagDraft
from convosphere.knowledge.tags.service import create_tag

DOCUMENTS = 20_000
READ = 200
"""Documents that are uploaded and read; all others are like them."""
_LOOKS = 20
LAST = UUID(int=2**128 - 1)
"""Behind every document: planted ones have random ids."""


def measure() -> Iterator[Figure]:
    """Plant documents and have the product's own worker work on all of them."""
    with founded_product(None) as product:
        yield from asyncio.run(_measure(product))


async def _measure(product: Product) -> list[Figure]:
    async with database_of(product):
        owner = await owner_of(product)
        await _plant(product, owner)
        tag_id = await create_tag(owner.actor, TagDraft("To be kept"))
        idle = [await _look(owner) for _ in range(_LOOKS)]
        tag, busy = await _do(owner, "tag", {"tag_id": str(tag_id)})
        trash, more = await _do(owner, "trash")
        delete, _ = await _do(owner, "delete", is_trashed=True)
    there = f"{DOCUMENTS:,} documents of 4 kB, by the worker"
    return [
        Figure("a tag on each", f"{tag:.1f} s", "≤ 10 s", there),
        Figure("into the trash", f"{trash:.1f} s", "≤ 60 s", there),
        Figure("deleted for good", f"{delete:.1f} s", "≤ 60 s", f"{there}, each with passages and a file"),
        Figure("the list, idle", spread(idle), "≤ 150 ms", "the newest 50"),
        Figure("the list, meanwhile", spread([*busy, *more]), "≤ 2 × idle", "while a job runs"),
    ]


async def _plant(product: Product, owner: Person) -> None:
    chance = random.Random(11)
    words = make_vocabulary(chance)
    files = {f"note-{number}.md": make_markdown(chance, words).encode() for number in range(READ)}
    async with aiohttp.ClientSession() as http:
        await take_in(product, http, owner, files)
    await copy_documents(product, owner, DOCUMENTS // READ - 1)


async def _do(
    owner: Person, act: str, parameters: dict[str, str] | None = None, *, is_trashed: bool = False
) -> tuple[float, list[float]]:
    """Seconds that a job on all documents took, and how long the list took meanwhile, in milliseconds."""
    chosen = DocumentMatch(DocumentFilter(is_trashed=is_trashed), LAST)
    began, looks = time.perf_counter(), []
    job_id = await service.start(owner.actor, act, chosen, parameters or {})
    while (job := await service.get_job(owner.actor, job_id)).state == "running":
        looks.append(await _look(owner))
        await asyncio.sleep(0.1)
    if (job.done, job.failed) != (DOCUMENTS, 0):
        raise RuntimeError(f"{job.done} done, {job.failed} of them in vain.")
    return time.perf_counter() - began, looks


async def _look(owner: Person) -> float:
    began = time.perf_counter()
    await list_documents(owner.actor, DocumentQuery(limit=50))
    return (time.perf_counter() - began) * 1000
