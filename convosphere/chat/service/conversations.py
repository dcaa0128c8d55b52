"""Reading, naming and putting away conversations."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from convosphere.chat.access import access_topic, change_topic
from convosphere.chat.markup import plain_line
from convosphere.chat.parameters import settings_of
from convosphere.chat.queries import branches as branch_queries
from convosphere.chat.queries import citations as citation_queries
from convosphere.chat.queries import conversations as conversation_queries
from convosphere.chat.queries import feedback as feedback_queries
from convosphere.chat.queries import generations as generation_queries
from convosphere.chat.queries import messages as message_queries
from convosphere.chat.queries import windows as window_queries
from convosphere.chat.schemas import EVERYTHING, ConversationPage, ConversationRow, MessageView, Shelf
from convosphere.chat.service import attachments
from convosphere.chat.service.telling import note_conversation_seen
from convosphere.core.audit.actions import CONVERSATION_DELETED, CONVERSATION_READ, CONVERSATION_RESTORED
from convosphere.core.authorization import require
from convosphere.core.errors import NotFoundError
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission, system_actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.knowledge.schemas import CitedPassage
from convosphere.knowledge.service.reading import get_cited_passage

PAGE_SIZE = 20
"""Messages at once; the page asks for more as its reader scrolls towards an end."""
TITLE_LENGTH = 200
UNDO_TIME = timedelta(days=1)
"""How long a deleted conversation can be brought back."""
PURGE_TASK = "chat.purge_conversation"


async def list_conversations(
    actor: Actor, *, before: tuple[datetime, UUID] | None = None, limit: int = 50, shelf: Shelf = EVERYTHING
) -> list[ConversationRow]:
    """The actor's conversations on a shelf, latest first; `before` is the place of the last one of the page before."""
    require(actor, Permission.CONVERSATION_READ)
    async with unit_of_work(actor) as uow:
        return await conversation_queries.list_conversations(uow, before=before, limit=limit, shelf=shelf)


async def get_conversation(
    actor: Actor, conversation_id: UUID, *, size: int = PAGE_SIZE, before: UUID | None = None, above: UUID | None = None
) -> ConversationPage:
    """A conversation with the latest messages of the branch that the actor looks at.

    With `before` those before a message, with `above` only those that follow one, as far as there is room.
    """
    require(actor, Permission.CONVERSATION_READ)
    async with unit_of_work(actor) as uow:
        conversation = await conversation_queries.get_conversation(uow, conversation_id, "view")
        if actor.real_account_id:  # Somebody reads what belongs to another.
            uow.record(CONVERSATION_READ, conversation_id)
        place = await branch_queries.get_place(uow, conversation_id)
        messages = await _list_shown(uow, place, size, before, above)
        views = await _complete(uow, messages[-size:])
        if not actor.real_account_id:
            note_conversation_seen(uow, conversation_id)
            if place.is_unread and await branch_queries.mark_seen(uow, conversation_id):
                await publish_list(uow)
    return ConversationPage(
        conversation.id, conversation.title, conversation.model, views,
        bool(views) and views[0].parent_id is not None, conversation.assistant_id, access=place,
        is_temporary=conversation.expires_at is not None, parameters=settings_of(conversation.parameters),
    )  # fmt: skip


async def get_following(
    actor: Actor, conversation_id: UUID, after: UUID, *, size: int = PAGE_SIZE
) -> ConversationPage | None:
    """The messages after one of the branch that the actor looks at; None if it is of another branch by now."""
    require(actor, Permission.CONVERSATION_READ)
    async with unit_of_work(actor) as uow:
        conversation = await conversation_queries.get_conversation(uow, conversation_id, "view")
        place = await branch_queries.get_place(uow, conversation_id)
        end = place.leaf_id and await window_queries.find_page_end(uow, conversation_id, place.leaf_id, after, size)
        if not end:
            return None
        views = await _complete(uow, await branch_queries.list_shown(uow, conversation_id, end.id, size, above=after))
    return ConversationPage(
        conversation.id, conversation.title, conversation.model, views, has_earlier=True, has_later=end.has_later,
        access=place,
    )  # fmt: skip


