"""What differs between two texts, piece by piece.

Pieces are lines, long ones cut into sentences: passages are cut anew in each version, so one word more would make all
that follow look changed. Pieces that both texts have just once are anchors, in the longest order that both share;
between them it begins anew ("patience diff", Bram Cohen, https://bramcohen.livejournal.com/73318.html). A level costs
O(n log n), and there are few, so that no text takes long, however often it repeats itself.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_DEEPEST = 16
_LONG_LINE = 240
_MOST_PIECES = 100_000
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True)
class Piece:
    """A line or a sentence, by its place in the text; `words` are what is compared."""

    start: int
    end: int
    words: str


@dataclass(frozen=True)
class Difference:
    """Pieces `first_old` to `last_old` were replaced by `first_new` to `last_new`, the last ones exclusive."""

    first_old: int
    last_old: int
    first_new: int
    last_new: int


def cut_into_pieces(text: str) -> list[Piece]:
    """The pieces of a text, without empty ones; of a text with too many, those at its beginning."""
    pieces: list[Piece] = []
    for line in _LINE.finditer(text):
        start = line.start()
        ends = [gap.start() for gap in _SENTENCE_END.finditer(line.group())] if len(line.group()) > _LONG_LINE else []
        for first, last in pairwise((0, *ends, len(line.group()))):
            words = " ".join(text[start + first : start + last].split())
            if words:
                pieces.append(Piece(start + first, start + last, words))
        if len(pieces) >= _MOST_PIECES:
            break
    return pieces


def find_differences(old: Sequence[Piece], new: Sequence[Piece]) -> list[Difference]:
    """Where two texts differ, in order."""
    before, after = [piece.words for piece in old], [piece.words for piece in new]
    found: list[Difference] = []
    waiting = [(Difference(0, len(before), 0, len(after)), 0)]
    while waiting:
        part, depth = waiting.pop()
        part = _without_equal_ends(part, before, after)
        if part.first_old == part.last_old and part.first_new == part.last_new:
            continue
        anchors = _anchors(part, before, after) if depth < _DEEPEST else []
        if not anchors:
            found.append(part)
            continue
        starts = [(part.first_old, part.first_new), *((old_at + 1, new_at + 1) for old_at, new_at in anchors)]
        ends = [*anchors, (part.last_old, part.last_new)]
        for (first_old, first_new), (last_old, last_new) in zip(starts, ends, strict=True):
            waiting.append((Difference(first_old, last_old, first_new, last_new), depth + 1))
    return sorted(found, key=lambda difference: (difference.first_new, difference.first_old))


def _without_equal_ends(part: Difference, before: Sequence[str], after: Sequence[str]) -> Difference:
    first_old, last_old, first_new, last_new = part.first_old, part.last_old, part.first_new, part.last_new
    while first_old < last_old and first_new < last_new and before[first_old] == after[first_new]:
        first_old, first_new = first_old + 1, first_new + 1
    while first_old < last_old and first_new < last_new and before[last_old - 1] == after[last_new - 1]:
        last_old, last_new = last_old - 1, last_new - 1
    return Difference(first_old, last_old, first_new, last_new)


def _anchors(part: Difference, before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Places of pieces that stand once in either part, in the longest order that both have."""
    old_counts = Counter(before[part.first_old : part.last_old])
    new_counts = Counter(after[part.first_new : part.last_new])
    places = {
        after[at]: at for at in range(part.first_new, part.last_new)
        if new_counts[after[at]] == 1 and old_counts[after[at]] == 1
    }  # fmt: skip
    pairs = [(at, places[before[at]]) for at in range(part.first_old, part.last_old) if before[at] in places]
    return _longest_rising(pairs)


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs, sorted by their first numbers, whose second ones rise as well."""
    tops: list[int] = []
    last_of: list[int] = []
    previous: list[int] = []
    for number, (_, value) in enumerate(pairs):
        pile = bisect_left(tops, value)
        previous.append(last_of[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [value]
        last_of[pile : pile + 1] = [number]
    run: list[tuple[int, int]] = []
    number = last_of[-1] if last_of else -1
    while number >= 0:
        run.append(pairs[number])
        number = previous[number]
    return run[::-1]
