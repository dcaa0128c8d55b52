"""Work that goes on behind the pages: durable, in the database, done by `worker.py`.

Packages declare tasks with `@jobs.task(...)` in their `tasks.py`; `UnitOfWork.enqueue` starts one by its name when the
unit commits. A job is delivered at least once, so every task can be run again without harm.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import procrastinate
import structlog
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job

from convosphere.core.errors import UnavailableError

SHORT_QUEUES = ("default", "mail")
LONG_QUEUES = ("sources",)
"""What waits for strangers' servers, for hours perhaps, so that nothing else has to wait for it."""
LISTENING_QUEUES = ("recordings",)
"""What is listened to by a model, which takes minutes for an hour."""
ALL_QUEUES = (*SHORT_QUEUES, *LONG_QUEUES, *LISTENING_QUEUES)

HEARTBEAT_SECONDS = 5
STALLED_SECONDS = 20
"""A worker that was silent for so long is taken for dead, and its jobs go to others."""

_POLL_SECONDS = 2
_KEEP_FAILED_HOURS = 72
_MOST_ATTEMPTS = 5

log = structlog.get_logger()

# Without an address until `open_jobs` puts a connector with one in its place.
jobs = procrastinate.App(connector=procrastinate.PsycopgConnector())


class InUseError(Exception):
    """Another run works on the same thing; this one is to come again a little later."""


class Patience(BaseRetryStrategy):
    """Tries again what a stop interrupted, what is in use, and, with growing pauses, what lacked a part it needs."""

    def __init__(self, attempts: int = _MOST_ATTEMPTS, growth: int = 2) -> None:
        self._attempts, self._growth = attempts, growth

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again, or None for never."""
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision(retry_in={"seconds": 0})
        if isinstance(exception, InUseError):
            return RetryDecision(retry_in={"seconds": HEARTBEAT_SECONDS})
        if isinstance(exception, UnavailableError) and not is_last_attempt(job, self._attempts):
            return RetryDecision(retry_in={"seconds": self._growth ** (job.attempts + 1)})
        return None


def is_last_attempt(job: Job, attempts: int = _MOST_ATTEMPTS) -> bool:
    """Whether a job whose parts do not answer is given up after this attempt."""
    return job.attempts + 1 >= attempts


@asynccontextmanager
async def open_jobs(database_url: str, concurrency: int) -> AsyncIterator[None]:
    """Connect the queue to the database as long as the block runs."""
    connector = procrastinate.PsycopgConnector(
        conninfo=database_url, min_size=1, max_size=concurrency + 3, timeout=10, kwargs={"connect_timeout": 5}
    )
    with jobs.replace_connector(connector):
        async with jobs.open_async():
            yield


async def do_jobs(
    *, concurrency: int, drain_seconds: float, until_idle: bool = False, queues: Sequence[str] = ALL_QUEUES
) -> None:
    """Do the jobs of some queues until cancelled, or until none is left.

    What runs then gets `drain_seconds` to end, or goes back.

    Raises:
        ConnectorException: the database is lost.
    """
    await jobs.run_worker_async(
        queues=list(queues),
        concurrency=concurrency,
        wait=not until_idle,
        fetch_job_polling_interval=_POLL_SECONDS,
        shutdown_graceful_timeout=drain_seconds,
        listen_notify=not until_idle,
        delete_jobs="successful",
        install_signal_handlers=False,
        update_heartbeat_interval=HEARTBEAT_SECONDS,
        stalled_worker_timeout=STALLED_SECONDS,
    )


async def mend_queue() -> None:
    """Give the jobs of dead workers to living ones, again and again, and once an hour forget old failed ones."""
    for turn in itertools.count():
        await retry_stalled()
        if turn % (3600 // HEARTBEAT_SECONDS) == 0:
            await jobs.job_manager.delete_old_jobs(
                _KEEP_FAILED_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
            )
        await asyncio.sleep(HEARTBEAT_SECONDS)


async def retry_stalled(seconds: int = STALLED_SECONDS) -> int:
    """Give the jobs of workers that were silent for so long to living ones; gives how many."""
    stalled = list(await jobs.job_manager.get_stalled_jobs(seconds_since_heartbeat=seconds))
    for job in stalled:
        log.warning("job_interrupted", job=job.id, task=job.task_name, attempts=job.attempts)
        # Another worker may have been faster; a database that is gone shows itself in the next turn.
        with suppress(ConnectorException):
            await jobs.job_manager.retry_job(job)
    return len(stalled)
