"""Answers of this process, told to other processes piece by piece as long as somebody there watches.

Whoever watches an answer that is written elsewhere listens on its channel and says so with a wish; only then the writer
begins to speak, and it ends when nobody hears it any more. A piece is numbered by the character that it begins with,
so that listeners know what they have already, and what they lack.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from uuid import UUID

import structlog
from pydantic import TypeAdapter, ValidationError

from convosphere.answers.schemas import Source
from convosphere.chat.generation import Generation
from convosphere.chat.generations import GenerationHost
from convosphere.core.endings import end
from convosphere.core.i18n import Message
from convosphere.core.identifiers import new_id
from convosphere.core.live import LiveHub

log = structlog.get_logger()

BEAT_SECONDS = 0.05
"""Seconds between two pieces; what comes meanwhile goes out as one."""
PULSE_SECONDS = 0.25
"""After so long without anything new an empty piece says that the writer lives."""
WISHES = "convosphere:wishes"


@dataclass(frozen=True)
class Piece:
    """What stands in an answer from the character `start` on, and in the thoughts before it from `thinking_start` on.

    Model and sources come where they are new.
    """

    writer: UUID
    start: int
    text: str
    model: str | None = None
    sources: tuple[Source, ...] | None = None
    is_last: bool = False
    waiting: Message | None = None
    thinking_start: int = 0
    thinking: str = ""
    thinking_ms: int | None = None


@dataclass(frozen=True)
class Wish:
    """Somebody wants to follow an answer; from `writer` they have it up to `start`, and thoughts in the same way."""

    message_id: UUID
    writer: UUID | None
    start: int
    thinking_start: int = 0


PIECES = TypeAdapter(Piece)
WISH_LIST = TypeAdapter(Wish)


def channel_of(message_id: UUID) -> str:
    """Where the pieces of an answer are told."""
    return f"convosphere:answer:{message_id}"


class Broadcaster:
    """Fulfils wishes for answers that this process writes."""

    def __init__(self, host: GenerationHost, hub: LiveHub) -> None:
        self._host, self._hub = host, hub
        self._broadcasts: dict[UUID, Broadcast] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self) -> AsyncGenerator["Broadcaster", None]:
        """Listen for wishes as long as the context lasts."""
        listening = asyncio.create_task(self._listen(), name="broadcaster")
        try:
            yield self
        finally:
            await end(listening, *self._tasks)

    async def _listen(self) -> None:
        async with self._hub.subscribe(WISHES) as wishes:
            while True:
                try:
                    self._fulfil(WISH_LIST.validate_json(await wishes.get()))
                except ValidationError as error:
                    log.warning("strange_wish", reason=str(error.error_count()))

    def _fulfil(self, wish: Wish) -> None:
        generation = self._host.find(wish.message_id)
        if generation is None:
            return
        broadcast = self._broadcasts.get(wish.message_id)
        if broadcast:
            broadcast.go_back(wish)
            return
        broadcast = self._broadcasts[wish.message_id] = Broadcast(generation, self._hub)
        task = asyncio.create_task(self._see_through(broadcast, wish.message_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _see_through(self, broadcast: "Broadcast", message_id: UUID) -> None:
        try:
            await broadcast.run()
        finally:
            del self._broadcasts[message_id]


class Broadcast:
    """One answer, told from its first character to its last, or until nobody listens."""

    def __init__(self, generation: Generation, hub: LiveHub) -> None:
        self._generation, self._hub = generation, hub
        self._writer = new_id()
        self._start = self._thinking_start = 0
        self._seen = -1
        self._told: tuple[str, tuple[Source, ...]] | None = None

    async def run(self) -> None:
        """Tell it."""
        while True:
            is_last = self._generation.is_over
            heard = await self._hub.publish(channel_of(self._generation.message_id), self._next(is_last=is_last))
            if is_last or not heard:
                return
            await asyncio.sleep(BEAT_SECONDS)
            with suppress(TimeoutError):
                async with asyncio.timeout(PULSE_SECONDS):
                    await self._generation.wait_for_change(self._seen)

    def go_back(self, wish: Wish) -> None:
        """Let the next piece begin with the first character that somebody lacks."""
        is_same = wish.writer == self._writer
        self._start = min(self._start, wish.start) if is_same else 0
        self._thinking_start = min(self._thinking_start, wish.thinking_start) if is_same else 0
        self._told = None

    def _next(self, *, is_last: bool) -> bytes:
        self._seen, text = self._generation.piece_number, self._generation.text
        known = (self._generation.model, self._generation.sources)
        model, sources = known if known != self._told else (None, None)
        waiting, thinking = self._generation.waiting, self._generation.thinking
        piece = Piece(
            self._writer, self._start, text[self._start :], model, sources, is_last, waiting, self._thinking_start,
            thinking[self._thinking_start :], self._generation.thinking_ms,
        )  # fmt: skip
        self._start, self._thinking_start, self._told = len(text), len(thinking), known
        return PIECES.dump_json(piece)
