"""Words of passages that stand for a question's word which they do not have: corrected ones, parts of compounds."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from convosphere.core.late_modules import LateModule
from convosphere.llm.reader.words import fold, split_words, stem
from convosphere.llm.schemas import Passage

if TYPE_CHECKING:
    from rapidfuzz.distance import OSA
else:
    OSA = LateModule("rapidfuzz.distance.OSA")

LEAST_ALIKE = 0.75
"""Of a word and its correction; the search has decided already that it is one, this only tells which word it is for."""
SHORTEST_STEM = 3


@dataclass(frozen=True, slots=True)
class Term:
    """A word that carries meaning, as it was written, with its stems in both languages or those that stand for it.

    `parts` are stems of a compound's parts, where no more of it is known.
    """

    word: str
    stems: frozenset[str]
    weight: float = 1.0
    parts: frozenset[str] = frozenset()


def matched_stems(passages: Sequence[Passage]) -> frozenset[str]:
    """The stems of all words that the search matched."""
    return frozenset(
        stem(word, passage.language)
        for passage in passages
        for written in passage.matched_words
        for word in split_words(written)
    )


def resolve_terms(terms: Sequence[Term], passages: Sequence[Passage]) -> list[Term]:
    """The terms, with what the search found in the place of those that no passage has as they were asked."""
    matched = matched_stems(passages)
    # What was asked in so many words stands for itself: "Kosten" is no correction of "Kasten" if both were asked.
    others = sorted(matched - {stem_ for term in terms for stem_ in term.stems})
    return [found for term in terms for found in ([term] if term.stems & matched else _resolve(term, others))]


def _resolve(term: Term, others: Sequence[str]) -> list[Term]:
    """A corrected word counts as the asked one; so does each part of a compound if there are several."""
    if corrected := _correction(term, others):
        return [replace(term, stems=term.stems | {corrected})]
    parts = _parts(fold(term.word.lower()), others)
    if len(parts) > 1:
        return [replace(term, stems=frozenset({part})) for part in parts]
    return [replace(term, parts=frozenset(parts))]


def _correction(term: Term, others: Collection[str]) -> str | None:
    forms = {*term.stems, fold(term.word.lower())}
    likeness = OSA.normalized_similarity
    alike, found = max(((likeness(form, other), other) for form in forms for other in others), default=(0.0, None))
    return found if alike >= LEAST_ALIKE else None


def _parts(word: str, others: Collection[str]) -> list[str]:
    """Those that a word is made of, the longest first; none overlaps another."""
    parts: list[str] = []
    for other in sorted(others, key=len, reverse=True):
        if SHORTEST_STEM <= len(other) < len(word) and other in word:
            parts.append(other)
            word = word.replace(other, " ", 1)
    return parts
