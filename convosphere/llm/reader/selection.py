"""From ranked units to what is quoted: enough, nothing twice, lists whole, in the documents' order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from convosphere.llm.reader.questions import Question, QuestionKind
from convosphere.llm.reader.ranking import Scored
from convosphere.llm.reader.units import Unit

MOST_QUOTES = 6
MOST_FACTS = 3
LONGEST_LIST = 12
GOOD_ENOUGH = 0.5
GOOD_ENOUGH_FOR_FACT = 0.62
OWN_FOR_FACT = 0.5
SAME = 0.8
NEAR = 0.15
MOST_NEAREST = 2
_WITH_WHOLE_LISTS = frozenset({QuestionKind.HOW, QuestionKind.LIST, QuestionKind.OPEN})
_LEANS_BACK = re.compile(
    r"^(?:Dies\w*|Dabei|Danach|Dafür|Damit|Das gilt|Sie|Er|Es|Diese|Hierzu|Hierfür|Außerdem|Ebenso|Andernfalls|Sonst"
    r"|This|These|It|They|He|She|That|Those|Otherwise|Then|After that|In this case|In diesem Fall)\b"
)


@dataclass(frozen=True)
class Quote:
    """Units that are quoted together, one sentence or a whole list, and the citations that they have."""

    units: tuple[Unit, ...]
    citations: tuple[int, ...]

    @property
    def first(self) -> Unit:
        """Where it begins."""
        return self.units[0]


def select(question: Question, ranked: Sequence[Scored], units: Sequence[Unit]) -> list[Quote]:
    """The quotes of an answer; none if nothing is about the question."""
    best = next((item for item in ranked if item.covers), None)
    if best is None:
        return []
    factual = question.kind.is_factual
    most = MOST_FACTS if factual else MOST_QUOTES
    enough = best.score * (GOOD_ENOUGH_FOR_FACT if factual else GOOD_ENOUGH)
    least_own = best.own * OWN_FOR_FACT if factual else 0.0
    good = [
        item
        for item in ranked
        if item.covers or (item.own > 0 and item.score < best.score)
        if item.score >= enough and item.own >= least_own
    ]
    chosen = _Chosen(units, whole_lists=question.kind in _WITH_WHOLE_LISTS)
    for item in good if factual else [*good[: most - 1], *_for_other_terms(good, ranked), *good[most - 1 :]]:
        if len(chosen.quotes) < most:
            chosen.add(item)
    return chosen.in_order()


def select_nearest(ranked: Sequence[Scored], units: Sequence[Unit]) -> list[Quote]:
    """The two places that come nearest to a question that nothing is about; they have a word of it as it was asked."""
    chosen = _Chosen(units, whole_lists=False)
    for item in [item for item in ranked if item.own >= NEAR and item.has][:MOST_NEAREST]:
        chosen.add(item)
    return chosen.in_order()


def _for_other_terms(good: Sequence[Scored], ranked: Sequence[Scored]) -> list[Scored]:
    """The best unit for each term that no good unit has: who asks for two things gets both."""
    seen = frozenset[int]().union(*(item.has for item in good))
    others: list[Scored] = []
    for item in ranked:
        if item.has - seen:
            seen |= item.has
            others.append(item)
    return others


class _Chosen:
    def __init__(self, units: Sequence[Unit], *, whole_lists: bool) -> None:
        self.quotes: list[Quote] = []
        self._stems: list[frozenset[str]] = []
        self._units = units
        self._whole_lists = whole_lists
        self._used: set[tuple[int, int]] = set()

    def add(self, item: Scored) -> None:
        if _key(item.unit) in self._used:
            return
        same = next((place for place, stems in enumerate(self._stems) if _alike(stems, item.stems)), None)
        if same is not None:
            self._merge(same, item.unit)
            return
        together = self._together(item.unit)
        self._used |= {_key(unit) for unit in together}
        self.quotes.append(Quote(tuple(together), (item.unit.passage.number,)))
        self._stems.append(item.stems)

    def in_order(self) -> list[Quote]:
        """Documents by their best quote, inside a document by place; quotes that a later one contains are dropped."""
        order: dict[str, int] = {}
        for quote in self.quotes:
            order.setdefault(quote.first.passage.document_name, len(order))
        return sorted(
            self.quotes,
            key=lambda quote: (
                order[quote.first.passage.document_name],
                quote.first.passage.page or 0,
                quote.first.passage.number,
                quote.first.place,
            ),
        )

    def _merge(self, place: int, unit: Unit) -> None:
        quote = self.quotes[place]
        if unit.passage.number not in quote.citations:
            self.quotes[place] = Quote(quote.units, tuple(sorted((*quote.citations, unit.passage.number))))
        self._used.add(_key(unit))

    def _together(self, unit: Unit) -> list[Unit]:
        """The unit with what it cannot be understood without: its list, or the sentence that it leans on."""
        passage = [other for other in self._units if other.passage is unit.passage]
        if unit.kind == "sentence" and unit.text.endswith(":"):
            following = [other for other in passage[unit.place + 1 :] if other.lead == unit.text]
            return [unit, *self._unused(following)[:LONGEST_LIST]]
        if unit.kind == "item" and self._whole_lists:
            items = [other for other in passage if other.group == unit.group and other.kind == "item"]
            lead = [other for other in passage if unit.lead.endswith(":") and other.text == unit.lead]
            return self._unused([*lead, *items])[:LONGEST_LIST] or [unit]
        if unit.kind == "sentence" and _LEANS_BACK.match(unit.text) and unit.place:
            before = passage[unit.place - 1]
            if before.group == unit.group and before.kind == "sentence":
                return [*self._unused([before]), unit]
        return [unit]

    def _unused(self, units: Sequence[Unit]) -> list[Unit]:
        return [unit for unit in units if _key(unit) not in self._used]


def _key(unit: Unit) -> tuple[int, int]:
    return unit.passage.number, unit.place


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two texts say the same with the same words, or one says part of the other."""
    common = len(one & other)
    return bool(common) and (common / len(one | other) >= SAME or (common >= 4 and common == min(len(one), len(other))))
