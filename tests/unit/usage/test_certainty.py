"""What is said of shares is what statistics know of them."""

import pytest

from convosphere.usage.service.certainty import LEAST_RATED, Share, compare, difference_interval, wilson_interval


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_that_of_newcombe(part: int, whole: int, low: float, high: float) -> None:
    """The examples of Newcombe (1998), Two-sided confidence intervals for the single proportion, table I, method 3."""
    assert wilson_interval(Share(part, whole)) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@pytest.mark.parametrize(
    ("share", "other", "low", "high"),
    [
        (Share(56, 70), Share(48, 80), 0.0524, 0.3339),
        (Share(9, 10), Share(3, 10), 0.1705, 0.8090),
        (Share(10, 10), Share(0, 20), 0.6791, 1.0),
    ],
)
def test_the_interval_of_a_difference_is_that_of_newcombe(share: Share, other: Share, low: float, high: float) -> None:
    """The examples of Newcombe (1998), Interval estimation for the difference, table II, method 10."""
    assert difference_interval(share, other) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_of_nothing_nothing_is_known() -> None:
    assert wilson_interval(Share(0, 0)) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("share", "other", "verdict"),
    [
        (Share(56, 70), Share(48, 80), "better"),
        (Share(48, 80), Share(56, 70), "worse"),
        (Share(8, 10), Share(6, 10), "same"),
        (Share(LEAST_RATED - 1, LEAST_RATED - 1), Share(0, 1_000), "few"),
        (Share(0, 0), Share(0, 0), "few"),
    ],
)
def test_a_verdict_is_given_only_where_the_numbers_carry_it(share: Share, other: Share, verdict: str) -> None:
    assert compare(share, other) == verdict
