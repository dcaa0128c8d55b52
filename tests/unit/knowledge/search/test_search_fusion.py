"""Two rankings as one."""

import pytest

from convosphere.knowledge.search.fusion import LARGEST_SHARE, fuse


def test_both_are_scaled_before_they_are_added() -> None:
    fused = fuse({"a": 30.0, "b": 20.0, "c": 10.0}, {"c": 0.9, "d": 0.8}, 1.0)
    assert fused == {
        "a": pytest.approx(1 - LARGEST_SHARE),
        "b": pytest.approx((1 - LARGEST_SHARE) / 2),
        "c": pytest.approx(LARGEST_SHARE),
        "d": pytest.approx(0.0),
    }


def test_one_ranking_alone_keeps_its_order() -> None:
    fused = fuse({}, {"a": 0.7, "b": 0.9}, 1.0)
    assert fused["b"] > fused["a"]
    assert fuse({}, {}, 1.0) == {}


def test_equal_scores_are_all_best() -> None:
    assert fuse({}, {"a": 0.5, "b": 0.5}, 1.0) == {"a": LARGEST_SHARE, "b": LARGEST_SHARE}


def test_vectors_that_are_not_trusted_change_nothing() -> None:
    words = {"a": 0.9, "b": 0.4, "c": 0.0}
    assert fuse(words, {"c": 0.99, "b": 0.1}, 0.0) == pytest.approx({"a": 1.0, "b": 0.4 / 0.9, "c": 0.0})


def test_less_trust_is_a_smaller_share() -> None:
    words, meaning = {"a": 0.9, "b": 0.1}, {"b": 0.9, "a": 0.1}
    shares = [fuse(words, meaning, trust)["b"] for trust in (0.0, 0.5, 1.0)]
    assert shares == pytest.approx([0.0, LARGEST_SHARE / 2, LARGEST_SHARE])
