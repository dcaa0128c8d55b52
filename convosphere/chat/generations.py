"""Answers being written by this process. They belong to it, not to a tab: any number of tabs watch, or none."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic
from uuid import UUID

import structlog

from convosphere.answers.schemas import AnswerEvent, PromptBuilt, Source, SourcesFound
from convosphere.assistants.schemas import Briefing
from convosphere.chat.pace import Pace
from convosphere.chat.queries.generations import Progress, save_progress
from convosphere.core.errors import ConfigurationError, ExpectedError
from convosphere.core.events import current_event_hub
from convosphere.core.i18n import Message, t
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor, system_actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.service.memberships import SHUT_OUT
from convosphere.llm.schemas import Finished, ModelChosen, Price, TextPiece, ThinkingPiece, Usage, Waiting
from convosphere.llm.tokens import estimate_tokens

log = structlog.get_logger()

SAVE_SECONDS = 1.0
FINISH_TRIES = 5


@dataclass
class Generation:
    """An answer while it is written, and for those who watch its end."""

    actor: Actor
    message_id: UUID
    text: str = ""
    piece_number: int = 0
    model: str = ""
    provider: str = ""
    price: Price | None = None
    asked_model: str = ""
    switch_note: Message | None = None
    """Which model was asked where another one answers, and why."""
    waiting: Message | None = None
    """The place in line, for whoever waits long for a turn."""
    assistant: Briefing | None = None
    sources: tuple[Source, ...] = ()
    prompt: PromptBuilt | None = None
    thinking: str = field(default="", repr=False)
    """What its model thinks before it writes."""
    thinking_tokens: int = 0
    """An estimate, for answers that end before anybody says how many there were."""
    thinking_ms_so_far: int = 0
    thinking_began_at: float | None = None
    thinking_ended_at: float | None = None
    usage: Usage | None = None
    status: str = "streaming"
    error: Message | None = None
    error_code: str = ""
    is_stop_wanted: bool = False
    started_at: float = field(default_factory=monotonic)
    first_piece_at: float | None = None
    last_piece_at: float | None = None
    reading: asyncio.Task[str] | None = None
    watchers: Counter[UUID] = field(default_factory=Counter)
    """How many tabs of each person look on in this process."""
    _saved_thinking: int = 0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_over(self) -> bool:
        """Whether its message is stored as it will stay."""
        return self.status != "streaming"

    @property
    def thinking_ms(self) -> int | None:
        """How long its model has been thinking, or had when it began to write; None where it did not."""
        if self.thinking_began_at is None:
            return self.thinking_ms_so_far if self.thinking else None
        ended_at = self.thinking_ended_at or monotonic()
        return self.thinking_ms_so_far + round((ended_at - self.thinking_began_at) * 1000)

    def progress(self) -> Progress:
        """How far it is, for the table that others read; of the thoughts only where they have grown."""
        is_grown, self._saved_thinking = len(self.thinking) > self._saved_thinking, len(self.thinking)
        return Progress(self.message_id, self.text, self.piece_number, self.thinking if is_grown else None)

    async def wait_for_change(self, seen: int) -> None:
        """Return as soon as there are more pieces than those seen, or the end."""
        while self.piece_number <= seen and not self.is_over:
            await self._changed.wait()

    async def wait_for_end(self) -> None:
        """Return when it is over."""
        await self._ended.wait()

    def take(self, event: AnswerEvent) -> None:
        """Add what the answer brings next."""
        match event:
            case ThinkingPiece(text=thought):
                self.thinking_tokens += estimate_tokens(thought)
                self.thinking += thought
                self.thinking_began_at = self.thinking_began_at or monotonic()
            case TextPiece(text=piece):
                self.last_piece_at = monotonic()
                self.thinking_ended_at = self.thinking_ended_at or self.last_piece_at
                self.first_piece_at = self.first_piece_at or self.last_piece_at
                self.text += piece
            case SourcesFound(sources=sources):
                self.sources = sources
            case PromptBuilt():
                self.prompt = event
            case ModelChosen(model=model, instead_of=asked, note=note):
                self.model, self.provider, self.price = model.id, model.provider, model.price
                self.asked_model, self.switch_note, self.waiting = asked.id if asked else "", note, None
            case Waiting(model=model, place=place):
                self.waiting = _place_in_line(model.name, place) if place else None
            case Finished(usage=usage):
                self.usage = usage
        self.piece_number += 1
        self._wake()

    def end(self, status: str) -> None:
        """Tell all who watch that it is over."""
        self.status = status
        self._ended.set()
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


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
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)

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


def _place_in_line(model: str, place: int) -> Message:
    return t("Waiting for {model}: your question is number {place} in line.", model=model, place=place)


async def _finish_surely(generation: Generation, status: str, finish: Finisher) -> None:
    """Store the end, also when the database is away for a moment; after that the lease runs out and says the rest."""
    for attempt in range(FINISH_TRIES):
        try:
            await finish(generation, status)
        except ExpectedError as error:
            log.warning("answer_not_stored", message_id=str(generation.message_id), reason=str(error))
            await asyncio.sleep(2**attempt / 2)
        else:
            return
