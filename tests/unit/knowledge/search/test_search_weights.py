"""The arithmetic of ranking, checked against its formulas."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convosphere.knowledge.search.weights import (
    FEEDBACK_TERMS,
    MOST_TERMS,
    feedback_weights,
    from_sparse_bytes,
    passage_weights,
    rarity,
    to_sparse_vector,
)


def test_a_passage_of_average_length_weighs_as_the_formula_says() -> None:
    # tf (k1 + 1) / (tf + k1 (1 - b + b len / avg)), with k1 = 1.6 and b = 0.75.
    assert passage_weights({7: 1, 8: 3}, 70, 70) == {7: pytest.approx(1.0), 8: pytest.approx(3 * 2.6 / 4.6)}


@given(st.integers(1, 500), st.integers(1, 500), st.integers(1, 1_000))
def test_weights_grow_with_the_count_and_fall_with_the_length(count: int, more: int, length: int) -> None:
    def weight(count: int, length: int) -> float:
        return passage_weights({1: count}, length, 70)[1]

    assert 0 < weight(count, length) < weight(count + more, length) < 2.6
    assert weight(count, length + more) < weight(count, length)


def test_rarity_is_the_logarithm_of_the_odds() -> None:
    assert rarity(9, 100) == pytest.approx(math.log(1 + 91.5 / 9.5))
    assert rarity(0, 100) > rarity(1, 100) > rarity(50, 100) > rarity(100, 100) > 0


def test_feedback_adds_what_the_best_passages_share() -> None:
    one = passage_weights({1: 1, 2: 2}, 70, 70)
    two = passage_weights({1: 1, 2: 2, 3: 1}, 70, 70)
    enriched = feedback_weights({1: 4.0}, [(4.0, one, 70), (4.0, two, 70)], lambda _: 2.0, 70)
    assert sum(enriched.values()) == pytest.approx(1)
    assert enriched[1] > 0.5
    # Twice as often, so twice as much; in one passage of two, so half as much.
    assert enriched[2] / enriched[3] == pytest.approx(4)


def test_feedback_is_bounded_and_silent_without_passages() -> None:
    weights = passage_weights(dict.fromkeys(range(200), 1), 200, 70)
    enriched = feedback_weights({500: 1.0}, [(1.0, weights, 200)], lambda _: 1.0, 70)
    assert len(enriched) == FEEDBACK_TERMS + 1
    assert feedback_weights({1: 1.0}, [], lambda _: 1.0, 70) == {1: 1.0}


@given(st.dictionaries(st.integers(0, 999_999_999), st.floats(0.01, 2.6), max_size=50))
def test_vectors_survive_their_notation(weights: dict[int, float]) -> None:
    assert from_sparse_bytes(to_sparse_vector(weights).to_binary()) == {
        dimension: pytest.approx(weight, abs=1e-5) for dimension, weight in weights.items()
    }


def test_a_vector_keeps_its_weightiest_terms() -> None:
    weights = {dimension: 1.0 + dimension / 10_000 for dimension in range(MOST_TERMS + 5)}
    assert to_sparse_vector(weights).indices() == list(range(5, MOST_TERMS + 5))
