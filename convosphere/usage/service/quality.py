"""How answers did: what became of them, what people thought, how long they took and what they cost."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from convosphere.core.authorization import require
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.usage.queries import quality as queries
from convosphere.usage.queries.quality import AnswerSums
from convosphere.usage.queries.reports import get_today
from convosphere.usage.service.certainty import Share
from convosphere.usage.service.names import AssistantNames
from convosphere.usage.service.ratings import LEAST_RATERS, Ratings, RatingSum, RatingSums, Said, Span

Range = Literal["4-weeks", "12-weeks", "12-months"]
RANGES: tuple[Range, ...] = ("4-weeks", "12-weeks", "12-months")
USUAL_RANGE: Range = "12-weeks"
_BY_NAME: dict[str, Range] = {each: each for each in RANGES}


@dataclass(frozen=True)
class QualityLine:
    """How answers did, all together or those of a version, model, assistant or period whose `key` it is.

    `good` and `bad` are None where they may not be told. Costs are billionths with the number of answers that cost so
    much together, by currency.
    """

    key: str = ""
    name: str = ""
    answers: int = 0
    stopped: int = 0
    failed: int = 0
    again: int = 0
    good: int | None = 0
    bad: int | None = 0
    tokens: int = 0
    counted: int = 0
    costs: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    p50_ms: int | None = None
    p95_ms: int | None = None
    reasons: Mapping[str, int] = field(default_factory=dict)

    @property
    def share(self) -> Share:
        """How many of the rated answers were good."""
        return Share(self.good or 0, (self.good or 0) + (self.bad or 0))


@dataclass(frozen=True)
class QualityReport:
    """How answers did in a range; `hidden` ratings are of too few people to be told."""

    total: QualityLine
    versions: Sequence[QualityLine]
    models: Sequence[QualityLine]
    assistants: Sequence[QualityLine]
    periods: Sequence[QualityLine]
    hidden: int = 0
    said: Sequence[Said] = ()


async def get_quality(actor: Actor, chosen: Range) -> QualityReport:
    """How all answers of the workspace did.

    Raises:
        ForbiddenError: the actor may not read about everybody's usage.
    """
    require(actor, Permission.USAGE_READ)
    async with unit_of_work(actor) as uow:
        report = await report_on(uow, chosen)
        ids = {UUID(line.key) for line in report.assistants if line.key}
        names = {str(key): name for key, name in (await AssistantNames.of(uow, ids)).items()}
    named = [replace(line, name=names.get(line.key, "")) for line in report.assistants]
    return replace(report, assistants=named)


async def report_on(
    uow: UnitOfWork, chosen: Range, assistant_id: UUID | None = None, *, has_words: bool = False
) -> QualityReport:
    """How answers did, all or those of an assistant that was fetched before; `has_words` asks for comments too."""
    starts = periods_of(chosen, today := await get_today(uow))
    *edges, until = await queries.begin_days(uow, [*starts, today + timedelta(days=1)])
    span = Span(edges, until, assistant_id)
    answers = await queries.sum_up(uow, starts, edges, until, assistant_id)
    ratings = await Ratings.sum_up(uow, span, has_words=has_words)
    return _report(starts, answers, ratings)


def range_of(name: str) -> Range:
    """The range of this name, or the usual one."""
    return _BY_NAME.get(name, USUAL_RANGE)


def periods_of(chosen: Range, today: date) -> list[date]:
    """The first days of the weeks, which end with today, or of the months of a range."""
    if chosen == "12-months":
        months = [today.year * 12 + today.month - 1 - back for back in range(11, -1, -1)]
        return [date(month // 12, month % 12 + 1, 1) for month in months]
    weeks = 4 if chosen == "4-weeks" else 12
    return [today - timedelta(days=7 * back - 1) for back in range(weeks, 0, -1)]


def _report(starts: Sequence[date], answers: Sequence[AnswerSums], ratings: RatingSums) -> QualityReport:
    def lines(kind: str, key: Callable[[RatingSum], Hashable]) -> list[QualityLine]:
        found = _lines(kind, answers, ratings.cells, lambda cell: str(key(cell) or ""))
        return sorted(found, key=lambda line: (-line.answers, line.key))

    (total,) = _lines("total", answers, ratings.cells, lambda _: "") or [QualityLine()]
    reasons = _reasons(ratings, lambda _: "")
    return QualityReport(
        total=replace(total, reasons=reasons.get("", {})),
        versions=_with_reasons(lines("version", lambda cell: cell.version_id), ratings),
        models=lines("model", lambda cell: cell.model),
        assistants=lines("assistant", lambda cell: cell.assistant_id),
        periods=_periods(starts, answers, ratings.periods),
        hidden=ratings.hidden,
        said=ratings.said,
    )


def _lines(
    kind: str, answers: Sequence[AnswerSums], ratings: Sequence[RatingSum], key: Callable[[RatingSum], str]
) -> list[QualityLine]:
    made: dict[str, list[AnswerSums]] = defaultdict(list)
    rated: dict[str, list[RatingSum]] = defaultdict(list)
    for sums in answers:
        if sums.kind == kind:
            made[sums.key].append(sums)
    for rating in ratings:
        rated[key(rating)].append(rating)
    return [_line(each, made[each], rated[each]) for each in made.keys() | rated.keys()]


def _line(key: str, answers: Sequence[AnswerSums], ratings: Sequence[RatingSum]) -> QualityLine:
    first = answers[0] if answers else None
    return QualityLine(
        key=key,
        answers=sum(row.answers for row in answers),
        stopped=sum(row.stopped for row in answers),
        failed=sum(row.failed for row in answers),
        again=sum(row.again for row in ratings),
        good=sum(row.good for row in ratings),
        bad=sum(row.bad for row in ratings),
        tokens=sum(row.tokens for row in answers),
        counted=sum(row.counted for row in answers),
        costs={row.currency: (row.cost_nanos, row.priced) for row in answers if row.priced},
        p50_ms=first.p50_ms if first else None,
        p95_ms=first.p95_ms if first else None,
    )


def _periods(starts: Sequence[date], answers: Sequence[AnswerSums], ratings: Sequence[RatingSum]) -> list[QualityLine]:
    hidden = _hidden_periods(ratings)
    by_number = {line.key: line for line in _lines("period", answers, ratings, lambda one: str(one.period))}
    lines = []
    for number, start in enumerate(starts, 1):
        line = replace(by_number.get(str(number), QualityLine()), key=start.isoformat())
        lines.append(replace(line, good=None, bad=None) if number in hidden else line)
    return lines


def _hidden_periods(ratings: Sequence[RatingSum]) -> set[int]:
    """Periods rated by too few people; and one more, so that the rest of the whole does not tell them."""
    rated = sorted((one for one in ratings if one.raters), key=lambda one: (one.raters, one.period))
    hidden = {one.period for one in rated if one.raters < LEAST_RATERS and not one.is_own}
    told = [one.period for one in rated if one.period not in hidden]
    return hidden | set(told[:1]) if hidden else hidden


def _with_reasons(lines: Sequence[QualityLine], ratings: RatingSums) -> list[QualityLine]:
    reasons = _reasons(ratings, lambda version_id: str(version_id or ""))
    return [replace(line, reasons=reasons.get(line.key, {})) for line in lines]


def _reasons(ratings: RatingSums, key: Callable[[UUID | None], str]) -> dict[str, dict[str, int]]:
    sums: dict[str, dict[str, int]] = defaultdict(dict)
    for each in ratings.reasons:
        counts = sums[key(each.version_id)]
        counts[each.reason] = counts.get(each.reason, 0) + each.count
    return sums
