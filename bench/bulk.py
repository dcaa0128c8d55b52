"""Work on 20,000 documents: into the trash, a day to look again, and for good, with the list looked at meanwhile."""

import asyncio
import time
from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import text

from bench.figures import Figure, spread
from bench.people import Person, database_of, owner_of
from bench.product import Product, founded_product
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.bulk import service
from convosphere.knowledge.schemas import DocumentFilter, DocumentMatch, DocumentQuery
from convosphere.knowledge.service.documents import list_documents

DOCUMENTS = 20_000
_LOOKS = 20
LAST = UUID(int=2**128 - 1)
"""Behind every document: planted ones have random ids."""
# Each with a version and a file of its own; what search keeps of them is measured by `ingest`.
_PLANT = (
    "INSERT INTO stored_file (workspace_id, sha256, size)"
    " SELECT :workspace, lpad(to_hex(n), 64, '0'), 1 FROM generate_series(1, :count) AS n",
    "INSERT INTO document (id, workspace_id, owner_id, name, status, current_version_id)"
    " SELECT gen_random_uuid(), :workspace, :owner, 'Report ' || n || '.md', 'ready', gen_random_uuid()"
    " FROM generate_series(1, :count) AS n",
    "INSERT INTO document_version (id, workspace_id, document_id, number, sha256, size, file_name, media_type,"
    " parsed_at)"
    " SELECT current_version_id, workspace_id, id, 1, lpad(to_hex(row_number() OVER ()), 64, '0'), 1, name,"
    " 'text/markdown', now() FROM document WHERE workspace_id = :workspace",
    "INSERT INTO file_reference (workspace_id, sha256, holder_id)"
    " SELECT workspace_id, sha256, id FROM document_version WHERE workspace_id = :workspace",
)


def measure() -> Iterator[Figure]:
    """Plant documents and have the product's own worker work on all of them."""
    with founded_product(None) as product:
        yield from asyncio.run(_measure(product))


async def _measure(product: Product) -> list[Figure]:
    async with database_of(product):
        owner = await owner_of(product)
        await _plant(owner)
        idle = [await _look(owner) for _ in range(_LOOKS)]
        review, busy = await _do(owner, "review", is_trashed=False)
        trash, more = await _do(owner, "trash", is_trashed=False)
        delete, _ = await _do(owner, "delete", is_trashed=True)
    there = f"{DOCUMENTS:,} documents, by the worker"
    return [
        Figure("a small change of each", f"{review:.1f} s", "≤ 10 s", f"{there}: a day to look again"),
        Figure("into the trash", f"{trash:.1f} s", "≤ 60 s", there),
        Figure("deleted for good", f"{delete:.1f} s", "≤ 60 s", f"{there}, each with a file"),
        Figure("the list, idle", spread(idle), "≤ 150 ms", "the newest 50"),
        Figure("the list, meanwhile", spread([*busy, *more]), "≤ 2 × idle", "while a job runs"),
    ]


async def _plant(owner: Person) -> None:
    async with unit_of_work(owner.actor) as uow:
        given = {"workspace": uow.workspace_id, "owner": uow.account_id, "count": DOCUMENTS}
        await uow.session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
        for statement in _PLANT:
            await uow.session.execute(text(statement), {key: given[key] for key in given if f":{key}" in statement})


async def _do(owner: Person, act: str, *, is_trashed: bool) -> tuple[float, list[float]]:
    """Seconds that a job on all documents took, and how long the list took meanwhile, in milliseconds."""
    chosen = DocumentMatch(DocumentFilter(is_trashed=is_trashed), LAST)
    parameters = {"review_on": "2030-01-01"} if act == "review" else {}
    began, looks = time.perf_counter(), []
    job_id = await service.start(owner.actor, act, chosen, parameters)
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
