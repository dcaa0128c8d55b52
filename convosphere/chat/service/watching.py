"""Looking on while an answer is written, from any tab of any process."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from time import monotonic
from uuid import UUID

from convosphere.answers.schemas import Source
from convosphere.chat.access import access_topic
from convosphere.chat.generation import Generation
from convosphere.chat.generations import current_generation_host
from convosphere.chat.schemas import NOBODY, MessageView, Speaker
from convosphere.chat.service.conversations import find_message, get_message, mark_answer_seen
from convosphere.chat.service.following import follow, patiently
from convosphere.core.errors import NotFoundError
from convosphere.core.events import current_event_hub
from convosphere.core.i18n import Message
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.service.documents import list_names


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
    if generation and generation.actor.account_id == actor.account_id:
        conversation_id, looks = generation.conversation_id, _watch_here(actor, generation)
    else:
        conversation_id, message = await patiently(partial(find_message, actor, message_id))
        looks = _watch_here(actor, generation) if generation else _watch_elsewhere(actor, message_id, message)
        looks = _as_seen_by(actor, looks)
    async with current_event_hub().subscribe(access_topic(conversation_id)) as notices, aclosing(looks):
        async for look in looks:
            if not await _still_sees(actor, message_id, notices):
                return
            yield look


async def _still_sees(actor: Actor, message_id: UUID, notices: asyncio.Queue[str]) -> bool:
    """Asked only after somebody has said that others may see the conversation than before."""
    if notices.empty():
        return True
    while not notices.empty():
        notices.get_nowait()
    try:
        await patiently(partial(get_message, actor, message_id))
    except NotFoundError:
        return False
    return True


async def _as_seen_by(actor: Actor, looks: AsyncGenerator[Look, None]) -> AsyncGenerator[Look, None]:
    """Somebody else's answer: it names only documents that the actor may see."""
    found: tuple[Source, ...] = ()
    shown: tuple[Source, ...] = ()
    async with aclosing(looks):
        async for look in looks:
            if look.sources != found:
                found = look.sources
                shown = await patiently(partial(_as_named_to, actor, found))
            yield replace(look, sources=shown) if found else look


async def _as_named_to(actor: Actor, sources: tuple[Source, ...]) -> tuple[Source, ...]:
    async with unit_of_work(actor) as uow:
        names = await list_names(uow, [source.document_id for source in sources])
    return tuple(replace(source, document_name=names.get(source.document_id, "")) for source in sources)


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


async def _watch_elsewhere(actor: Actor, message_id: UUID, message: MessageView) -> AsyncGenerator[Look, None]:
    speaker, began_at = message.speaker, message.created_at
    async with aclosing(follow(actor, message_id)) as copies:
        async for copy in copies:
            yield Look(
                copy.text, copy.model, copy.sources, speaker, copy.waiting, copy.thinking, copy.thinking_ms,
                round((utc_now() - began_at).total_seconds() * 1000),
            )  # fmt: skip
    await patiently(partial(mark_answer_seen, actor, message_id))
