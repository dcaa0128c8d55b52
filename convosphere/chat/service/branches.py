"""Branches of a conversation: leafing through them, other words for a question, a conversation that begins in one."""

import re
from uuid import UUID

from convosphere.chat.errors import AnswerRunningError
from convosphere.chat.queries import branches as queries
from convosphere.chat.queries import conversations as conversation_queries
from convosphere.chat.queries import generations as generation_queries
from convosphere.chat.queries import messages as message_queries
from convosphere.chat.schemas import ConversationPage, MessageView
from convosphere.chat.service.assigning import checked, new_question
from convosphere.chat.service.conversations import TITLE_LENGTH, get_conversation, publish_change, publish_list
from convosphere.core.authorization import require
from convosphere.core.errors import NotFoundError
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work

_COPY_NUMBER = re.compile(r" \((\d{1,4})\)$")


async def switch(actor: Actor, message_id: UUID) -> ConversationPage:
    """Look at the newest branch through a message; what of it follows the message's parent.

    The page begins with that message, unless so much follows that it lies further back.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    async with unit_of_work(actor) as uow:
        conversation_id, message = await message_queries.get_message(uow, message_id)
        end = await queries.find_end(uow, message_id)
        conversation_queries.set_active_leaf(uow, conversation_id, end)
        await publish_list(uow)
    return await get_conversation(actor, conversation_id, above=message.parent_id)


async def save_edit(actor: Actor, message_id: UUID, text: str, *, client_key: UUID) -> MessageView:
    """Keep other words for a question beside it, without asking them; the same key again keeps them once.

    Raises:
        AnswerRunningError: an answer is being written, which would go out of sight.
        EmptyMessageError, MessageTooLongError: it could not be asked.
        NotFoundError: there is no such question.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    text = checked(text)
    async with unit_of_work(actor) as uow:
        heading = await conversation_queries.hold_conversation_of(uow, message_id)
        old = await message_queries.get_question(uow, heading.id, message_id)
        if kept := await message_queries.get_sent(uow, heading.id, client_key):
            return kept[0]
        await generation_queries.recover_abandoned(uow, heading.id)
        await generation_queries.refuse_while_writing(uow, heading.id)
        question = new_question(uow, old.parent_id, text)
        message_queries.add_message(uow, heading.id, question, client_key=client_key)
        conversation_queries.set_active_leaf(uow, heading.id, question.id)
        await publish_change(uow, heading.id)
    return question


async def fork(actor: Actor, message_id: UUID) -> UUID:
    """Begin a conversation of one's own with copies of a message and of all that led to it; the id of that.

    Raises:
        AnswerRunningError: the message is still being written.
        NotFoundError: there is no such message that the actor may see.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    copy_id = new_id()
    async with unit_of_work(actor) as uow:
        heading = await conversation_queries.hold_conversation_of(uow, message_id, "view")
        await generation_queries.recover_abandoned(uow, heading.id)
        chain = await queries.list_chain(uow, message_id)
        if any(link.status == "streaming" for link in chain):
            raise AnswerRunningError
        leaf_id = queries.copy_chain(uow, heading.id, chain, copy_id, copy_title(heading.title))
        conversation_queries.set_active_leaf(uow, copy_id, leaf_id)
        await publish_list(uow)
    return copy_id


async def copy(actor: Actor, conversation_id: UUID) -> UUID:
    """Begin a conversation of one's own with copies of all that the actor sees of one; the id of that.

    Raises:
        AnswerRunningError: an answer is still being written.
        NotFoundError: they see none with this id, or nothing was said in it.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    async with unit_of_work(actor) as uow:
        leaf_id = (await queries.get_place(uow, conversation_id)).leaf_id
    if leaf_id is None:
        raise NotFoundError
    return await fork(actor, leaf_id)


def copy_title(title: str) -> str:
    """The title of a copy: with a number, so that both can be told from each other in any language."""
    found = _COPY_NUMBER.search(title)
    number = int(found.group(1)) + 1 if found else 2
    return f"{_COPY_NUMBER.sub('', title)[: TITLE_LENGTH - 7]} ({number})"