async def get_around(actor: Actor, conversation_id: UUID, message_id: UUID) -> ConversationPage:
    """The messages around one that was found; of another branch than is shown, that is shown from now on.

    Raises:
        NotFoundError: there is no such message in this conversation that the actor may see.
    """
    require(actor, Permission.CONVERSATION_READ)
    async with unit_of_work(actor) as uow:
        conversation = await conversation_queries.get_conversation(uow, conversation_id, "view")
        if actor.real_account_id:
            uow.record(CONVERSATION_READ, conversation_id)
        found_in, _ = await message_queries.get_message(uow, message_id)
        if found_in != conversation_id:
            raise NotFoundError
        place = await branch_queries.get_place(uow, conversation_id)
        end_id, has_later = await _end_around(uow, place, message_id)
        views = await _complete(uow, await branch_queries.list_shown(uow, conversation_id, end_id, PAGE_SIZE))
    return ConversationPage(
        conversation.id, conversation.title, conversation.model, views,
        bool(views) and views[0].parent_id is not None, conversation.assistant_id, has_later=has_later,
        access=place, is_temporary=conversation.expires_at is not None,
        parameters=settings_of(conversation.parameters),
    )  # fmt: skip


async def _end_around(uow: UnitOfWork, place: branch_queries.Place, message_id: UUID) -> tuple[UUID, bool]:
    """Where a page around a message ends, and whether more follows."""
    conversation_id, leaf_id = place.id, place.leaf_id
    if leaf_id == message_id:
        return message_id, False
    half = PAGE_SIZE // 2
    end = leaf_id and await window_queries.find_page_end(uow, conversation_id, leaf_id, message_id, half)
    if not end:
        leaf_id = await branch_queries.find_end(uow, message_id)
        if not uow.actor.real_account_id:
            conversation_queries.set_active_leaf(uow, conversation_id, leaf_id)
        end = await window_queries.find_page_end(uow, conversation_id, leaf_id, message_id, half)
    return (end.id, end.has_later) if end else (message_id, False)


async def get_leaf(actor: Actor, conversation_id: UUID) -> UUID | None:
    """The last message of the branch that the actor looks at, to see whether there is more than is shown."""
    require(actor, Permission.CONVERSATION_READ)
    async with unit_of_work(actor) as uow:
        return (await branch_queries.get_place(uow, conversation_id)).leaf_id


async def mark_answer_seen(actor: Actor, message_id: UUID) -> None:
    """Keep that an answer was seen to its end."""
    require(actor, Permission.CONVERSATION_READ)
    async with unit_of_work(actor) as uow:
        conversation_id, _ = await message_queries.get_message(uow, message_id)
        if not actor.real_account_id and await branch_queries.mark_seen(uow, conversation_id):
            await publish_list(uow)


async def get_thinking(actor: Actor, message_id: UUID) -> str:
    """What a model thought before it wrote an answer; "" where it said nothing of it."""
    require(actor, Permission.CONVERSATION_READ)
    async with unit_of_work(actor) as uow:
        await message_queries.get_message(uow, message_id)
        return await branch_queries.get_thinking(uow, message_id)


async def _list_shown(
    uow: UnitOfWork, place: branch_queries.Place, size: int, before: UUID | None, above: UUID | None
) -> Sequence[MessageView]:
    leaf_id, steps = before or place.leaf_id, size + bool(before)
    messages = await branch_queries.list_shown(uow, place.id, leaf_id, steps, above=above)
    if any(message.status == "streaming" for message in messages):
        await generation_queries.recover_abandoned(uow, place.id)
        messages = await branch_queries.list_shown(uow, place.id, leaf_id, steps, above=above)
    return messages[:-1] if before else messages


async def _complete(uow: UnitOfWork, messages: Sequence[MessageView]) -> tuple[MessageView, ...]:
    """With the passages behind them, and what the actor thinks of them."""
    ids = [message.id for message in messages if message.role == "assistant"]
    sources = await citation_queries.list_sources(uow, ids)
    feedback = await feedback_queries.list_feedback(uow, ids)
    return tuple(
        replace(message, sources=sources.get(message.id, ()), feedback=feedback.get(message.id)) for message in messages
    )


async def get_message(actor: Actor, message_id: UUID) -> MessageView:
    """One message as it is stored."""
    return (await find_message(actor, message_id))[1]


async def find_message(actor: Actor, message_id: UUID) -> tuple[UUID, MessageView]:
    """The same, with the id of its conversation."""
    require(actor, Permission.CONVERSATION_READ)
    async with unit_of_work(actor) as uow:
        conversation_id, message = await message_queries.get_message(uow, message_id)
        if message.status == "streaming":
            await generation_queries.recover_abandoned(uow, conversation_id)
            _, message = await message_queries.get_message(uow, message_id)
        sources = await citation_queries.list_sources(uow, [message_id])
    return conversation_id, replace(message, sources=sources.get(message_id, ()))


