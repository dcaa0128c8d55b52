"""Looking on while an answer is written, from any tab of any process."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from uuid import UUID

from convosphere.answers.schemas import Source
from convosphere.chat.generations import Generation, current_generation_host
from convosphere.chat.service.conversations import get_message
from convosphere.chat.service.following import follow
from convosphere.core.permissions import Actor

FASTEST = 1 / 40
SLOWEST = 1 / 10
"""Seconds between two looks; under load they come less often, so that every watcher keeps up."""
LOOKS_AT_ONCE = 1_200
"""Looks a second of all watchers together, at about 200 us each, before each of them rests longer."""


@dataclass(frozen=True)
class Look:
    """The answer so far."""

    text: str
    model: str = ""
    sources: tuple[Source, ...] = ()


async def watch(actor: Actor, message_id: UUID) -> AsyncGenerator[Look, None]:
    """The answer so far, again and again until it is over; then its message is stored as it stays.

    Raises:
        NotFoundError: there is no such message that the actor may see.
    """
    generation = current_generation_host().find(message_id)
    if generation is None or generation.actor.account_id != actor.account_id:
        await get_message(actor, message_id)
    looks = _watch_here(generation) if generation else _watch_elsewhere(actor, message_id)
    async with aclosing(looks):
        async for look in looks:
            yield look


async def _watch_here(generation: Generation) -> AsyncGenerator[Look, None]:
    pace = Pace()
    seen = -1
    while not generation.is_over:
        await generation.wait_for_change(seen)
        seen = generation.piece_number
        yield Look(generation.text, generation.model, generation.sources)
        if not generation.is_over:
            await pace.rest(generation)


async def _watch_elsewhere(actor: Actor, message_id: UUID) -> AsyncGenerator[Look, None]:
    async with aclosing(follow(actor, message_id)) as copies:
        async for copy in copies:
            yield Look(copy.text, copy.model, copy.sources)


class Pace:
    """How long a watcher rests: 25 ms, longer the more answers are written, and the later it is woken.

    To be woken late means that the process, or the machine, has too much to do.
    """

    def __init__(self) -> None:
        self._late = 0.0

    async def rest(self, generation: Generation) -> None:
        """Wait for the next look, or for the end."""
        loop = asyncio.get_running_loop()
        rest = min(SLOWEST, max(FASTEST, current_generation_host().count / LOOKS_AT_ONCE) + 4 * self._late)
        due = loop.time() + rest
        try:
            async with asyncio.timeout_at(due):
                await generation.wait_for_end()
        except TimeoutError:
            self._late = 0.7 * self._late + 0.3 * (loop.time() - due)
