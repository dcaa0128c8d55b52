"""The words of a workspace's documents, for what a question means with words that no document has."""

import asyncio
import time
from bisect import bisect_left
from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from heapq import nsmallest
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from convosphere.core.late_modules import LateModule
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.search.models import PassageSet
from convosphere.knowledge.search.queries import list_vocabulary
from convosphere.knowledge.search.terms import IndexLanguage, Term, index_language, make_term, stem

if TYPE_CHECKING:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA
else:
    process, OSA = LateModule("rapidfuzz.process"), LateModule("rapidfuzz.distance.OSA")

_MOST_TERMS = 50_000
"""Of one set: the rarest words beyond are found as they are written, but not guessed."""
_MOST_TERMS_IN_MEMORY = 200_000
"""Of all sets, at some 250 bytes each."""
_STALE_SHARE = 0.01
"""A vocabulary is read anew when this share of its passages has changed."""
_FEW_TERMS = 2_000
"""So many are read at once whenever they are stale."""
_REST = 50
"""More of them are not read again for so many times the time that it took: while a thousand files are read, each
question would find them stale and wait. Words themselves are counted anew for each; only corrections, and what words
are made of, may be that old."""

_SHORTEST_CORRECTED = 6
_MOST_ALIKE = 50
_SHORTEST_CORRECTED_TWICE = 10
_SHORTEST_COMPOUND = 8
_SHORTEST_PART = 4
_SHORTEST_STEM = 5
_LEAST_ADDED = 3
_SHORTEST_KNOWN_PART = 5


class Vocabulary:
    """Terms with the numbers of passages that have them."""

    def __init__(self, terms: Mapping[str, tuple[Sequence[str], Sequence[int]]]) -> None:
        self._counts: dict[IndexLanguage, dict[str, int]] = {
            index_language(language): dict(zip(lexemes, counts, strict=True))
            for language, (lexemes, counts) in terms.items()
        }
        self._alike: dict[tuple[IndexLanguage, str, int], list[str]] = defaultdict(list)
        for language, counts in self._counts.items():
            for lexeme in counts:
                self._alike[language, lexeme[0], len(lexeme)].append(lexeme)
        self._by_dimension = {
            make_term(lexeme, language).dimension: count
            for language, counts in self._counts.items()
            for lexeme, count in counts.items()
        }
        self._german = self._counts.get("de", {})
        self._forwards = sorted(self._german)
        self._backwards = sorted(lexeme[::-1] for lexeme in self._german)

    def __len__(self) -> int:
        return sum(map(len, self._counts.values()))

    def count(self, term: Term) -> int:
        """How many passages have a term."""
        return self._counts.get(term.language, {}).get(term.lexeme, 0)

    def count_dimension(self, dimension: int) -> int:
        """How many passages have the term of a dimension; the rarest, which are left out here, count as one."""
        return self._by_dimension.get(dimension, 1)

    def corrections(self, form: str, limit: int) -> list[tuple[Term, int]]:
        """Terms that a misspelt word may mean, with their distance: the nearest first, of these the most frequent.

        The distance counts letters added, missing, wrong or swapped (optimal string alignment); two in long words,
        one in shorter ones, none in the shortest, where it would be another word. The first letter is right.
        """
        if len(form) < _SHORTEST_CORRECTED or any(map(str.isdigit, form)):
            return []
        most = 2 if len(form) >= _SHORTEST_CORRECTED_TWICE else 1
        found = [
            (make_term(lexeme, language), distance)
            for language in self._counts
            for lexeme, distance in self._near(stem(form, language), language, most)
        ]
        found.sort(key=lambda match: (match[1], -self.count(match[0]), match[0]))
        return found[:limit]

    def parts(self, form: str) -> list[Term]:
        """The German words that a compound is made of, if the documents have them all: "Urlaubsantrag" has two."""
        best: tuple[int, int] | None = None
        chosen: list[str] = []
        for parts in self._splits(form, 3):
            # The fewest parts, and of these the ones whose rarest is the most frequent.
            quality = (-len(parts), min(self._german[part] for part in parts))
            if len(parts) > 1 and (best is None or quality > best):
                best, chosen = quality, parts
        return [make_term(part, "de") for part in chosen]

    def known_part(self, form: str) -> Term | None:
        """The longest German word that a compound begins or ends with: of "Rechnungsfreigabe" perhaps only one."""
        for length in range(len(form) - _SHORTEST_PART, _SHORTEST_KNOWN_PART - 1, -1):
            for part in (form[-length:], form[:length]):
                lexeme = stem(part, "de")
                if len(lexeme) >= _SHORTEST_KNOWN_PART and lexeme in self._german:
                    return make_term(lexeme, "de")
        return None

    def compounds(self, term: Term, limit: int) -> list[Term]:
        """German words that a word is the beginning or the end of, the most frequent first."""
        if term.language != "de" or len(term.lexeme) < _SHORTEST_STEM:
            return []
        longer = [
            *_starting_with(self._forwards, term.lexeme),
            *(found[::-1] for found in _starting_with(self._backwards, term.lexeme[::-1])),
        ]
        found = {lexeme for lexeme in longer if len(lexeme) >= len(term.lexeme) + _LEAST_ADDED}
        chosen = nsmallest(limit, found, key=lambda lexeme: (-self._german[lexeme], lexeme))
        return [make_term(lexeme, "de") for lexeme in chosen]

    def _near(self, lexeme: str, language: IndexLanguage, most: int) -> Iterator[tuple[str, int]]:
        for length in range(len(lexeme) - most, len(lexeme) + most + 1):
            choices = self._alike.get((language, lexeme[0], length))
            if choices:
                for found, distance, _ in process.extract(
                    lexeme, choices, scorer=OSA.distance, score_cutoff=most, limit=_MOST_ALIKE
                ):
                    yield found, int(distance)

    def _splits(self, form: str, most: int) -> Iterator[list[str]]:
        whole = stem(form, "de")
        if whole in self._german:
            yield [whole]
        if most == 1 or len(form) < _SHORTEST_COMPOUND:
            return
        for at in range(_SHORTEST_PART, len(form) - _SHORTEST_PART + 1):
            # The stemmer takes the linking letters off as well: "Urlaubs" is "urlaub".
            head = stem(form[:at], "de")
            if head in self._german:
                yield from ([head, *tail] for tail in self._splits(form[at:], most - 1))


