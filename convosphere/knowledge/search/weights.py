"""BM25 as an inner product, and feedback from the first passages found. Pure arithmetic.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, section 3; Lavrenko and Croft,
"Relevance-Based Language Models", 2001, in the form RM3 of Abdul-Jaleel et al., 2004.
"""

import math
import struct
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from heapq import nlargest
from operator import itemgetter

from pgvector import SparseVector

from convosphere.knowledge.search.terms import DIMENSIONS

K1 = 1.6
B = 0.75
AVERAGE_LENGTH = 70.0
"""Terms of a passage of 800 characters, stop words left out. Fixed per passage set, so that old rows stay right."""

FEEDBACK_PASSAGES = 5
FEEDBACK_TERMS = 30
FEEDBACK_WEIGHT = 0.5

MOST_TERMS = 900
"""That a vector keeps, the weightiest: a row with more would not fit on a page of PostgreSQL."""

_COUNT = struct.Struct(">i")

Weights = dict[int, float]
"""Weight by dimension, those of zero left out."""


def passage_weights(counts: Mapping[int, int], length: int, average_length: float) -> Weights:
    """What each term says about a passage: saturating with its count, less in a long passage."""
    damping = _damping(length, average_length)
    return {dimension: count * (K1 + 1) / (count + damping) for dimension, count in counts.items()}


def rarity(passages_with: int, passages: int) -> float:
    """How much a term tells, by how few passages have it (inverse document frequency, never below 0)."""
    return math.log(1 + (max(passages - passages_with, 0) + 0.5) / (passages_with + 0.5))


def feedback_weights(
    query: Weights,
    found: Sequence[tuple[float, Weights, int]],
    rarity_of: Callable[[int], float],
    average_length: float,
) -> Weights:
    """A question enriched by what its best passages share, so that other words for the same count as well.

    Args:
        query: the question.
        found: score, weights and length of its best passages.
        rarity_of: of a term of the passages, as `rarity` gives it.
        average_length: that the weights were made with.
    """
    total = sum(score for score, _, _ in found)
    if not query or total <= 0:
        return query
    model: defaultdict[int, float] = defaultdict(float)
    for score, weights, length in found:
        damping = _damping(length, average_length)
        for dimension, weight in weights.items():
            count = weight * damping / (K1 + 1 - weight)
            model[dimension] += score / total * count / length
    terms = {
        dimension: share * rarity_of(dimension)
        for dimension, share in nlargest(FEEDBACK_TERMS, model.items(), key=itemgetter(1))
    }
    own = (1 - FEEDBACK_WEIGHT) / sum(query.values())
    other = FEEDBACK_WEIGHT / (sum(terms.values()) or 1.0)
    return {
        dimension: own * query.get(dimension, 0.0) + other * terms.get(dimension, 0.0)
        for dimension in query.keys() | terms.keys()
    }


def to_sparse_vector(weights: Weights) -> SparseVector:
    """A term vector for PostgreSQL."""
    kept = nlargest(MOST_TERMS, weights.items(), key=itemgetter(1)) if len(weights) > MOST_TERMS else weights.items()
    return SparseVector({dimension: round(weight, 5) for dimension, weight in kept}, DIMENSIONS)


def from_sparse_bytes(vector: bytes) -> Weights:
    """A term vector as pgvector sends it: its dimensions, how many are not zero, 0, which these are, their values."""
    (count,) = _COUNT.unpack_from(vector, 4)
    numbers = struct.unpack_from(f">{count}i{count}f", vector, 12)
    return dict(zip(numbers[:count], numbers[count:], strict=True))


def _damping(length: int, average_length: float) -> float:
    return K1 * (1 - B + B * length / average_length)
