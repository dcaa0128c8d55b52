"""Answers being written by this process. They belong to it, not to a tab: any number of tabs watch, or none."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import aclosing, asynccontextmanager
from time import monotonic
from uuid import UUID

import structlog

from convosphere.answers.schemas import AnswerEvent
from convosphere.chat.generation import Generation
from convosphere.chat.pace import Pace
from convosphere.chat.queries.generations import save_progress
from convosphere.core.endings import end
from convosphere.core.errors import ConfigurationError, ExpectedError, UnavailableError
from convosphere.core.events import current_event_hub
from convosphere.core.i18n import t
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import system_actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.service.memberships import SHUT_OUT
from convosphere.llm.schemas import TextPiece, ThinkingPiece

log = structlog.get_logger()

SAVE_SECONDS = 1.0
FINISH_SECONDS = 600.0
LONGEST_PAUSE = 4.0


Finisher = Callable[[Generation, str], Awaitable[None]]
"""Stores the message in its final state; see `service.finish_answer`."""

_hosts: list["GenerationHost"] = []


def current_generation_host() -> "GenerationHost":
    """The host of this process.

    Raises:
        ConfigurationError: this process writes no answers.
    """
    if not _hosts:
        raise ConfigurationError("No generation host is running in this process.")
    return _hosts[-1]


class GenerationHost:
    """All answers that this process writes."""

    def __init__(self, drain_seconds: float) -> None:
        self.process_id = new_id()
        self._drain_seconds = drain_seconds
        self._running: dict[UUID, Generation] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self) -> AsyncGenerator["GenerationHost", None]:
        """Write answers as long as the context lasts; at its end, those that are not done in time are interrupted."""
        beside = [
            asyncio.create_task(self._save_forever(), name="save-generations"),
            asyncio.create_task(self._obey_stops(), name="stop-generations"),
        ]
        _hosts.append(self)
        try:
            yield self
        finally:
            await self._drain()
            _hosts.remove(self)
            await end(*beside)

    def start(self, generation: Generation, events: AsyncGenerator[AnswerEvent, None], finish: Finisher) -> None:
        """Begin to write an answer."""
        self._running[generation.message_id] = generation
        generation.reading = asyncio.create_task(self._read(generation, events))
        self._keep(asyncio.create_task(self._see_through(generation, generation.reading, finish)))

    def start_beside(self, work: Coroutine[None, None, None]) -> None:
        """Do something for an answer that nobody waits for, such as its title."""
        self._keep(asyncio.create_task(work))

    def find(self, message_id: UUID) -> Generation | None:
        """An answer that this process writes right now."""
        return self._running.get(message_id)

    @property
    def count(self) -> int:
        """How many answers this process writes right now."""
        return len(self._running)

    def stop(self, message_id: UUID) -> None:
        """Stop writing an answer, if it is written here; the text so far stays."""
        generation = self._running.get(message_id)
        # Asked a second time, as every stop is by its notice, it would break off the closing of the connection.
        if generation and generation.reading and not generation.is_stop_wanted:
            generation.is_stop_wanted = generation.reading.cancel()

    def stop_all_of(self, workspace_id: UUID, account_id: UUID) -> None:
        """Stop all answers that are written here for a person of a workspace."""
        whose = (workspace_id, account_id)
        theirs = [
            found for found in self._running.values() if (found.actor.workspace_id, found.actor.account_id) == whose
        ]
        for generation in theirs:
            self.stop(generation.message_id)

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _read(self, generation: Generation, events: AsyncGenerator[AnswerEvent, None]) -> str:
        """Take all events; returns the status to store."""
        pace = Pace()
        try:
            async with aclosing(events):
                async for event in events:
                    generation.take(event)
                    if isinstance(event, TextPiece | ThinkingPiece):
                        await pace.rest(self.count)
        except ExpectedError as error:
            generation.error, generation.error_code = error.message, error.code
            return "failed"
        except Exception:
            incident = str(new_id())
            log.exception("generation_failed", incident=incident)
            generation.error_code = "internal"
            generation.error = t(
                "Something went wrong. If it happens again, tell your administrator this number: {id}", id=incident
            )
            return "failed"
        return "done"

    async def _see_through(self, generation: Generation, reading: asyncio.Task[str], finish: Finisher) -> None:
        """Store how it ended. Only the reading is ever cancelled, so that the end is always stored."""
        await asyncio.wait([reading])
        if reading.cancelled():
            status = "stopped" if generation.is_stop_wanted else "interrupted"
        else:
            status = reading.result()
        try:
            await _finish_surely(generation, status, finish)
        finally:
            generation.end(status)
            del self._running[generation.message_id]

    async def _save_forever(self) -> None:
        while True:
            await asyncio.sleep(SAVE_SECONDS)
            try:
                await self._save()
            except ExpectedError as error:
                log.warning("generations_not_saved", reason=str(error))
            except Exception:
                # A bug here must not end the leases of all answers.
                log.exception("generations_not_saved")

    async def _obey_stops(self) -> None:
        """Stop what is asked for in any process, and all answers of whoever is shut out."""
        async with current_event_hub().subscribe("stop:*", f"{SHUT_OUT}:*") as notices:
            while True:
                kind, *ids = (await notices.get()).split(":")
                if kind == SHUT_OUT:
                    self.stop_all_of(*map(UUID, ids))
                elif ids:
                    self.stop(UUID(ids[0]))

    async def _save(self) -> None:
        by_workspace: dict[UUID, list[Generation]] = defaultdict(list)
        for generation in self._running.values():
            if generation.actor.workspace_id:
                by_workspace[generation.actor.workspace_id].append(generation)
        for workspace_id, generations in by_workspace.items():
            progress = [item.progress() for item in generations]
            async with unit_of_work(system_actor(workspace_id)) as uow:
                await save_progress(uow, self.process_id, progress)

    async def _drain(self) -> None:
        if not self._tasks:
            return
        await asyncio.wait(self._tasks, timeout=self._drain_seconds)
        for generation in self._running.values():
            if generation.reading:
                generation.reading.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=10)


async def _finish_surely(generation: Generation, status: str, finish: Finisher) -> None:
    """Store the end, also when the database was away for minutes; after that the lease runs out and says the rest."""
    deadline, pause = monotonic() + FINISH_SECONDS, 0.5
    while True:
        try:
            return await finish(generation, status)
        except ExpectedError as error:
            log.warning("answer_not_stored", message_id=str(generation.message_id), reason=str(error))
            if not isinstance(error, UnavailableError) or monotonic() > deadline:
                return None
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)
