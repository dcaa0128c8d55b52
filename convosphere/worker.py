"""Composition root of the job worker: a process that does what the pages put in the queue."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import psycopg
import structlog
import uvloop
from procrastinate.exceptions import ConnectorException

from convosphere.assistants import tasks as assistant_tasks
from convosphere.chat import tasks as chat_tasks
from convosphere.core.audit import tasks as audit_tasks
from convosphere.core.audit.keys import audit_keys
from convosphere.core.audit.refusals import RefusalWriter
from convosphere.core.database import open_database
from convosphere.core.errors import UnavailableError
from convosphere.core.jobs import LISTENING_QUEUES, LONG_QUEUES, SHORT_QUEUES, do_jobs, jobs, mend_queue, open_jobs
from convosphere.core.logs import configure_logs
from convosphere.core.mail import tasks as mail_tasks
from convosphere.core.permissions import Actor, system_actor
from convosphere.core.secrets.checking import check_keys
from convosphere.core.settings import Settings, load_settings
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.files import tasks as file_tasks
from convosphere.identity import tasks as identity_tasks
from convosphere.identity.service.installation import founded_workspace
from convosphere.knowledge import tasks as knowledge_tasks
from convosphere.knowledge.bulk import tasks as bulk_tasks
from convosphere.knowledge.chunking import tasks as chunking_tasks
from convosphere.knowledge.evaluation import tasks as evaluation_tasks
from convosphere.knowledge.health import tasks as health_tasks
from convosphere.knowledge.parsing.parser import Parser
from convosphere.knowledge.previews import tasks as preview_tasks
from convosphere.knowledge.rules import tasks as rule_tasks
from convosphere.knowledge.search import tasks as search_tasks
from convosphere.knowledge.search.embedding import embedding_with, enqueue_embedding
from convosphere.knowledge.service.processing import reading_with
from convosphere.knowledge.sources import tasks as source_tasks
from convosphere.launch.ports import fill_ports
from convosphere.launch.sealed import SEALED_COLUMNS
from convosphere.llm.embeddings.embedder import WorkspaceEmbedder
from convosphere.llm.gateway import Gateway
from convosphere.llm.opening import models_from
from convosphere.llm.queries.offers import is_chosen
from convosphere.notifications import tasks as notification_tasks
from convosphere.playground import tasks as playground_tasks
from convosphere.prompts import tasks as prompt_tasks
from convosphere.templates import tasks as template_tasks
from convosphere.usage import tasks as usage_tasks

TASKS = (
    assistant_tasks,
    audit_tasks,
    bulk_tasks,
    chat_tasks,
    chunking_tasks,
    evaluation_tasks,
    file_tasks,
    health_tasks,
    identity_tasks,
    knowledge_tasks,
    preview_tasks,
    mail_tasks,
    notification_tasks,
    playground_tasks,
    prompt_tasks,
    rule_tasks,
    search_tasks,
    source_tasks,
    usage_tasks,
    template_tasks,
)
"""The modules whose tasks this process does."""

fill_ports()

RECONNECT_SECONDS = 1.0
BEHIND_PEOPLE = 5
"""How much nicer than the application this is: where processors are short, whoever waits for a page or an answer goes
first, at three times the share. No more, as jobs hold locks that pages wait for."""
LONG_AT_ONCE = 2
"""Jobs of the long queues, which mostly wait."""
LISTENING_AT_ONCE = 2
"""Recordings that are listened to: a model does the work."""

log = structlog.get_logger()


class QueueLostError(Exception):
    """The queue stopped by itself, as when its connection broke."""


def main(_arguments: Sequence[str]) -> int:
    """Do jobs until SIGINT or SIGTERM; running ones get `DRAIN_SECONDS` to end. A second signal ends all at once."""
    settings = load_settings()
    configure_logs(settings.log_level)
    audit_keys()  # Whatever is wrong with it stops the start.
    os.nice(BEHIND_PEOPLE)
    uvloop.run(work(settings))
    return 0


async def work(settings: Settings) -> None:
    """Connect, then do jobs until a signal asks to stop."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, _stop_or_abandon, stop)
    async with (
        open_database(settings.database_url, pool_size=settings.database_pool),
        RefusalWriter().running(),
        Parser.from_settings(settings) as parser,
        reading_with(parser),
        _models(settings),
    ):
        # A database that is away is waited for below; the application, which starts as well, looks for itself.
        with suppress(UnavailableError):
            await check_keys(SEALED_COLUMNS)
        log.info("worker_started", process=os.getpid(), tasks=sorted(jobs.tasks), at_once=settings.worker_concurrency)
        working = asyncio.create_task(_work_on(settings))
        stopped = asyncio.create_task(stop.wait())
        done, _ = await asyncio.wait([working, stopped], return_when=asyncio.FIRST_COMPLETED)
        working.cancel()
        stopped.cancel()
        await asyncio.wait([working, stopped])
        if working in done:
            working.result()
    log.info("worker_stopped", process=os.getpid())