async def get_progress(actor: Actor, message_id: UUID) -> generation_queries.Progress | None:
    """The text so far of an answer that another process writes; None when nobody writes it."""
    require(actor, Permission.CONVERSATION_READ)
    async with unit_of_work(actor) as uow:
        return await generation_queries.get_progress(uow, message_id)


async def open_citation(actor: Actor, message_id: UUID, number: int) -> CitedPassage:
    """The very passage behind a citation, if the actor may still see its document."""
    require(actor, Permission.CONVERSATION_READ)
    async with unit_of_work(actor) as uow:
        citation = await citation_queries.get_citation(uow, message_id, number)
    return await get_cited_passage(actor, citation.document_version_id, citation.start_offset, citation.end_offset)


async def rename(actor: Actor, conversation_id: UUID, title: str) -> None:
    """Give a conversation a title of one's own; an empty one changes nothing."""
    require(actor, Permission.CONVERSATION_WRITE)
    title = plain_line(title)[:TITLE_LENGTH]
    if not title:
        return
    async with unit_of_work(actor) as uow:
        conversation = await conversation_queries.get_conversation(uow, conversation_id, "edit", lock=True)
        conversation.title, conversation.is_title_automatic = title, False
        await publish_change(uow, conversation_id)


async def delete(actor: Actor, conversation_id: UUID) -> None:
    """Put a conversation away and stop its answer; `restore` brings it back until it is purged."""
    require(actor, Permission.CONVERSATION_WRITE)
    async with unit_of_work(actor) as uow:
        await put_away(uow, conversation_id)
        await publish_list(uow)


async def put_away(uow: UnitOfWork, conversation_id: UUID) -> None:
    """What `delete` does, inside a unit; the caller tells of it."""
    conversation = await conversation_queries.get_conversation(uow, conversation_id, lock=True)
    if conversation.expires_at:
        raise NotFoundError  # It is in no list from which it could be deleted; `temporary.close` ends it.
    conversation.deleted_at = utc_now()
    uow.record(CONVERSATION_DELETED, conversation_id)
    await uow.publish(access_topic(conversation_id))
    if running := await generation_queries.find_running(uow, conversation_id):
        await publish_stop(uow, running)
    await uow.enqueue(
        PURGE_TASK,
        {"workspace_id": str(uow.workspace_id), "conversation_id": str(conversation_id)},
        delay=UNDO_TIME + timedelta(minutes=1),
    )


async def restore(actor: Actor, conversation_id: UUID) -> None:
    """Bring back a conversation that was deleted."""
    require(actor, Permission.CONVERSATION_WRITE)
    async with unit_of_work(actor) as uow:
        conversation = await conversation_queries.get_conversation(uow, conversation_id, lock=True, deleted=True)
        if conversation.expires_at:
            raise NotFoundError  # Temporary ones do not come back.
        conversation.deleted_at = None
        uow.record(CONVERSATION_RESTORED, conversation_id)
        await uow.publish(access_topic(conversation_id), list_topic(actor))


async def purge(workspace_id: UUID, conversation_id: UUID) -> None:
    """Remove a conversation for good, unless it was brought back or deleted anew since."""
    async with unit_of_work(system_actor(workspace_id)) as uow:
        await conversation_queries.purge_conversation(uow, conversation_id, UNDO_TIME)
    await attachments.sweep(system_actor(workspace_id))


def list_topic(actor: Actor) -> str:
    """The topic on which changes of an actor's list of conversations are told."""
    return f"conversations:{actor.account_id}"


async def publish_list(uow: UnitOfWork) -> None:
    """Tell the actor's tabs that their list of conversations has changed."""
    await uow.publish(list_topic(uow.actor))


async def publish_change(uow: UnitOfWork, conversation_id: UUID) -> None:
    """Tell the actor's tabs the same, and whoever looks at the conversation that there is something new."""
    await uow.publish(list_topic(uow.actor), change_topic(conversation_id))


async def publish_stop(uow: UnitOfWork, message_id: UUID) -> None:
    """Tell all processes to stop writing an answer."""
    await uow.publish(f"stop:{message_id}")
