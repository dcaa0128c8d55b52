"""Looking on while an answer is written, from any tab of any process."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from functools import partial
from time import monotonic
from uuid import UUID

from convosphere.answers.schemas import Source
from convosphere.chat.generation import Generation
from convosphere.chat.generations import current_generation_host
from convosphere.chat.schemas import NOBODY, MessageView, Speaker
from convosphere.chat.service.conversations import get_message, mark_answer_seen
from convosphere.chat.service.following import follow, patiently
from convosphere.core.i18n import Message
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor


@dataclass(frozen=True)
class Look:
    """The answer so far."""

    text: str
    model: str = ""
    sources: tuple[Source, ...] = ()
    speaker: Speaker = NOBODY
    waiting: Message | None = None
    thinking: str = ""
    thinking_ms: int | None = None
    elapsed_ms: int = 0


async def watch(actor: Actor, message_id: UUID) -> AsyncGenerator[Look, None]:
    """The answer so far, again and again until it is over; then its message is stored as it stays.

    Raises:
        NotFoundError: there is no such message that the actor may see.
    """
    generation = current_generation_host().find(message_id)
    message = None
    if generation is None or generation.actor.account_id != actor.account_id:
        message = await patiently(partial(get_message, actor, message_id))
    looks = _watch_here(actor, generation) if generation else _watch_elsewhere(actor, message_id, message)
    async with aclosing(looks):
        async for look in looks:
            yield look


async def _watch_here(actor: Actor, generation: Generation) -> AsyncGenerator[Look, None]:
    seen = -1
    assistant = generation.assistant
    speaker = Speaker(assistant.name, assistant.icon, assistant.color) if assistant else NOBODY
    with _looking_on(generation, actor):
        while not generation.is_over:
            await generation.wait_for_change(seen)
            seen = generation.piece_number
            yield Look(
                generation.text, generation.model, generation.sources, speaker, generation.waiting,
                generation.thinking, generation.thinking_ms, round((monotonic() - generation.started_at) * 1000),
            )  # fmt: skip


@contextmanager
def _looking_on(generation: Generation, actor: Actor) -> Iterator[None]:
    """Whoever looks on to the end has seen the answer."""
    watcher = actor.account_id
    if watcher is None:
        yield
        return
    generation.watchers[watcher] += 1
    try:
        yield
    finally:
        generation.watchers[watcher] -= 1


async def _watch_elsewhere(actor: Actor, message_id: UUID, message: MessageView | None) -> AsyncGenerator[Look, None]:
    speaker, began_at = (message.speaker, message.created_at) if message else (NOBODY, utc_now())
    async with aclosing(follow(actor, message_id)) as copies:
        async for copy in copies:
            yield Look(
                copy.text, copy.model, copy.sources, speaker, copy.waiting, copy.thinking, copy.thinking_ms,
                round((utc_now() - began_at).total_seconds() * 1000),
            )  # fmt: skip
    await patiently(partial(mark_answer_seen, actor, message_id))
