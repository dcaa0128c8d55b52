"""Finds the passages that answer a question."""

import math
from collections.abc import Sequence
from uuid import UUID

from convosphere.core.authorization import require
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.knowledge.search.clues import Clue, count_matched, coverage, gather_clues, question_weights
from convosphere.knowledge.search.entries import quote_lexeme
from convosphere.knowledge.search.index import current_set
from convosphere.knowledge.search.models import PassageSet
from convosphere.knowledge.search.queries import (
    MOST_COMPARED,
    Candidate,
    FoundRow,
    Scope,
    list_candidates,
    list_found,
    make_scope,
)
from convosphere.knowledge.search.questions import Question, phrase_query, read_question
from convosphere.knowledge.search.schemas import FoundPassage
from convosphere.knowledge.search.terms import distinct_words, index_language, term_of
from convosphere.knowledge.search.vocabulary import Vocabulary, VocabularyCache
from convosphere.knowledge.search.weights import (
    FEEDBACK_PASSAGES,
    Weights,
    feedback_weights,
    rarity,
)

LEAST_COVERAGE = 0.32
ENOUGH_WORDS = 6
"""The best passages must have this share of what a question asks for, or so many of its words if it is long; else the
documents say nothing about it. Of 50 questions that the sets in bench/data cannot answer 49 end so, of 135 that they
can 2, of Cranfield's 225 none."""

MOST_FOUND = 100
"""The largest `limit`; as many are ranked again with feedback, which finds as much as ranking all (nDCG@10 0.5455 and
0.5458 on the 1,400 abstracts of Cranfield)."""

_vocabularies = VocabularyCache()


async def search_passages(
    actor: Actor,
    query: str,
    *,
    limit: int = 10,
    document_ids: Sequence[UUID] | None = None,
    languages: Sequence[str] | None = None,
) -> list[FoundPassage]:
    """The best passages for a question in what the actor may see; none if the documents do not say.

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
    async with unit_of_work(actor) as uow:
        passage_set = await current_set(uow)
        if passage_set is None or not passage_set.passage_count or not question.words:
            return []
        scope = make_scope(uow, passage_set.id, document_ids, languages)
        return await _search(uow, scope, passage_set, question, min(limit, MOST_FOUND))


async def _search(
    uow: UnitOfWork, scope: Scope, passage_set: PassageSet, question: Question, limit: int
) -> list[FoundPassage]:
    vocabulary = await _vocabularies.get(uow, passage_set)
    clues = await gather_clues(uow, scope, passage_set, vocabulary, question.words)
    weights = question_weights(clues, passage_set.passage_count)
    if not weights:
        return []
    required = phrase_query(question.phrases)
    candidates = await list_candidates(
        uow, scope, weights, candidates=_candidate_query(clues), required=required, limit=MOST_FOUND
    )
    if not candidates or (required is None and not _answers(clues, candidates)):
        return []
    enriched = _enrich(passage_set, vocabulary, weights, candidates[:FEEDBACK_PASSAGES])
    rows = await list_found(uow, scope, enriched, [candidate.key for candidate in candidates], limit)
    raw_scores = {candidate.key: candidate.score for candidate in candidates}
    asked = frozenset(dimension for clue in clues for dimension in clue.shares)
    mass = sum(enriched.values())
    return [_found(row, mass, raw_scores[row.document_version_id, row.number], asked) for row in rows]


def _candidate_query(clues: Sequence[Clue]) -> str:
    """The rarest terms as a `tsquery`, as many as there may be candidates.

    A passage that has only the more common ones would hardly be among the best, but there are very many of them.
    """
    rarest = sorted({entry for clue in clues for entry in clue.lexemes.values()}, key=lambda entry: entry[::-1])
    chosen: list[str] = []
    total = 0
    for lexeme, passages_with in rarest:
        total += passages_with
        if chosen and total > MOST_COMPARED:
            break
        chosen.append(quote_lexeme(lexeme))
    return " | ".join(chosen)


def _answers(clues: Sequence[Clue], candidates: Sequence[Candidate]) -> bool:
    return any(
        coverage(clues, candidate.weights) >= LEAST_COVERAGE or count_matched(clues, candidate.weights) >= ENOUGH_WORDS
        for candidate in candidates
        if candidate.weights
    )


def _enrich(passage_set: PassageSet, vocabulary: Vocabulary, weights: Weights, best: Sequence[Candidate]) -> Weights:
    found = [
        (candidate.score, candidate.weights, candidate.length) for candidate in best if candidate.weights is not None
    ]
    rarities = {
        dimension: rarity(vocabulary.count_dimension(dimension), passage_set.passage_count)
        for _, of_passage, _ in found
        for dimension in of_passage
    }
    return feedback_weights(weights, found, rarities, passage_set.average_length)


def _found(row: FoundRow, mass: float, raw_score: float, asked: frozenset[int]) -> FoundPassage:
    (document_id, version_id, name, number, start, end, page, heading, text, language, score) = row
    return FoundPassage(
        document_id=document_id, document_version_id=version_id, document_name=name, number=number, start=start,
        end=end, page=page, heading=heading, text=text, language=language,
        score=1 - math.exp(-score / mass), raw_score=raw_score,
        matched_words=_matched_words(text, language, asked),
    )  # fmt: skip


def _matched_words(text: str, language: str, asked: frozenset[int]) -> tuple[str, ...]:
    spoken = index_language(language)
    return tuple(
        written
        for written, form in distinct_words(text).items()
        if (term := term_of(form, spoken)) and term.dimension in asked
    )
