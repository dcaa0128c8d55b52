"""The audit trail of 100,000 entries: verified, listed and exported."""

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import psycopg

from bench.figures import Figure, spread
from convosphere.core.audit.actions import DOCUMENT_DELETED
from convosphere.core.audit.export import ExportFormat, export_entries
from convosphere.core.audit.schemas import EntryFilter
from convosphere.core.audit.service import list_entries, record_heads, verify
from convosphere.core.database import open_database
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor, system_actor
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.models import Workspace
from convosphere.launch.migrations import migrate
from convosphere.launch.postgres import DatabaseAddresses, embedded_postgres

ENTRIES = 100_000
_IN_ONE_UNIT = 1_000
_TRIES = 20


def measure() -> Iterator[Figure]:
    """Fill a chain, then read it in every way."""
    with fresh_data() as data, embedded_postgres(data, durable=False) as addresses:
        migrate(addresses.owner_url)
        yield from asyncio.run(_measure(addresses))


@contextmanager
def fresh_data() -> Iterator[Path]:
    """A data directory for as long as the block runs, with a key of the trail of its own."""
    before = os.environ.get("CONVOSPHERE_DATA")
    with tempfile.TemporaryDirectory(prefix="convosphere-bench-") as directory:
        os.environ["CONVOSPHERE_DATA"] = directory
        get_settings.cache_clear()
        try:
            yield Path(directory)
        finally:
            os.environ.pop("CONVOSPHERE_DATA")
            if before is not None:
                os.environ["CONVOSPHERE_DATA"] = before
            get_settings.cache_clear()


async def _measure(addresses: DatabaseAddresses) -> list[Figure]:
    async with open_database(addresses.app_url, pool_size=2), workspace() as actor:
        filled = await _timed(lambda: _fill(actor))
        # As a server does by itself within a minute: until then it takes the table for empty.
        with psycopg.connect(addresses.superuser_url, autocommit=True) as connection:
            connection.execute("ANALYZE audit_entry")
        await record_heads()
        verified = await _timed(_verify)
        seldom = EntryFilter(label="Report 7 ")
        newest = [(await _timed(lambda: _list(actor, EntryFilter())))[0] * 1000 for _ in range(_TRIES)]
        sought = [(await _timed(lambda: _list(actor, seldom)))[0] * 1000 for _ in range(_TRIES // 4)]
        exported = await _timed(lambda: _export(actor))
    there = f"{ENTRIES:,} entries in one chain"
    return [
        Figure("verifying the trail", _seconds(verified), "≤ 10 s", there),
        Figure("a page of the trail", spread(newest), "", f"the newest 50 of {ENTRIES:,}"),
        Figure("a name that is seldom", spread(sought), "", "one entry, all others looked through"),
        Figure("exporting the trail", _seconds(exported), "", f"{there}, as CSV"),
        Figure("filling the trail", _seconds(filled), "", f"{_IN_ONE_UNIT:,} entries in one transaction"),
    ]


@asynccontextmanager
async def workspace() -> AsyncIterator[Actor]:
    actor = system_actor(new_id())
    async with unit_of_work(actor) as uow:
        uow.session.add(Workspace(id=uow.workspace_id, name="Bench"))
    yield actor


async def _fill(actor: Actor) -> None:
    for first in range(0, ENTRIES, _IN_ONE_UNIT):
        async with unit_of_work(actor) as uow:
            for number in range(first, first + _IN_ONE_UNIT):
                uow.record(DOCUMENT_DELETED, new_id(), label=f"Report {number} of the year")


async def _verify() -> None:
    report = await verify()
    if not report.is_sound or report.checked != ENTRIES:
        raise RuntimeError(f"{report.checked} of {ENTRIES} entries are right.")


async def _list(actor: Actor, wanted: EntryFilter) -> None:
    if not (await list_entries(actor, wanted)).entries:
        raise RuntimeError("Nothing was found.")


async def _export(actor: Actor) -> None:
    async for _ in await export_entries(actor, EntryFilter(), ExportFormat.CSV):
        pass


async def _timed(work: Callable[[], Awaitable[None]]) -> tuple[float, float]:
    """Seconds by the clock, and of this process's processor time."""
    began, used = time.perf_counter(), time.process_time()
    await work()
    return time.perf_counter() - began, time.process_time() - used


def _seconds(measured: tuple[float, float]) -> str:
    clock, used = measured
    return f"{clock:.1f} s, {used:.1f} s of processor time"
