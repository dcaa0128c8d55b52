"""Which units answer the question, and how well."""

import math
from collections.abc import Sequence, Set
from dataclasses import dataclass

from convosphere.llm.reader.evidence import shows_answer
from convosphere.llm.reader.matches import Term, matched_stems
from convosphere.llm.reader.questions import Question
from convosphere.llm.reader.units import Unit
from convosphere.llm.reader.words import affinity, split_words, stems_of

# How much a word counts that is in a table's heads, in a heading or lead-in, or in the sentence before, which may say
# what `it` is.
NAMES_SHARE = 0.8
CONTEXT_SHARE = 0.6
BEFORE_SHARE = 0.25
WITH_EVIDENCE = 1.35
WITHOUT_EVIDENCE = 0.75
PASSAGE_SHARE = 0.12
FULL = 0.8
# A part that the search took for a whole compound, of which nothing else is in the documents.
LONE_PART = 0.8
COVERED = 0.4
COVERED_BY_SEVERAL = 1.2


@dataclass(frozen=True, slots=True)
class Scored:
    """A unit with its score; `own` is the share of the question that its own words cover, `has` which of its terms.

    `covers` says that it is about the question, so that the documents do answer.
    """

    unit: Unit
    score: float
    own: float
    covers: bool
    has: frozenset[int]
    stems: frozenset[str]


def rank(question: Question, units: Sequence[Unit]) -> list[Scored]:
    """All units that have a word of the question, best first; equal ones in the documents' order."""
    texts = [_own_stems(unit) for unit in units]
    contexts = [stems_of(_context(unit), unit.passage.language) for unit in units]
    rarity = _rarity(question.terms, [text | context for text, context in zip(texts, contexts, strict=True)])
    best_passage = max((unit.passage.score for unit in units), default=0.0)
    scored: list[Scored] = []
    for place, unit in enumerate(units):
        before = texts[place - 1] if _follows(units, place) else frozenset[str]()
        around = _Around(contexts[place], stems_of(unit.names, unit.passage.language), before)
        found = [_match(term, texts[place], around) for term in question.terms]
        own = sum(match.own * weight for match, weight in zip(found, rarity, strict=True))
        all_ = sum(match.best * weight for match, weight in zip(found, rarity, strict=True))
        if all_ > 0:
            passage_share = unit.passage.score / best_passage if best_passage > 0 else 0.0
            score = all_ * _fitness(question, unit) + PASSAGE_SHARE * passage_share * all_
            has = frozenset(index for index, match in enumerate(found) if match.own >= FULL)
            scored.append(Scored(unit, score, own, _covers(found, all_), has, texts[place]))
    scored.sort(key=lambda item: (-item.score, item.unit.passage.number, item.unit.place))
    return scored


def unmentioned(question: Question, units: Sequence[Unit]) -> list[str]:
    """Names and numbers of the question, or nouns in German, that no unit, heading or document's name has."""
    texts = [f"{unit.text} {_context(unit)}" for unit in units]
    known = {stem for text, unit in zip(texts, units, strict=True) for stem in stems_of(text, unit.passage.language)}
    known |= matched_stems(list({unit.passage.number: unit.passage for unit in units}.values()))
    first = (split_words(question.text) or [""])[0]
    return [
        term.word
        for term in question.terms
        if term.weight == 1.0
        and term.word.lower() != first
        and (term.word[:1].isupper() or (term.word.isdigit() and len(term.word) > 2))
        and not _nearest(term, known)
    ]


@dataclass(frozen=True, slots=True)
class _Match:
    own: float
    best: float


@dataclass(frozen=True, slots=True)
class _Around:
    context: frozenset[str]
    names: frozenset[str]
    before: frozenset[str]


def _match(term: Term, own: frozenset[str], around: _Around) -> _Match:
    mine = _nearest(term, own)
    if mine == 1.0:
        return _Match(mine, mine)
    others = (
        NAMES_SHARE * _nearest(term, around.names),
        CONTEXT_SHARE * _nearest(term, around.context),
        BEFORE_SHARE * _nearest(term, around.before),
    )
    return _Match(mine, max(mine, *others))


def _own_stems(unit: Unit) -> frozenset[str]:
    """A table's heads are on every row, so they tell none apart."""
    stems = stems_of(unit.text, unit.passage.language)
    return stems - stems_of(unit.names, unit.passage.language) if unit.names else stems


def _context(unit: Unit) -> str:
    return f"{unit.passage.document_name} {unit.heading} {unit.lead} {unit.names}".replace("_", " ")


def _nearest(term: Term, stems: Set[str]) -> float:
    if term.stems & stems:
        return 1.0
    if term.parts & stems:
        return LONE_PART
    return max((_nearness(term, stem) for stem in stems), default=0.0)


def _nearness(term: Term, stem: str) -> float:
    return max(affinity(mine, stem) for mine in term.stems)


def _rarity(terms: Sequence[Term], texts: Sequence[frozenset[str]]) -> list[float]:
    """Each term's share of the question: rare words weigh more; one that is nowhere weighs as one that is once."""
    weights = [
        term.weight * math.log(1 + (len(texts) + 1) / max(1, sum(_nearest(term, text) > 0 for text in texts)))
        for term in terms
    ]
    total = sum(weights) or 1.0
    return [weight / total for weight in weights]


def _covers(found: Sequence[_Match], share: float) -> bool:
    """Whether this is about the question, rather than having one of its words by chance."""
    if len(found) == 1:
        return found[0].best >= CONTEXT_SHARE
    return share >= COVERED or sum(match.best for match in found) >= COVERED_BY_SEVERAL


def _fitness(question: Question, unit: Unit) -> float:
    shown = shows_answer(unit, question.kind)
    fitness = 1.0 if shown is None else WITH_EVIDENCE if shown else WITHOUT_EVIDENCE
    words = len(unit.text.split())
    if words < 3 or words > 70:
        fitness *= 0.7
    return fitness


def _follows(units: Sequence[Unit], place: int) -> bool:
    return (
        place > 0 and units[place - 1].passage is units[place].passage and units[place - 1].group == units[place].group
    )
