"""Conversations that begin with a template, and templates that are made of a conversation."""

from uuid import UUID

from convosphere.chat.parameters import settings_of
from convosphere.chat.queries import branches as branch_queries
from convosphere.chat.queries import conversations as conversation_queries
from convosphere.chat.queries import messages as message_queries
from convosphere.chat.queries import starting as queries
from convosphere.chat.service.assigning import new_message
from convosphere.chat.service.conversations import publish_list
from convosphere.core.authorization import require
from convosphere.core.errors import NotFoundError
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.templates.schemas import (
    LONGEST_INSTRUCTIONS,
    LONGEST_MESSAGE,
    LONGEST_NAME,
    MOST_EXCHANGES,
    Definition,
    Exchange,
)
from convosphere.templates.service.templates import create_template, take_template


async def start(actor: Actor, template_id: UUID) -> UUID:
    """Begin a conversation with a template; one that was begun so and never used is given again. Gives its id.

    It has copies of all, so that it stays as it is whatever becomes of the template. Whether it is a temporary one is
    for the workspace to say.

    Raises:
        TemplateNotFoundError: the actor may not use such a template.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    async with unit_of_work(actor) as uow:
        definition = await take_template(uow, template_id)
        await uow.take_turns(f"start {actor.account_id} {template_id}")
        if untouched := await queries.find_untouched(uow, template_id, definition.settings):
            return untouched
        conversation_id = new_id()
        begun = await conversation_queries.add_conversation(
            uow, conversation_id, definition.name, settings=definition.settings
        )
        if begun is None:
            raise NotFoundError
        queries.furnish(
            uow, conversation_id, template_id, instructions=definition.instructions,
            document_ids=definition.document_ids, assistant_id=definition.assistant_id,
        )  # fmt: skip
        _add_exchanges(uow, conversation_id, definition)
        await publish_list(uow)
    return conversation_id


async def make_template(actor: Actor, conversation_id: UUID) -> UUID:
    """Make a template of a conversation: who answers and how, instructions and documents, and the first messages.

    What is longer than a template holds is cut; temporary conversations become none.

    Raises:
        NotFoundError: there is no such conversation of the actor's.
    """
    require(actor, Permission.CONVERSATION_READ)
    async with unit_of_work(actor) as uow:
        ground = await queries.get_ground(uow, conversation_id)
        if ground is None:
            raise NotFoundError
        place = await branch_queries.get_place(uow, conversation_id)
        leaf = place.leaf_id
        chain = await branch_queries.list_chain(uow, leaf) if leaf else []
        end = chain[: MOST_EXCHANGES * 2][-1].id if chain else None
        messages = await message_queries.get_branch(uow, conversation_id, end, MOST_EXCHANGES * 2)
    pairs = zip(messages[::2], messages[1::2], strict=False)
    exchanges = [
        Exchange(question=question.text[:LONGEST_MESSAGE], answer=answer.text[:LONGEST_MESSAGE])
        for question, answer in pairs
        if question.text.strip() and answer.text.strip()
    ]
    definition = Definition(
        name=ground.title[:LONGEST_NAME].strip() or "…",
        assistant_id=ground.assistant_id,
        instructions=ground.instructions[:LONGEST_INSTRUCTIONS],
        document_ids=tuple(ground.document_ids),
        exchanges=tuple(exchanges),
        settings=settings_of(ground.parameters),
    )
    return await create_template(actor, definition)


def _add_exchanges(uow: UnitOfWork, conversation_id: UUID, definition: Definition) -> None:
    last: UUID | None = None
    for one in definition.exchanges:
        for role, said in (("user", one.question), ("assistant", one.answer)):
            message = new_message(role, "done", last, text=said)
            message_queries.add_message(uow, conversation_id, message)
            last = message.id
    if last:
        conversation_queries.set_active_leaf(uow, conversation_id, last)
