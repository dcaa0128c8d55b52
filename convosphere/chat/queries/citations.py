"""The SQL of what answers cite."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, cast, exists, func, select, text, true
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH
from sqlalchemy.orm import aliased
from sqlmodel import col

from convosphere.answers.schemas import Source
from convosphere.chat.access import OBJECT_TYPE
from convosphere.chat.models import Conversation, Message, MessageCitation
from convosphere.chat.schemas import CitedSource
from convosphere.core.errors import NotFoundError
from convosphere.core.identifiers import first_id_at
from convosphere.core.model import utc_now
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.grants import may_access
from convosphere.knowledge.queries.citations import CitedDocument, visible_documents

_ADD_CITATIONS = text(
    """
    INSERT INTO message_citation (message_id, workspace_id, number, document_id, document_version_id, start_offset,
                                  end_offset, page, seconds, is_cited)
    SELECT :message_id, :workspace_id, c.*
    FROM unnest(CAST(:numbers AS int[]), CAST(:document_ids AS uuid[]), CAST(:version_ids AS uuid[]),
                CAST(:starts AS int[]), CAST(:ends AS int[]), CAST(:pages AS int[]), CAST(:seconds AS int[]),
                CAST(:cited AS boolean[])) AS c
    """
)
# Of an answer that came in with a file, whoever brought that has read there what its documents were called.
_LIST_CITATIONS = text(
    """
    SELECT s.message_id, s.number, s.document_id, s.document_version_id, s.start_offset, s.end_offset, s.page,
        s.seconds, s.is_cited, CASE WHEN c.owner_id = :account_id
            THEN coalesce(m.origin -> 'documents' ->> CAST(s.number AS text), '') ELSE '' END AS told_name
    FROM message_citation AS s
    JOIN message AS m ON m.id = s.message_id JOIN conversation AS c ON c.id = m.conversation_id
    WHERE s.message_id = ANY(:message_ids) ORDER BY s.number
    """
)
_REMOVE_CITATIONS = text("DELETE FROM message_citation WHERE message_id = :message_id")


@dataclass(frozen=True)
class _Citation:
    """A row of `_LIST_CITATIONS`."""

    message_id: UUID
    number: int
    document_id: UUID
    document_version_id: UUID
    start_offset: int
    end_offset: int
    page: int | None
    seconds: int | None
    is_cited: bool
    told_name: str


async def list_sources(uow: UnitOfWork, message_ids: Sequence[UUID]) -> dict[UUID, tuple[CitedSource, ...]]:
    """The passages behind messages; of documents only what the actor may see now, or names that they brought along."""
    if not message_ids:
        return {}
    given = {"message_ids": list(message_ids), "account_id": uow.actor.account_id}
    citations = await uow.rows(_Citation, _LIST_CITATIONS, given)
    if not citations:
        return {}
    seen = await visible_documents(uow, {citation.document_id for citation in citations})
    sources: dict[UUID, tuple[CitedSource, ...]] = {}
    for citation in citations:
        document = seen.get(citation.document_id, CitedDocument(citation.told_name))
        source = CitedSource(
            citation.number, citation.document_id, citation.document_version_id, document.name, citation.start_offset,
            citation.end_offset, citation.page, citation.seconds, citation.is_cited, document.dated_on,
            document.review_due_on,
        )  # fmt: skip
        sources[citation.message_id] = (*sources.get(citation.message_id, ()), source)
    return sources


async def get_citation(uow: UnitOfWork, message_id: UUID, number: int) -> MessageCitation:
    """A citation of a message in a conversation that the actor sees.

    Raises:
        NotFoundError: there is none that the actor may see.
    """
    may = may_access(uow.actor, OBJECT_TYPE, col(Conversation.id), col(Conversation.owner_id), "view")
    seen = select(col(Conversation.id)).where(may, col(Conversation.deleted_at).is_(None))
    citation = await uow.session.scalar(
        select(MessageCitation)
        .join(Message, col(Message.id) == col(MessageCitation.message_id))
        .where(
            col(MessageCitation.message_id) == message_id,
            col(MessageCitation.number) == number,
            col(Message.conversation_id).in_(seen),
        )
    )
    if citation is None:
        raise NotFoundError
    return citation


def add_citations(uow: UnitOfWork, message_id: UUID, sources: Sequence[Source], cited: Collection[int]) -> None:
    """Keep the passages that an answer was made from, and which of them it cites."""
    if not sources:
        return
    given = {
        "message_id": message_id, "workspace_id": uow.workspace_id,
        "numbers": [source.number for source in sources],
        "document_ids": [source.document_id for source in sources],
        "version_ids": [source.document_version_id for source in sources],
        "starts": [source.start for source in sources],
        "ends": [source.end for source in sources],
        "pages": [source.page for source in sources],
        "seconds": [source.seconds for source in sources],
        "cited": [source.number in cited for source in sources],
    }  # fmt: skip
    uow.defer(_ADD_CITATIONS, given)


def remove_citations(uow: UnitOfWork, message_id: UUID) -> None:
    """Forget what a message cites; its next end says it anew."""
    uow.defer(_REMOVE_CITATIONS, {"message_id": message_id})


class CitationsOfAnswers:
    """See `knowledge.citing.CitationsInSQL`."""

    def count(self, days: int | None) -> Select[UUID, int]:
        """How many answers cite each document."""
        citing = (
            select(col(MessageCitation.document_id), col(MessageCitation.message_id))
            .where(*_cited_since(days))
            .distinct()
            .subquery()
        )
        return select(citing.c.document_id, func.count().label("answers")).group_by(citing.c.document_id)

    def cites(self, document_id: SQLColumnExpression[UUID], days: int | None) -> ColumnElement[bool]:
        """True of documents that any answer cites."""
        return exists().where(col(MessageCitation.document_id) == document_id, *_cited_since(days))

    def asked(self, account_id: UUID) -> Select[UUID, str, UUID]:
        """What a person asked, with the document that the answer cites first."""
        answer, question = aliased(Message), aliased(Message)
        path = cast('$[*] ? (@.type == "text")', JSONPATH)
        said = func.jsonb_path_query_first(col(question.parts), path, type_=JSONB)["text"].astext
        first = (
            select(col(MessageCitation.document_id))
            .where(col(MessageCitation.message_id) == col(answer.id), col(MessageCitation.is_cited))
            .order_by(col(MessageCitation.number))
            .limit(1)
            .lateral()
        )
        own = (col(Conversation.owner_id) == account_id) & col(Conversation.deleted_at).is_(None)
        return (
            select(col(answer.id).label("id"), said.label("question"), first.c.document_id)
            .select_from(Conversation)
            .join(answer, col(answer.conversation_id) == col(Conversation.id))
            .join(question, col(question.id) == col(answer.parent_id))
            .join(first, true())
            .where(own, col(answer.role) == "assistant", said.is_not(None))
        )


def _cited_since(days: int | None) -> list[ColumnElement[bool]]:
    # Ids of messages are in the order of time.
    is_late = [] if days is None else [col(MessageCitation.message_id) >= first_id_at(utc_now() - timedelta(days=days))]
    return [col(MessageCitation.is_cited).is_(True), *is_late]
