"""Finds the passages that answer a question."""

import math
from collections.abc import Sequence
from uuid import UUID

from convosphere.core.authorization import require
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.knowledge.search.embedding import QuestionVector, embed_question
from convosphere.knowledge.search.fusion import fuse
from convosphere.knowledge.search.index import current_set
from convosphere.knowledge.search.queries import FoundRow, PassageKey, Scope, list_found, make_scope
from convosphere.knowledge.search.questions import read_question
from convosphere.knowledge.search.ranking import MOST_FOUND, Ranking, rank_by_words
from convosphere.knowledge.search.schemas import FoundPassage
from convosphere.knowledge.search.terms import distinct_words, index_language, term_of
from convosphere.knowledge.search.vectors import current_vector_set, list_nearest


async def search_passages(
    actor: Actor,
    query: str,
    *,
    limit: int = 10,
    document_ids: Sequence[UUID] | None = None,
    languages: Sequence[str] | None = None,
) -> list[FoundPassage]:
    """The best passages for a question in what the actor may see; none if the documents do not say.

    Where an embedding model is connected, passages of the same meaning in other words are found as well, and then
    there is always something nearest: silence is told by words alone.

    Args:
        actor: who asks.
        query: a question or some words; what stands in quotes must occur so.
        limit: how many at most, up to `MOST_FOUND`.
        document_ids: search in these documents only.
        languages: search in passages of these languages (ISO 639-1) only.

    Raises:
        ForbiddenError: the actor may not read documents.
    """
    require(actor, Permission.DOCUMENT_READ)
    question = read_question(query)
    # Before the transaction, which must not wait for a model. What is quoted is wanted as it is, not what is like it.
    vector = None if question.phrases else await embed_question(query)
    async with unit_of_work(actor) as uow:
        passage_set = await current_set(uow)
        if passage_set is None or not passage_set.passage_count:
            return []
        scope = make_scope(uow, passage_set.id, document_ids, languages)
        by_words = await rank_by_words(uow, scope, passage_set, question)
        by_meaning = await _rank_by_meaning(uow, scope, vector) if vector else {}
        if not by_words.has_answer and not by_meaning:
            return []
        return await _found_passages(uow, scope, by_words, by_meaning, min(limit, MOST_FOUND))


async def _rank_by_meaning(uow: UnitOfWork, scope: Scope, question: QuestionVector) -> dict[PassageKey, float]:
    vector_set = await current_vector_set(uow, scope.passage_set_id, question.model, len(question.values))
    return await list_nearest(uow, scope, vector_set, question.values, MOST_FOUND) if vector_set else {}


async def _found_passages(
    uow: UnitOfWork, scope: Scope, by_words: Ranking, by_meaning: dict[PassageKey, float], limit: int
) -> list[FoundPassage]:
    keys = list({**by_words.raw_scores, **by_meaning})
    if not keys:
        return []
    rows = await list_found(uow, scope, by_words.weights, keys, len(keys) if by_meaning else limit)
    scores = _scores(rows, by_words, by_meaning)
    rows.sort(key=lambda row: -scores[_key(row)])
    return [
        _found(row, scores[_key(row)], by_words.raw_scores.get(_key(row), 0.0), by_words.asked) for row in rows[:limit]
    ]


def _scores(
    rows: Sequence[FoundRow], by_words: Ranking, by_meaning: dict[PassageKey, float]
) -> dict[PassageKey, float]:
    mass = sum(by_words.weights.values())
    words = {_key(row): 1 - math.exp(-row.score / mass) for row in rows} if mass else {}
    return fuse(words, by_meaning) if by_meaning else words


def _key(row: FoundRow) -> PassageKey:
    return row.document_version_id, row.number


def _found(row: FoundRow, score: float, raw_score: float, asked: frozenset[int]) -> FoundPassage:
    return FoundPassage(
        document_id=row.document_id, document_version_id=row.document_version_id, document_name=row.name,
        number=row.number, start=row.start_offset, end=row.end_offset, page=row.page, heading=row.heading,
        text=row.text, language=row.language, score=score, raw_score=raw_score,
        matched_words=_matched_words(row.text, row.language, asked),
    )  # fmt: skip


def _matched_words(text: str, language: str, asked: frozenset[int]) -> tuple[str, ...]:
    spoken = index_language(language)
    return tuple(
        written
        for written, form in distinct_words(text).items()
        if (term := term_of(form, spoken)) and term.dimension in asked
    )
