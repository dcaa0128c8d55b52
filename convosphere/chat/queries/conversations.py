"""The SQL of conversations, their messages and branches."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ScalarSelect, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from convosphere.chat.models import Conversation, ConversationView, Message, MessageGeneration
from convosphere.chat.schemas import ConversationRow
from convosphere.core.errors import NotFoundError
from convosphere.core.unit_of_work import UnitOfWork

# From a message up to the first one of its conversation, at most so many steps.
_BRANCH = text(
    """
    WITH RECURSIVE branch AS (
        SELECT id, parent_id, 1 AS depth FROM message WHERE id = :leaf_id AND conversation_id = :conversation_id
        UNION ALL
        SELECT m.id, m.parent_id, b.depth + 1 FROM message AS m JOIN branch AS b ON m.id = b.parent_id
        WHERE b.depth < :steps
    )
    SELECT m.* FROM message AS m JOIN branch AS b USING (id) ORDER BY b.depth DESC
    """
)


async def list_conversations(
    uow: UnitOfWork, *, before: tuple[datetime, UUID] | None, limit: int
) -> list[ConversationRow]:
    """The actor's conversations, latest first, from a place in that order on."""
    writing = (
        select(col(Message.conversation_id))
        .join(MessageGeneration, col(MessageGeneration.message_id) == col(Message.id))
        .where(col(MessageGeneration.lease_until) > func.now())
    )
    statement = select(
        col(Conversation.id),
        col(Conversation.title),
        col(Conversation.updated_at),
        col(Conversation.id).in_(writing).label("is_streaming"),
    ).where(col(Conversation.owner_id) == uow.account_id, col(Conversation.deleted_at).is_(None))
    if before is not None:
        place = func.row(col(Conversation.updated_at), col(Conversation.id))
        statement = statement.where(place < func.row(*before))
    order = (col(Conversation.updated_at).desc(), col(Conversation.id).desc())
    rows = await uow.session.execute(statement.order_by(*order).limit(limit))
    return [ConversationRow(**row) for row in rows.mappings()]


async def get_conversation(
    uow: UnitOfWork, conversation_id: UUID | ScalarSelect[UUID], *, lock: bool = False, deleted: bool | None = False
) -> Conversation:
    """One of the actor's conversations; with `deleted` None it may be deleted or not.

    Raises:
        NotFoundError: there is none with this id that the actor may see.
    """
    statement = select(Conversation).where(
        col(Conversation.id) == conversation_id, col(Conversation.owner_id) == uow.account_id
    )
    if deleted is not None:
        statement = statement.where(col(Conversation.deleted_at).is_not(None) == deleted)
    conversation = await uow.session.scalar(statement.with_for_update() if lock else statement)
    if conversation is None:
        raise NotFoundError
    return conversation


async def add_conversation(uow: UnitOfWork, conversation_id: UUID, title: str) -> bool:
    """Begin a conversation; False when there is one with this id. Of two at once, one waits and then gets False."""
    added = await uow.session.execute(
        insert(Conversation)
        .values(id=conversation_id, workspace_id=uow.workspace_id, owner_id=uow.account_id, title=title)
        .on_conflict_do_nothing()
        .returning(col(Conversation.id))
    )
    return added.first() is not None


async def get_message(
    uow: UnitOfWork, message_id: UUID, *, lock: bool = False, deleted: bool | None = False
) -> tuple[Conversation, Message]:
    """A message of one of the actor's conversations, which `lock` holds against sending at the same time.

    Raises:
        NotFoundError: there is none with this id that the actor may see.
    """
    of_message = select(col(Message.conversation_id)).where(col(Message.id) == message_id).scalar_subquery()
    conversation = await get_conversation(uow, of_message, lock=lock, deleted=deleted)
    # Read under the lock, so that it is as whoever held it before has left it.
    message = (await uow.session.scalars(select(Message).where(col(Message.id) == message_id))).one()
    return conversation, message


async def get_branch(uow: UnitOfWork, conversation_id: UUID, leaf_id: UUID | None, steps: int) -> Sequence[Message]:
    """The messages that lead to a leaf, oldest first, at most so many."""
    if leaf_id is None:
        return []
    statement = select(Message).from_statement(_BRANCH)
    given = {"leaf_id": leaf_id, "conversation_id": conversation_id, "steps": steps}
    return (await uow.session.scalars(statement, given)).all()


async def get_active_leaf(uow: UnitOfWork, conversation_id: UUID) -> UUID | None:
    """The end of the branch that the actor looks at."""
    return await uow.session.scalar(
        select(col(ConversationView.active_leaf_id)).where(
            col(ConversationView.conversation_id) == conversation_id,
            col(ConversationView.account_id) == uow.account_id,
        )
    )


async def set_active_leaf(uow: UnitOfWork, conversation_id: UUID, leaf_id: UUID) -> None:
    """Look at another branch."""
    view = {"conversation_id": conversation_id, "account_id": uow.account_id, "workspace_id": uow.workspace_id}
    statement = insert(ConversationView).values(**view, active_leaf_id=leaf_id)
    await uow.session.execute(
        statement.on_conflict_do_update(
            index_elements=["conversation_id", "account_id"], set_={"active_leaf_id": leaf_id}
        )
    )


async def find_by_client_key(
    uow: UnitOfWork, conversation_id: UUID, client_key: UUID
) -> tuple[Message, Message] | None:
    """A question that was sent before with this key, and its first answer."""
    question = await uow.session.scalar(
        select(Message).where(col(Message.conversation_id) == conversation_id, col(Message.client_key) == client_key)
    )
    if question is None:
        return None
    answer = await uow.session.scalar(
        select(Message).where(col(Message.parent_id) == question.id).order_by(col(Message.id)).limit(1)
    )
    return (question, answer) if answer else None


async def set_automatic_title(uow: UnitOfWork, conversation_id: UUID, title: str) -> None:
    """Set a title unless a person chose one."""
    await uow.session.execute(
        update(Conversation)
        .where(col(Conversation.id) == conversation_id, col(Conversation.is_title_automatic).is_(True))
        .values(title=title)
    )


async def purge_conversation(uow: UnitOfWork, conversation_id: UUID, undo_time: timedelta) -> None:
    """Remove a conversation with all its messages if it was deleted so long ago."""
    await uow.session.execute(
        delete(Conversation).where(
            col(Conversation.id) == conversation_id, col(Conversation.deleted_at) < func.now() - undo_time
        )
    )
