"""The SQL of searching. Every statement sees only documents that the actor may see, by its own condition."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, Uuid, and_, any_, cast, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlmodel import col

from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import UnitOfWork, look
from convosphere.knowledge.models import Document
from convosphere.knowledge.schemas import DocumentFilter
from convosphere.knowledge.search.entries import quote_lexeme
from convosphere.knowledge.search.models import DocumentFrequency
from convosphere.knowledge.search.terms import Term
from convosphere.knowledge.search.visibility import VisibleDocuments, visible_documents
from convosphere.knowledge.search.weights import FEEDBACK_PASSAGES, Weights, from_sparse_bytes, to_sparse_vector

MOST_COMPARED = 10_000
"""Passages that one question is compared with: bounds the time of common words, at 1 to 2 ms for 1,000."""

PassageKey = tuple[UUID, int]

_HAS_PASSAGES = text("SELECT EXISTS (SELECT FROM passage_set WHERE is_current AND passage_count > 0) AS has_passages")
# Text and not expressions, which take longer to put together than to run. {documents} are those that the actor sees.
_COUNT_TERMS = """
    SELECT t.dimension, t.passage_count
    FROM terms_within(
        %(set_id)s, ARRAY(SELECT d.current_version_id FROM ({documents}) AS d), CAST(%(dimensions)s AS integer[]),
        CAST(%(term_languages)s AS text[]), CAST(CAST(%(queries)s AS text[]) AS tsquery[]), %(most)s
    ) AS t
"""
# The best ones' vectors come in PostgreSQL's binary form, behind the passage's length.
_RANK = """
    SELECT r.document_version_id, r.number, r.score, CASE WHEN r.place <= %(with_vector)s THEN (
        SELECT int4send(p.length) || sparsevec_send(p.term_vector) FROM passage AS p
        WHERE p.passage_set_id = %(set_id)s AND p.document_version_id = r.document_version_id AND p.number = r.number
    ) END
    FROM rank_passages(
        %(set_id)s, ARRAY(SELECT d.current_version_id FROM ({documents}) AS d), CAST(%(candidates)s AS tsquery),
        CAST(%(required)s AS tsquery), CAST(%(question)s AS sparsevec), %(most)s, %(wanted)s,
        CAST(%(languages)s AS text[])
    ) WITH ORDINALITY AS r (document_version_id, number, score, place)
    ORDER BY r.place
