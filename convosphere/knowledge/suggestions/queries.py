"""The SQL of suggestions. Nothing is learned from documents that the actor does not see."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select, text, union_all
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.models import Document, DocumentTag, Tag, TagRefusal
from convosphere.knowledge.queries.access import may_access_document
from convosphere.knowledge.schemas import TagLabel
from convosphere.knowledge.search.entries import quote_lexeme
from convosphere.knowledge.search.models import DocumentFrequency, PassageSet
from convosphere.knowledge.search.queries import MOST_COMPARED
from convosphere.knowledge.search.terms import Term, index_language, make_term
from convosphere.knowledge.search.visibility import visible_documents
from convosphere.knowledge.search.weights import to_sparse_vector
from convosphere.knowledge.suggestions.likeness import as_question
from convosphere.knowledge.tags.queries import may_use

_PASSAGES_READ: Final = 100
"""Of each document: what it is about stands in these."""
_PASSAGES_RANKED: Final = 120

_COUNT_LEXEMES = text("""
    SELECT d.id, p.language, t.lexeme, count(*) AS count
    FROM document AS d
    JOIN passage AS p ON p.passage_set_id = :set_id AND p.document_version_id = d.current_version_id
        AND p.number <= :most
    CROSS JOIN LATERAL unnest(tsvector_to_array(p.lexemes)) AS t (lexeme)
    WHERE d.id = ANY(CAST(:document_ids AS uuid[]))
    GROUP BY d.id, p.language, t.lexeme
""")
# {documents} are those that the actor sees. The passages of a document itself would be most alike.
_RANK = """
    WITH seen AS MATERIALIZED (
        SELECT array_agg(d.current_version_id) AS versions FROM ({documents}) AS d
        WHERE EXISTS (SELECT FROM document_tag AS t WHERE t.document_id = d.id)
    )
    SELECT w.document_id, o.document_id AS alike_id, max(r.score) AS score
    FROM unnest(CAST(%(document_ids)s AS uuid[]), CAST(%(candidates)s AS text[]), CAST(%(questions)s AS text[]))
        AS w (document_id, candidates, question)
    JOIN document AS own ON own.id = w.document_id
    CROSS JOIN seen
    CROSS JOIN LATERAL rank_passages(
        %(set_id)s, array_remove(seen.versions, own.current_version_id), CAST(w.candidates AS tsquery), NULL,
        CAST(w.question AS sparsevec), %(most)s, %(wanted)s, NULL
    ) AS r
    JOIN (SELECT d.id AS document_id, d.current_version_id FROM document AS d) AS o
        ON o.current_version_id = r.document_version_id
    GROUP BY w.document_id, o.document_id
"""


@dataclass(frozen=True)
class _Counted:
    """In how many passages of a document that are in a language a lexeme stands."""

    id: UUID
    language: str
    lexeme: str
    count: int


async def list_editable(uow: UnitOfWork, document_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Those of some documents that the actor may tag, with their names."""
    statement = select(col(Document.id), col(Document.name)).where(
        col(Document.id).in_(document_ids), may_access_document(uow, "edit"), ~col(Document.is_attached)
    )
    return {row[0]: row[1] for row in await uow.session.execute(statement)}


async def count_terms(
    uow: UnitOfWork, passage_set: PassageSet, document_ids: Sequence[UUID]
) -> dict[UUID, Counter[Term]]:
    """In how many passages of each document each term stands. The caller has fetched the documents."""
    asked = {"set_id": passage_set.id, "document_ids": list(document_ids), "most": _PASSAGES_READ}
    found: defaultdict[UUID, Counter[Term]] = defaultdict(Counter)
    for row in await uow.rows(_Counted, _COUNT_LEXEMES, asked):
        found[row.id][make_term(row.lexeme, index_language(row.language))] += row.count
    return found


async def count_passages_with(uow: UnitOfWork, passage_set: PassageSet, dimensions: Collection[int]) -> dict[int, int]:
    """How many passages of the set have each of some terms."""
    statement = select(col(DocumentFrequency.dimension), col(DocumentFrequency.passage_count)).where(
        col(DocumentFrequency.passage_set_id) == passage_set.id, col(DocumentFrequency.dimension).in_(dimensions)
    )
    return {row[0]: row[1] for row in await uow.session.execute(statement)}


async def score_tagged(
    uow: UnitOfWork, passage_set: PassageSet, telling: Mapping[UUID, Sequence[tuple[Term, float]]]
) -> dict[UUID, dict[UUID, float]]:
    """How much the tagged documents that the actor sees are like each of some, by what tells those apart."""
    seen = visible_documents(uow)
    given = {
        "document_ids": list(telling),
        "candidates": [" | ".join(quote_lexeme(term.lexeme) for term, _ in terms) for terms in telling.values()],
        "questions": [to_sparse_vector(as_question(terms)).to_text() for terms in telling.values()],
        "set_id": passage_set.id, "most": MOST_COMPARED, "wanted": _PASSAGES_RANKED,
    }  # fmt: skip
    connection = await uow.session.connection()
    rows = await connection.exec_driver_sql(_RANK.replace("{documents}", seen.sql), {**seen.parameters, **given})
    found: defaultdict[UUID, dict[UUID, float]] = defaultdict(dict)
    for row in rows.mappings():
        found[row["document_id"]][row["alike_id"]] = row["score"]
    return found


async def list_tags_of(
    uow: UnitOfWork, document_ids: Collection[UUID]
) -> tuple[dict[UUID, list[UUID]], dict[UUID, TagLabel]]:
    """Which tags that the actor may use stand on some documents, and those tags."""
    statement = (
        select(col(DocumentTag.document_id), col(Tag.id), col(Tag.name), col(Tag.colour))
        .join(Tag, col(Tag.id) == col(DocumentTag.tag_id))
        .where(col(DocumentTag.document_id).in_(document_ids), may_use(uow))
    )
    tags_of: defaultdict[UUID, list[UUID]] = defaultdict(list)
    labels: dict[UUID, TagLabel] = {}
    for document_id, tag_id, name, colour in await uow.session.execute(statement):
        labels[tag_id] = TagLabel(tag_id, name, colour)
        tags_of[document_id].append(tag_id)
    return tags_of, labels


async def list_settled(uow: UnitOfWork, document_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Pairs of a document and a tag that it has, or of which somebody said that it does not fit."""
    has = select(col(DocumentTag.document_id), col(DocumentTag.tag_id))
    refused = select(col(TagRefusal.document_id), col(TagRefusal.tag_id))
    rows = await uow.session.execute(
        union_all(
            has.where(col(DocumentTag.document_id).in_(document_ids)),
            refused.where(col(TagRefusal.document_id).in_(document_ids)),
        )
    )
    return {(row[0], row[1]) for row in rows}
