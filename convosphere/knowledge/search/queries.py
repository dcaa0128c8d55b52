"""The SQL of searching. Every statement sees only documents that the actor may see, by its own condition."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pgvector.sqlalchemy import SPARSEVEC
from sqlalchemy import ColumnElement, Double, Integer, Row, Text, Uuid, and_, any_, cast, column, func, select
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, aggregate_order_by
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.models import Document
from convosphere.knowledge.queries.documents import may_access_document
from convosphere.knowledge.search.entries import quote_lexeme
from convosphere.knowledge.search.models import DocumentFrequency, Passage
from convosphere.knowledge.search.terms import DIMENSIONS, Term
from convosphere.knowledge.search.weights import FEEDBACK_PASSAGES, Weights, from_sparse_text, to_sparse_vector

MOST_COMPARED = 10_000
"""Passages that one question is compared with: bounds the time of common words, at 1 to 2 ms for 1,000."""

PassageKey = tuple[UUID, int]
FoundRow = Row[UUID, UUID, str, int, int, int, int | None, str, str, str, float]


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to search: in a passage set, the documents of which `visible` is true in SQL, and some languages only."""

    passage_set_id: UUID
    visible: ColumnElement[bool]
    versions: ColumnElement[Sequence[UUID]]
    """The visible documents' current versions."""
    languages: Sequence[str] | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its score; the first ones with their weights and their length, for feedback."""

    key: PassageKey
    score: float
    weights: Weights | None
    length: int


def make_scope(
    uow: UnitOfWork, set_id: UUID, document_ids: Sequence[UUID] | None, languages: Sequence[str] | None
) -> Scope:
    """All that the actor sees, or some documents and languages of that."""
    visible = may_access_document(uow, "view")
    if document_ids is not None:
        visible = and_(visible, col(Document.id) == any_(cast(document_ids, ARRAY(Uuid))))
    versions = select(col(Document.current_version_id)).where(visible)
    return Scope(set_id, visible, func.array(versions.scalar_subquery(), type_=ARRAY(Uuid)), languages)


async def list_vocabulary(uow: UnitOfWork, set_id: UUID, limit: int) -> dict[str, tuple[Sequence[str], Sequence[int]]]:
    """The most frequent terms of a set by language, with the numbers of passages that have them."""
    frequent = (
        select(col(DocumentFrequency.language), col(DocumentFrequency.term), col(DocumentFrequency.passage_count))
        .where(col(DocumentFrequency.passage_set_id) == set_id)
        .order_by(col(DocumentFrequency.passage_count).desc(), col(DocumentFrequency.term))
        .limit(limit)
        .subquery()
    )
    order = (frequent.c.passage_count.desc(), frequent.c.term)
    rows = await uow.session.execute(
        select(
            frequent.c.language,
            func.array_agg(aggregate_order_by(frequent.c.term, *order)),
            func.array_agg(aggregate_order_by(frequent.c.passage_count, *order)),
        ).group_by(frequent.c.language)
    )
    return {language: (terms, counts) for language, terms, counts in rows}


async def count_visible_terms(uow: UnitOfWork, scope: Scope, terms: Sequence[Term]) -> dict[int, int]:
    """For the dimensions of those terms that the actor sees in a passage: how many passages of the set have them.

    Terms of more than `MOST_COMPARED` passages are counted without a look at who sees them.
    """
    if not terms:
        return {}
    counts = func.terms_within(
        scope.passage_set_id,
        scope.versions,
        cast([term.dimension for term in terms], ARRAY(Integer)),
        cast([term.language for term in terms], ARRAY(Text)),
        cast(cast([quote_lexeme(term.lexeme) for term in terms], ARRAY(Text)), ARRAY(TSQUERY)),
        MOST_COMPARED,
    ).table_valued(column("dimension", Integer), column("passage_count", Integer))
    rows = await uow.session.execute(select(counts.c.dimension, counts.c.passage_count))
    return {row.dimension: row.passage_count for row in rows}


async def list_candidates(
    uow: UnitOfWork, scope: Scope, question: Weights, *, candidates: str, required: str | None, limit: int
) -> list[Candidate]:
    """The best passages for a question among those with one of its telling terms, from the best down.

    Args:
        uow: unit of work.
        scope: where to search.
        question: weights of its terms.
        candidates: `tsquery` that a passage must match to be compared.
        required: `tsquery` of its phrases.
        limit: how many.
    """
    ranked = (
        func.rank_passages(
            scope.passage_set_id, scope.versions, cast(candidates, TSQUERY), cast(required, TSQUERY),
            _vector(question), MOST_COMPARED, limit, cast(scope.languages, ARRAY(Text)),
        )
        .table_valued(
            column("document_version_id", Uuid), column("number", Integer), column("score", Double),
            with_ordinality="place",
        )
        .render_derived()
    )  # fmt: skip
    statement = (
        select(
            ranked.c.document_version_id, ranked.c.number, ranked.c.score,
            cast(col(Passage.term_vector), Text), func.coalesce(col(Passage.length), 0),
        )
        .outerjoin(
            Passage,
            and_(
                col(Passage.passage_set_id) == scope.passage_set_id,
                col(Passage.document_version_id) == ranked.c.document_version_id,
                col(Passage.number) == ranked.c.number,
                ranked.c.place <= FEEDBACK_PASSAGES,
            ),
        )
        .order_by(ranked.c.place)
    )  # fmt: skip
    rows = await uow.session.execute(statement)
    return [
        Candidate((version_id, number), score, from_sparse_text(vector) if vector else None, length)
        for version_id, number, score, vector, length in rows
    ]


async def list_found(
    uow: UnitOfWork, scope: Scope, question: Weights, keys: Sequence[PassageKey], limit: int
) -> list[FoundRow]:
    """Some passages with their documents, as a question ranks them."""
    wanted = (
        func.unnest(
            cast([version_id for version_id, _ in keys], ARRAY(Uuid)),
            cast([number for _, number in keys], ARRAY(Integer)),
        )
        .table_valued(column("document_version_id", Uuid), column("number", Integer))
        .render_derived()
    )
    distance = col(Passage.term_vector).op("<#>", return_type=Double)(_vector(question))
    statement = (
        select(
            col(Passage.document_id), col(Passage.document_version_id), col(Document.name), col(Passage.number),
            col(Passage.start_offset), col(Passage.end_offset), col(Passage.page), col(Passage.heading),
            col(Passage.text), col(Passage.language), (-distance).label("score"),
        )
        .select_from(wanted)
        .join(
            Passage,
            and_(
                col(Passage.passage_set_id) == scope.passage_set_id,
                col(Passage.document_version_id) == wanted.c.document_version_id,
                col(Passage.number) == wanted.c.number,
            ),
        )
        .join(Document, col(Document.current_version_id) == col(Passage.document_version_id))
        .where(scope.visible)
        .order_by(distance, col(Passage.document_version_id), col(Passage.number))
        .limit(limit)
    )  # fmt: skip
    return list(await uow.session.execute(statement))


def _vector(weights: Weights) -> ColumnElement[str]:
    return cast(to_sparse_vector(weights), SPARSEVEC(DIMENSIONS))
