"""How sure one can be of a share, and that one share is larger than another."""

from dataclasses import dataclass
from math import sqrt
from typing import Literal

Verdict = Literal["better", "worse", "same", "few"]

Z = 1.959964
"""Of a confidence of 95 %."""
LEAST_RATED = 10
"""Fewer ratings say nothing about a version, whatever they are."""


@dataclass(frozen=True)
class Share:
    """`part` of `whole`."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        """Between 0 and 1; of nothing, 0."""
        return self.part / self.whole if self.whole else 0.0


def wilson_interval(share: Share) -> tuple[float, float]:
    """Where the share lies in truth, with a confidence of 95 %; of nothing, anywhere.

    Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22, 209-212. It holds for
    few ratings too, and never leaves 0 to 1.
    """
    if not share.whole:
        return 0.0, 1.0
    square = Z * Z / share.whole
    middle = (share.value + square / 2) / (1 + square)
    reach = Z / (1 + square) * sqrt(share.value * (1 - share.value) / share.whole + square / (4 * share.whole))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def difference_interval(share: Share, other: Share) -> tuple[float, float]:
    """By how much a share is larger than another, with a confidence of 95 %.

    Newcombe (1998), Interval estimation for the difference between independent proportions, Statistics in Medicine 17,
    873-890, method 10: made of the Wilson intervals of both.
    """
    (low, high), (other_low, other_high) = wilson_interval(share), wilson_interval(other)
    value, its = share.value, other.value
    return (
        value - its - sqrt((value - low) ** 2 + (other_high - its) ** 2),
        value - its + sqrt((high - value) ** 2 + (its - other_low) ** 2),
    )


def compare(share: Share, other: Share) -> Verdict:
    """Whether a share is larger than another, smaller, not told apart (`same`), or known of too few (`few`)."""
    if min(share.whole, other.whole) < LEAST_RATED:
        return "few"
    low, high = difference_interval(share, other)
    if low > 0:
        return "better"
    return "worse" if high < 0 else "same"
