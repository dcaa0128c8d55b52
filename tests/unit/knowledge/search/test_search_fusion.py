"""Two rankings as one."""

import pytest

from convosphere.knowledge.search.fusion import SHARE_OF_MEANING, fuse


def test_both_are_scaled_before_they_are_added() -> None:
    fused = fuse({"a": 30.0, "b": 20.0, "c": 10.0}, {"c": 0.9, "d": 0.8})
    assert fused == {
        "a": pytest.approx(1 - SHARE_OF_MEANING),
        "b": pytest.approx((1 - SHARE_OF_MEANING) / 2),
        "c": pytest.approx(SHARE_OF_MEANING),
        "d": pytest.approx(0.0),
    }


def test_one_ranking_alone_keeps_its_order() -> None:
    fused = fuse({}, {"a": 0.7, "b": 0.9})
    assert fused["b"] > fused["a"]
    assert fuse({}, {}) == {}


def test_equal_scores_are_all_best() -> None:
    assert fuse({}, {"a": 0.5, "b": 0.5}) == {"a": SHARE_OF_MEANING, "b": SHARE_OF_MEANING}