class LateModels:
    """Connects the models when the first job asks for one; most workers never do."""

    def __init__(self, settings: Settings, opened: AsyncExitStack) -> None:
        self._settings = settings
        self._opened = opened
        self._opening = asyncio.Lock()
        self._gateway: Gateway | None = None

    async def open(self) -> None:
        """Connect them, unless they are."""
        await self._connected()

    async def embedder(self, actor: Actor, *, anew: bool = False, named: str | None = None) -> WorkspaceEmbedder | None:
        """What makes the vectors of the actor's workspace, or those of another choice."""
        return await (await self._connected()).embedder(actor, anew=anew, named=named)

    async def makes_vectors(self, uow: UnitOfWork) -> bool:
        """Whether the unit's workspace has a model for vectors, which is told without connecting any."""
        return bool(self._settings.embedding_model) or await is_chosen(uow, "embedding")

    async def _connected(self) -> Gateway:
        async with self._opening:
            if self._gateway is None:
                self._gateway = await self._opened.enter_async_context(Gateway(self._settings))
            return self._gateway


@asynccontextmanager
async def _models(settings: Settings) -> AsyncGenerator[None, None]:
    """Models for whatever job wants them. If the settings name one for vectors, what has none of it gets one."""
    async with AsyncExitStack() as opened:
        models = LateModels(settings, opened)
        with models_from(models.open), embedding_with(models):
            if settings.embedding_model:
                await models.open()  # Whatever is wrong with it stops the start.
                if workspace_id := await founded_workspace():
                    async with unit_of_work(system_actor(workspace_id)) as uow:
                        await enqueue_embedding(uow)
            yield


async def _work_on(settings: Settings) -> None:
    """Do jobs for ever, connecting anew whenever the database was lost."""
    while True:
        try:
            async with (
                open_jobs(settings.database_url, settings.worker_concurrency + LONG_AT_ONCE + LISTENING_AT_ONCE),
                asyncio.TaskGroup() as group,
            ):
                group.create_task(_do_jobs(settings, SHORT_QUEUES, settings.worker_concurrency))
                group.create_task(_do_jobs(settings, LONG_QUEUES, LONG_AT_ONCE))
                group.create_task(_do_jobs(settings, LISTENING_QUEUES, LISTENING_AT_ONCE))
                group.create_task(mend_queue())
        except* (ConnectorException, psycopg.Error, QueueLostError) as lost:
            log.warning("queue_lost", reason=str(lost.exceptions[0]).strip()[:200])
        await asyncio.sleep(RECONNECT_SECONDS)


async def _do_jobs(settings: Settings, queues: Sequence[str], at_once: int) -> None:
    await do_jobs(concurrency=at_once, drain_seconds=settings.drain_seconds, queues=queues)
    raise QueueLostError("The worker stopped by itself.")


def _stop_or_abandon(stop: asyncio.Event) -> None:
    if stop.is_set():
        # Whatever runs is found by its silence and done again; readers die with this process.
        os._exit(1)
    stop.set()
