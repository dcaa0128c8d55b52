"""The SQL of what answers cite."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import col

from convosphere.chat.models import Conversation, Message, MessageCitation
from convosphere.chat.schemas import CitedSource
from convosphere.core.errors import NotFoundError
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.queries.citations import visible_document_names


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


async def remove_citations(uow: UnitOfWork, message_id: UUID) -> None:
    """Forget what a message cites; its next end says it anew."""
    await uow.session.execute(delete(MessageCitation).where(col(MessageCitation.message_id) == message_id))
