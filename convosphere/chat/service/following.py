"""Following an answer that another process writes: live through Redis, else by looking into the database."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TypeVar
from uuid import UUID

import structlog
from pydantic import ValidationError

from convosphere.answers.schemas import Source
from convosphere.chat.broadcasts import PIECES, WISH_LIST, WISHES, Piece, Wish, channel_of
from convosphere.chat.queries.generations import Progress
from convosphere.chat.service.conversations import get_progress
from convosphere.core.errors import UnavailableError
from convosphere.core.i18n import Message
from convosphere.core.live import LiveHub, current_live_hub
from convosphere.core.permissions import Actor

log = structlog.get_logger()

Result = TypeVar("Result")

SILENCE_SECONDS = 0.5
"""A writer says something twice as often. After so long the database is asked instead, and then as often."""


@dataclass
class Copy:
    """An answer as far as it has come here."""

    text: str = ""
    model: str = ""
    sources: tuple[Source, ...] = ()
    waiting: Message | None = None
    thinking: str = ""
    thinking_ms: int | None = None
    writer: UUID | None = None
    is_complete: bool = False

    def take(self, piece: Piece) -> bool:
        """Add a piece; False if something before it is missing."""
        is_same = piece.writer == self.writer
        has_gap = piece.start > len(self.text) or piece.thinking_start > len(self.thinking)
        if has_gap if is_same else piece.start or piece.thinking_start:
            return False
        text = self.text[: piece.start] + piece.text
        # What comes again for the sake of others is here already.
        self.text = text if not is_same or len(text) > len(self.text) else self.text
        thinking = self.thinking[: piece.thinking_start] + piece.thinking
        self.thinking = thinking if not is_same or len(thinking) > len(self.thinking) else self.thinking
        self.thinking_ms = self.thinking_ms if piece.thinking_ms is None else piece.thinking_ms
        self.writer, self.is_complete = piece.writer, piece.is_last
        self.model = self.model if piece.model is None else piece.model
        self.sources = self.sources if piece.sources is None else piece.sources
        self.waiting = piece.waiting
        return True

    def take_stored(self, progress: Progress) -> None:
        """Compare with what the database has, which lags behind a writer that is heard."""
        if not self.text.startswith(progress.text):
            self.text, self.writer = progress.text, None
        if progress.thinking and not self.thinking.startswith(progress.thinking):
            self.thinking, self.writer = progress.thinking, None

    def seen(self) -> tuple[object, ...]:
        """What tells whether there is more."""
        return (len(self.text), len(self.thinking), self.model, self.sources, self.writer, self.waiting)


async def follow(actor: Actor, message_id: UUID) -> AsyncGenerator[Copy, None]:
    """The answer so far, the same object each time that there is more, until it is over or nobody writes it.

    Raises:
        NotFoundError: there is no such message that the actor may see.
    """
    copy, hub = Copy(), current_live_hub()
    if (progress := await patiently(partial(get_progress, actor, message_id))) is None:
        return
    async with hub.subscribe(channel_of(message_id)) as pieces:
        while progress is not None:
            copy.take_stored(progress)
            yield copy
            await _wish(hub, message_id, copy)
            while await _hear(hub, message_id, copy, pieces):
                yield copy
            if copy.is_complete:
                return
            progress = await patiently(partial(get_progress, actor, message_id))


async def patiently(ask: Callable[[], Awaitable[Result]]) -> Result:
    """What the database says, also when it is away for a while or has too much to do."""
    while True:
        with suppress(UnavailableError):
            return await ask()
        await asyncio.sleep(SILENCE_SECONDS)


async def _hear(hub: LiveHub, message_id: UUID, copy: Copy, pieces: asyncio.Queue[bytes]) -> bool:
    """Wait until there is more; False at the end, and when the writer is silent."""
    before = copy.seen()
    while not copy.is_complete:
        try:
            async with asyncio.timeout(SILENCE_SECONDS):
                heard = [await pieces.get()]
        except TimeoutError:
            return False
        while not pieces.empty():
            heard.append(pieces.get_nowait())
        missed = [piece for piece in _read(heard) if not copy.take(piece)]
        if missed:
            await _wish(hub, message_id, copy)
        if copy.seen() != before:
            return True
    return False


def _read(heard: list[bytes]) -> list[Piece]:
    try:
        return [PIECES.validate_json(content) for content in heard]
    except ValidationError as error:
        log.warning("strange_piece", reason=str(error.error_count()))
        return []


async def _wish(hub: LiveHub, message_id: UUID, copy: Copy) -> None:
    await hub.publish(WISHES, WISH_LIST.dump_json(Wish(message_id, copy.writer, len(copy.text), len(copy.thinking))))
