"""Composition root of the job worker: a process that does what the pages put in the queue."""

import asyncio
import signal
from collections.abc import Sequence

from convosphere.core.database import open_database
from convosphere.core.jobs import do_jobs, mend_queue, open_jobs
from convosphere.core.settings import Settings, load_settings


def main(_arguments: Sequence[str]) -> int:
    """Do jobs until SIGINT or SIGTERM; running ones get `DRAIN_SECONDS` to end."""
    asyncio.run(work(load_settings()))
    return 0


async def work(settings: Settings) -> None:
    """Connect, then do jobs until a signal asks to stop."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with (
        open_database(settings.database_url, pool_size=settings.database_pool),
        open_jobs(settings.database_url, settings.worker_concurrency),
    ):
        tasks = [
            asyncio.create_task(do_jobs(concurrency=settings.worker_concurrency, drain_seconds=settings.drain_seconds)),
            asyncio.create_task(mend_queue()),
        ]
        stopped = asyncio.create_task(stop.wait())
        done, _ = await asyncio.wait([*tasks, stopped], return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for task in done - {stopped}:
            task.result()
