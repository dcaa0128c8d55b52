"""How much documents are alike by the words that tell them apart, and what tags that speaks for. Pure arithmetic.

The k nearest neighbours vote, each by its likeness: Cover and Hart, "Nearest Neighbor Pattern Classification", 1967.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from heapq import nlargest
from typing import Final
from uuid import UUID

from convosphere.knowledge.search.terms import Term
from convosphere.knowledge.search.weights import Weights, rarity

TELLING_TERMS: Final = 24
NEIGHBOURS: Final = 15
LEAST_LIKENESS: Final = 0.12
"""Of the most alike: less of what tells a document apart is chance."""
_LEAST_BESIDE_BEST: Final = 0.35
LEAST_SHARE: Final = 0.25
MOST_SUGGESTED: Final = 5


def telling_terms(counts: Counter[Term], passages_with: Mapping[int, int], passages: int) -> list[tuple[Term, float]]:
    """The terms that tell a document apart, by how often they stand in it and how rare they are elsewhere."""
    weights = {
        term: (1 + count) ** 0.5 * rarity(passages_with.get(term.dimension, 0), passages)
        for term, count in counts.items()
    }
    return nlargest(TELLING_TERMS, weights.items(), key=lambda each: (each[1], each[0].dimension))


def as_question(terms: Iterable[tuple[Term, float]]) -> Weights:
    """Weights that sum to 1, so that a score is the share of the terms that a passage has."""
    given = list(terms)
    total = sum(weight for _, weight in given) or 1.0
    return {term.dimension: weight / total for term, weight in given}


def neighbours(scores: Mapping[UUID, float]) -> dict[UUID, float]:
    """The documents that are most alike; none, if the best of them is so by chance."""
    nearest = nlargest(NEIGHBOURS, scores.items(), key=lambda each: (each[1], each[0].int))
    best = nearest[0][1] if nearest else 0.0
    if best < LEAST_LIKENESS:
        return {}
    return {key: score for key, score in nearest if score >= _LEAST_BESIDE_BEST * best}


def shares(near: Mapping[UUID, float], tags_of: Mapping[UUID, Sequence[UUID]]) -> dict[UUID, float]:
    """How much of what is near has each tag, of those that enough of it has, the most first."""
    total = sum(near.values())
    votes: defaultdict[UUID, float] = defaultdict(float)
    for key, score in near.items():
        for tag_id in tags_of.get(key, ()):
            votes[tag_id] += score / total
    told = {tag_id: share for tag_id, share in votes.items() if share >= LEAST_SHARE}
    return dict(sorted(told.items(), key=lambda each: (-each[1], each[0])))
