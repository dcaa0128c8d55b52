"""Ranks passages by the words of a question."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.search.clues import (
    RELATED_TO_KNOWN,
    Clue,
    count_matched,
    coverage,
    gather_clues,
    question_weights,
)
from convosphere.knowledge.search.entries import quote_lexeme
from convosphere.knowledge.search.models import PassageSet
from convosphere.knowledge.search.queries import MOST_COMPARED, Candidate, PassageKey, Scope, list_candidates
from convosphere.knowledge.search.questions import Question, phrase_query
from convosphere.knowledge.search.vocabulary import Vocabulary, VocabularyCache
from convosphere.knowledge.search.weights import FEEDBACK_PASSAGES, Weights, feedback_weights, rarity

LEAST_COVERAGE = 0.32
ENOUGH_WORDS = 6
"""The best passages must have this share of what a question asks for, or so many of its words if it is long; else the
documents say nothing about it. Of 50 questions that the sets in bench/data cannot answer 49 end so, of 135 that they
can 2, of Cranfield's 225 none."""

MOST_FOUND = 100
"""The largest `limit`; as many are ranked again with feedback, which finds as much as ranking all (nDCG@10 0.5455 and
0.5458 on the 1,400 abstracts of Cranfield)."""

MOST_COMPARED_AS_RELATED = 4_000
"""Passages with words related to the question's are compared while all together are no more than this."""

_vocabularies = VocabularyCache()


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best passages with BM25's figures, and what to rank them again by.

    `weights` is the question with feedback from the best, `asked` the dimensions of the question's own terms. Without
    `has_answer` the passages have some words of the question and say nothing about it.
    """

    raw_scores: dict[PassageKey, float] = field(default_factory=dict)
    weights: Weights = field(default_factory=dict)
    asked: frozenset[int] = frozenset()
    has_answer: bool = False


async def rank_by_words(uow: UnitOfWork, scope: Scope, passage_set: PassageSet, question: Question) -> Ranking:
    """The `MOST_FOUND` best passages that have words of a question, and its phrases."""
    vocabulary = await _vocabularies.get(uow, passage_set)
    clues = await gather_clues(uow, scope, passage_set, vocabulary, question.words)
    weights = question_weights(clues, passage_set.passage_count)
    if not weights:
        return Ranking()
    required = phrase_query(question.phrases)
    candidates = await list_candidates(
        uow, scope, weights, candidates=_candidate_query(clues), required=required, limit=MOST_FOUND
    )
    return Ranking(
        {candidate.key: candidate.score for candidate in candidates},
        _enrich(passage_set, vocabulary, weights, candidates[:FEEDBACK_PASSAGES]),
        frozenset(dimension for clue in clues for dimension in clue.shares),
        required is not None or _answers(clues, candidates),
    )


def _candidate_query(clues: Sequence[Clue]) -> str:
    """The rarest terms as a `tsquery`, as many as there may be candidates; the question's own before what is related.

    A passage that has only the more common ones would hardly be among the best, but there are very many of them.
    """
    terms = {
        (clue.shares[dimension] <= RELATED_TO_KNOWN, passages_with, lexeme)
        for clue in clues
        for dimension, (lexeme, passages_with) in clue.lexemes.items()
    }
    chosen: dict[str, None] = {}
    total = 0
    for is_related, passages_with, lexeme in sorted(terms):
        total += passages_with
        if chosen and total > (MOST_COMPARED_AS_RELATED if is_related else MOST_COMPARED):
            break
        chosen[quote_lexeme(lexeme)] = None
    return " | ".join(chosen)


def _answers(clues: Sequence[Clue], candidates: Sequence[Candidate]) -> bool:
    return any(
        coverage(clues, candidate.weights) >= LEAST_COVERAGE or count_matched(clues, candidate.weights) >= ENOUGH_WORDS
        for candidate in candidates
        if candidate.weights
    )


def _enrich(passage_set: PassageSet, vocabulary: Vocabulary, weights: Weights, best: Sequence[Candidate]) -> Weights:
    def rarity_of(dimension: int) -> float:
        return rarity(vocabulary.count_dimension(dimension), passage_set.passage_count)

    found = [
        (candidate.score, candidate.weights, candidate.length) for candidate in best if candidate.weights is not None
    ]
    return feedback_weights(weights, found, rarity_of, passage_set.average_length)
