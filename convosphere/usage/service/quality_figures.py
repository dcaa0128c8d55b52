"""How answers did as pages show it: texts and plain numbers. Shares are per cent, times seconds."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from convosphere.usage.service.certainty import compare, wilson_interval
from convosphere.usage.service.figures import NANOS, Cost
from convosphere.usage.service.quality import QualityLine

MOST_LINES = 100
UNKNOWN = -1.0
"""A number that is not known, which is not 0."""


@dataclass(frozen=True)
class ReasonItem:
    """How often a reason was given."""

    name: str
    count: int


@dataclass(frozen=True)
class QualityItem:
    """How answers did. `low` and `high` are where the share of good ones lies with a confidence of 95 %.

    `verdict` says how the share compares with that of `other`: `better`, `worse`, `same`, `few`; empty without another.
    """

    key: str = ""
    name: str = ""
    answers: int = 0
    is_told: bool = True
    """Whether ratings may be told."""
    good: int = 0
    bad: int = 0
    rated: int = 0
    good_percent: int = 0
    low: int = 0
    high: int = 100
    again: float = UNKNOWN
    stopped: float = UNKNOWN
    failed: float = UNKNOWN
    p50: float = UNKNOWN
    p95: float = UNKNOWN
    costs: list[Cost] = field(default_factory=list)
    unpriced: int = 0
    tokens: int = 0
    tokens_each: int = 0
    reasons: list[ReasonItem] = field(default_factory=list)
    verdict: str = ""
    other: str = ""
    is_current: bool = False


def quality_item(
    line: QualityLine,
    *,
    name: str = "",
    other: QualityLine | None = None,
    other_name: str = "",
    is_current: bool = False,
) -> QualityItem:
    """A line as it is shown, and compared with another one."""
    share = line.share
    low, high = wilson_interval(share)
    return QualityItem(
        key=line.key,
        name=name or line.name or line.key,
        answers=line.answers,
        is_told=line.good is not None,
        good=line.good or 0,
        bad=line.bad or 0,
        rated=share.whole,
        good_percent=round(100 * share.value),
        low=round(100 * low),
        high=round(100 * high),
        again=_percent(line.again, line.answers),
        stopped=_percent(line.stopped, line.answers),
        failed=_percent(line.failed, line.answers),
        p50=_seconds(line.p50_ms),
        p95=_seconds(line.p95_ms),
        costs=_costs(line),
        unpriced=line.answers - sum(priced for _, priced in line.costs.values()),
        tokens=line.tokens,
        tokens_each=round(line.tokens / line.counted) if line.counted else 0,
        reasons=[ReasonItem(*each) for each in sorted(line.reasons.items(), key=lambda each: (-each[1], each[0]))],
        verdict=compare(share, other.share) if other else "",
        other=other_name,
        is_current=is_current,
    )


def quality_items(lines: Sequence[QualityLine]) -> list[QualityItem]:
    """The lines with the most answers."""
    return [quality_item(line) for line in lines[:MOST_LINES]]


def period_items(lines: Sequence[QualityLine]) -> list[QualityItem]:
    """Periods, the newest first; those before anything was answered are left out."""
    first = next((number for number, line in enumerate(lines) if line.answers or line.share.whole), len(lines))
    return [quality_item(line) for line in reversed(lines[first:])]


def _percent(part: int, whole: int) -> float:
    """With one digit where it is small."""
    if not whole:
        return UNKNOWN
    value = 100 * part / whole
    return round(value, 1) if value < 10 else float(round(value))


def _seconds(milliseconds: int | None) -> float:
    return UNKNOWN if milliseconds is None else milliseconds / 1000


def _costs(line: QualityLine) -> list[Cost]:
    """What an answer with a known cost costs on average, the currency of the most answers first."""
    ordered = sorted(line.costs.items(), key=lambda cost: (-cost[1][1], cost[0]))
    return [Cost(nanos / priced / NANOS, currency) for currency, (nanos, priced) in ordered if priced]