"""
_SHOW = """
    SELECT p.document_id, p.document_version_id, d.name, p.number, p.start_offset, p.end_offset, p.page, p.heading,
           p.text, p.language, -(p.term_vector <#> CAST(%(question)s AS sparsevec)) AS score,
           r.begins[greatest(width_bucket(p.start_offset, r.starts), 1)] / 1000 AS seconds
    FROM unnest(CAST(%(versions)s AS uuid[]), CAST(%(numbers)s AS integer[])) AS w (document_version_id, number)
    JOIN passage AS p ON p.passage_set_id = %(set_id)s AND p.document_version_id = w.document_version_id
                     AND p.number = w.number
    JOIN ({documents}) AS d ON d.current_version_id = p.document_version_id
    LEFT JOIN version_transcript AS r ON r.document_version_id = p.document_version_id
    ORDER BY score DESC, p.document_version_id, p.number LIMIT %(wanted)s
"""
_NARROWED = "SELECT v.* FROM ({documents}) AS v WHERE v.id = ANY (CAST(%(document_ids)s AS uuid[]))"


class FoundRow(NamedTuple):
    """A passage with its document and how well it fits."""

    document_id: UUID
    document_version_id: UUID
    name: str
    number: int
    start_offset: int
    end_offset: int
    page: int | None
    heading: str
    text: str
    language: str
    score: float
    seconds: int | None


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to search: in a passage set, in documents that the actor may view, in some of these or languages only."""

    passage_set_id: UUID
    documents: VisibleDocuments
    document_ids: Sequence[UUID] | None
    languages: Sequence[str] | None

    @property
    def visible(self) -> ColumnElement[bool]:
        """True in SQL of those documents."""
        if self.document_ids is None:
            return self.documents.condition
        return and_(self.documents.condition, col(Document.id) == any_(cast(self.document_ids, ARRAY(Uuid))))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its score; the first ones with their weights and their length, for feedback."""

    key: PassageKey
    score: float
    weights: Weights | None
    length: int


def make_scope(
    uow: UnitOfWork,
    set_id: UUID,
    document_ids: tuple[UUID, ...] | None,
    languages: Sequence[str] | None,
    *,
    filters: tuple[DocumentFilter, ...] = (),
    with_attached: bool = False,
) -> Scope:
    """All that the actor sees, or of that some documents, what filters show, and some languages."""
    if not filters:
        return Scope(set_id, visible_documents(uow, with_attached=with_attached), document_ids, languages)
    documents = visible_documents(uow, with_attached=with_attached, within=(document_ids or (), filters))
    return Scope(set_id, documents, None, languages)


async def count_visible_terms(uow: UnitOfWork, scope: Scope, terms: Sequence[Term]) -> dict[int, int]:
    """For the dimensions of those terms that the actor sees in a passage: how many passages of the set have them.

    Terms of more than `MOST_COMPARED` passages are counted without a look at who sees them.
    """
    if not terms:
        return {}
    rows = await _execute(uow, scope, _COUNT_TERMS, _asked(terms))
    return dict(iter(rows))


@dataclass(frozen=True, slots=True)
class _Filled:
    has_passages: bool


async def has_passages(actor: Actor) -> bool:
    """Whether there is anything to search in an actor's workspace."""
    (found,) = await look(actor, _Filled, _HAS_PASSAGES, {})
    return found.has_passages


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
    rows = await _execute(
        uow,
        scope,
        _RANK,
        {
            "candidates": candidates, "required": required, "question": to_sparse_vector(question).to_text(),
            "most": MOST_COMPARED, "wanted": limit, "with_vector": FEEDBACK_PASSAGES, "languages": scope.languages,
        },
    )  # fmt: skip
    return [
        Candidate((version_id, number), score, *(_with_length(vector) if vector else (None, 0)))
        for version_id, number, score, vector in rows
    ]


async def list_found(
    uow: UnitOfWork, scope: Scope, question: Weights, keys: Sequence[PassageKey], limit: int
) -> list[FoundRow]:
    """Some passages with their documents, as a question ranks them."""
    rows = await _execute(
        uow,
        scope,
        _SHOW,
        {
            "question": to_sparse_vector(question).to_text(), "wanted": limit,
            "versions": _array(version_id for version_id, _ in keys), "numbers": _array(number for _, number in keys),
        },
    )  # fmt: skip
    return [FoundRow(*row) for row in rows]


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


async def _execute(
    uow: UnitOfWork, scope: Scope, template: str, parameters: Mapping[str, object]
) -> CursorResult[*tuple[Any, ...]]:
    narrowed = {} if scope.document_ids is None else {"document_ids": list(scope.document_ids)}
    connection = await uow.session.connection()
    return await connection.exec_driver_sql(
        _statement(template, scope.documents.sql, scope.document_ids is not None),
        {"set_id": scope.passage_set_id, **scope.documents.parameters, **narrowed, **parameters},
    )


@lru_cache(maxsize=64)
def _statement(template: str, documents: str, is_narrowed: bool) -> str:
    template = template.replace("{documents}", _NARROWED) if is_narrowed else template
    return template.replace("{documents}", documents)


def _asked(terms: Sequence[Term]) -> dict[str, object]:
    return {
        "dimensions": _array(term.dimension for term in terms),
        "term_languages": [term.language for term in terms],
        "queries": [quote_lexeme(term.lexeme) for term in terms],
        "most": MOST_COMPARED,
    }


def _array(values: Iterable[UUID] | Iterable[int]) -> str:
    """In PostgreSQL's notation: the driver would choose a type by the values, so that each is another statement."""
    return "{" + ",".join(map(str, values)) + "}"


def _with_length(value: bytes) -> tuple[Weights, int]:
    return from_sparse_bytes(value[4:]), int.from_bytes(value[:4], "big")
