"""The SQL of conversations. Whatever is fetched here, the actor may see; somebody else's looks like nothing at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from convosphere.chat.errors import AnswerRunningError
from convosphere.chat.models import Conversation, ConversationView, Message, MessageCitation, MessageGeneration
from convosphere.chat.schemas import CitedSource, ConversationRow
from convosphere.core.errors import NotFoundError
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.queries.citations import visible_document_names

LEASE = timedelta(seconds=15)
"""How long a generation counts as alive after its process last said so."""

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
# The text so far becomes the message's; whoever wrote it is gone.
_RECOVER = text(
    """
    WITH abandoned AS (
        DELETE FROM message_generation AS g USING message AS m
        WHERE m.id = g.message_id AND m.conversation_id = :conversation_id AND g.lease_until < now()
        RETURNING g.message_id, g.text
    )
    UPDATE message AS m SET status = 'interrupted', finished_at = now(),
        parts = jsonb_build_array(jsonb_build_object('type', 'text', 'text', a.text))
    FROM abandoned AS a WHERE m.id = a.message_id
    """
)
_SAVE_PROGRESS = text(
    """
    UPDATE message_generation AS g
    SET text = v.text, piece_number = v.piece_number, lease_until = now() + :lease
    FROM unnest(CAST(:ids AS uuid[]), CAST(:texts AS text[]), CAST(:numbers AS integer[])) AS v(id, text, piece_number)
    WHERE g.message_id = v.id AND g.process_id = :process_id
    """
)


@dataclass(frozen=True)
class Progress:
    """How far the writing of an answer is."""

    message_id: UUID
    text: str
    piece_number: int


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
    uow: UnitOfWork, conversation_id: UUID, *, lock: bool = False, deleted: bool = False
) -> Conversation:
    """One of the actor's conversations.

    Raises:
        NotFoundError: there is none with this id that the actor may see.
    """
    statement = select(Conversation).where(
        col(Conversation.id) == conversation_id,
        col(Conversation.owner_id) == uow.account_id,
        col(Conversation.deleted_at).is_not(None) if deleted else col(Conversation.deleted_at).is_(None),
    )
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


async def get_message(uow: UnitOfWork, message_id: UUID, *, lock: bool = False) -> tuple[Conversation, Message]:
    """A message of one of the actor's conversations, which `lock` holds against sending at the same time.

    Raises:
        NotFoundError: there is none with this id that the actor may see.
    """
    message = await uow.session.scalar(select(Message).where(col(Message.id) == message_id))
    if message is None:
        raise NotFoundError
    return await get_conversation(uow, message.conversation_id, lock=lock), message


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


async def recover_abandoned(uow: UnitOfWork, conversation_id: UUID) -> None:
    """Mark answers whose process died as interrupted, with the text so far."""
    await uow.session.execute(_RECOVER, {"conversation_id": conversation_id})


async def refuse_while_writing(uow: UnitOfWork, conversation_id: UUID) -> None:
    """Check that no answer to the conversation is being written.

    Raises:
        AnswerRunningError: one is.
    """
    running = select(col(Message.id)).where(
        col(Message.conversation_id) == conversation_id, col(Message.status) == "streaming"
    )
    if await uow.session.scalar(running.limit(1)) is not None:
        raise AnswerRunningError


async def add_generation(uow: UnitOfWork, message_id: UUID, process_id: UUID, text_so_far: str = "") -> None:
    """Take the lease of an answer that this process starts to write."""
    await uow.session.flush()
    await uow.session.execute(
        insert(MessageGeneration).values(
            message_id=message_id,
            workspace_id=uow.workspace_id,
            process_id=process_id,
            text=text_so_far,
            lease_until=func.now() + LEASE,
        )
    )


async def save_progress(uow: UnitOfWork, process_id: UUID, progress: Sequence[Progress]) -> None:
    """Store the text so far of many answers of the unit's workspace and renew their leases, in one statement."""
    await uow.session.execute(
        _SAVE_PROGRESS,
        {
            "ids": [item.message_id for item in progress],
            "texts": [item.text for item in progress],
            "numbers": [item.piece_number for item in progress],
            "lease": LEASE,
            "process_id": process_id,
        },
    )


async def release_generation(uow: UnitOfWork, message_id: UUID, process_id: UUID) -> bool:
    """Give a lease back; False when it was not ours any more, so that we must not write the message."""
    released = await uow.session.execute(
        delete(MessageGeneration)
        .where(col(MessageGeneration.message_id) == message_id, col(MessageGeneration.process_id) == process_id)
        .returning(col(MessageGeneration.message_id))
    )
    return released.first() is not None


async def get_progress(uow: UnitOfWork, message_id: UUID) -> Progress | None:
    """The text so far of an answer in one of the actor's conversations; None when it is not being written.

    Raises:
        NotFoundError: there is no such message that the actor may see.
    """
    await get_message(uow, message_id)
    row = await uow.session.scalar(
        select(MessageGeneration).where(
            col(MessageGeneration.message_id) == message_id, col(MessageGeneration.lease_until) > func.now()
        )
    )
    return Progress(row.message_id, row.text, row.piece_number) if row else None


async def list_sources(uow: UnitOfWork, message_ids: Sequence[UUID]) -> dict[UUID, tuple[CitedSource, ...]]:
    """The passages behind messages; names only of documents that the actor may see now."""
    if not message_ids:
        return {}
    statement = select(MessageCitation).where(col(MessageCitation.message_id).in_(message_ids))
    citations = (await uow.session.scalars(statement.order_by(col(MessageCitation.number)))).all()
    names = await visible_document_names(uow, {citation.document_id for citation in citations})
    sources: dict[UUID, tuple[CitedSource, ...]] = {}
    for citation in citations:
        source = CitedSource(
            citation.number, citation.document_id, citation.document_version_id, citation.start_offset,
            citation.end_offset, citation.page, citation.is_cited, names.get(citation.document_id, ""),
        )  # fmt: skip
        sources[citation.message_id] = (*sources.get(citation.message_id, ()), source)
    return sources


async def get_citation(uow: UnitOfWork, message_id: UUID, number: int) -> MessageCitation:
    """A citation of a message in one of the actor's conversations.

    Raises:
        NotFoundError: there is none that the actor may see.
    """
    owned = select(col(Conversation.id)).where(
        col(Conversation.owner_id) == uow.account_id, col(Conversation.deleted_at).is_(None)
    )
    citation = await uow.session.scalar(
        select(MessageCitation)
        .join(Message, col(Message.id) == col(MessageCitation.message_id))
        .where(
            col(MessageCitation.message_id) == message_id,
            col(MessageCitation.number) == number,
            col(Message.conversation_id).in_(owned),
        )
    )
    if citation is None:
        raise NotFoundError
    return citation


async def set_automatic_title(uow: UnitOfWork, conversation_id: UUID, title: str) -> None:
    """Set a title unless a person chose one."""
    await uow.session.execute(
        update(Conversation)
        .where(col(Conversation.id) == conversation_id, col(Conversation.is_title_automatic).is_(True))
        .values(title=title)
    )


async def purge_deleted(uow: UnitOfWork, older_than: timedelta) -> None:
    """Remove for good what was deleted so long ago."""
    await uow.session.execute(delete(Conversation).where(col(Conversation.deleted_at) < func.now() - older_than))