class _Kept(NamedTuple):
    """A vocabulary as it was after so many changes of its set; it may be used unseen until a moment of the clock."""

    changes: int
    vocabulary: Vocabulary
    rests_until: float

    def serves(self, passage_set: PassageSet) -> bool:
        """Whether it need not be read anew."""
        changed = abs(passage_set.changes - self.changes)
        return changed <= _STALE_SHARE * passage_set.passage_count or time.monotonic() < self.rests_until


class VocabularyCache:
    """The vocabularies used last in this process."""

    def __init__(self) -> None:
        self._kept: OrderedDict[UUID, _Kept] = OrderedDict()

    async def get(self, uow: UnitOfWork, passage_set: PassageSet) -> Vocabulary:
        """The vocabulary of a set, as it is or was shortly before."""
        kept = self._kept.get(passage_set.id)
        if kept and kept.serves(passage_set):
            self._kept.move_to_end(passage_set.id)
            return kept.vocabulary
        if kept:
            # One search reads it anew; others go on with the old one meanwhile.
            self._kept[passage_set.id] = kept._replace(changes=passage_set.changes)
        try:
            self._kept[passage_set.id] = fresh = await _read(uow, passage_set)
        except BaseException:
            self._kept.pop(passage_set.id, None)
            raise
        self._kept.move_to_end(passage_set.id)
        while len(self._kept) > 1 and sum(len(each.vocabulary) for each in self._kept.values()) > _MOST_TERMS_IN_MEMORY:
            self._kept.popitem(last=False)
        return fresh.vocabulary


async def _read(uow: UnitOfWork, passage_set: PassageSet) -> _Kept:
    began = time.monotonic()
    terms = await list_vocabulary(uow, passage_set.id, _MOST_TERMS)
    # 0.1 s for 50,000 terms: in a thread, the loop gets its turns in between.
    vocabulary = await asyncio.to_thread(Vocabulary, terms)
    now = time.monotonic()
    rest = _REST * (now - began) if len(vocabulary) > _FEW_TERMS else 0.0
    return _Kept(passage_set.changes, vocabulary, now + rest)


def _starting_with(words: Sequence[str], start: str) -> Iterator[str]:
    for place in range(bisect_left(words, start), len(words)):
        if not words[place].startswith(start):
            return
        yield words[place]
