"""A small picture of a text, by which texts that have much in common are found without comparing all with all.

A text is taken as the set of its shingles, each some words in a row (Broder, "On the resemblance and containment of
documents", 1997). Of each of 120 random parts of that set the least hash is kept: the share of equal ones estimates
what two sets have in common, to about 4 % (one permutation hashing: Li, Owen, Zhang, NIPS 2012; empty parts are filled
from the next one: Shrivastava, Li, ICML 2014). Six of them make a band, and whoever shares one of the 20 bands is
looked at: at 80 % in common 99.8 of 100 are, at 50 % a third, which are then sorted out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from typing import Final

_SHINGLE = 5
_PARTS = 120
_ROWS = 6
_LEAST_WORDS: Final = 24
"""Less says too little: forms and headings would all be alike."""
_MOST_WORDS: Final = 20_000
"""Those at the beginning stand for a longer text, so that no text takes long."""
_OFFSET = 0x3FFFFFF
_LARGEST = 0x7FFFFFFF
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Sketch:
    """`minima` are to be compared, `bands` to be looked up; both are numbers without a meaning of their own."""

    minima: tuple[int, ...]
    bands: tuple[int, ...]


def make_sketch(text: str) -> Sketch | None:
    """The sketch of a text; None of one that is too short. Takes some 2 ms for 1,000 words, and at most 50."""
    words = [match.group().casefold() for match in islice(_WORD.finditer(text), _MOST_WORDS)]
    if len(words) < _LEAST_WORDS:
        return None
    minima = _dense(_minima({" ".join(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1)}))
    bands = tuple(_hash(repr((start, minima[start : start + _ROWS]))) >> 1 for start in range(0, _PARTS, _ROWS))
    return Sketch(minima, bands)


def percent_alike(first: Sequence[int], second: Sequence[int]) -> int:
    """What two texts have in common of all that either says, in percent, by their minima."""
    equal = sum(one == other for one, other in zip(first, second, strict=True))
    return round(100 * equal / _PARTS)


def _minima(shingles: set[str]) -> list[int | None]:
    least: list[int | None] = [None] * _PARTS
    for shingle in shingles:
        value, part = divmod(_hash(shingle), _PARTS)
        value &= _OFFSET
        before = least[part]
        if before is None or value < before:
            least[part] = value
    return least


def _dense(least: Sequence[int | None]) -> tuple[int, ...]:
    """With something in empty parts that is equal where the parts after them are, and further away another."""
    dense: list[int] = []
    for part in range(_PARTS):
        steps = next(steps for steps in range(_PARTS) if least[(part + steps) % _PARTS] is not None)
        dense.append(((least[(part + steps) % _PARTS] or 0) + steps * _OFFSET) % _LARGEST)
    return tuple(dense)


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(errors="replace"), digest_size=8).digest())
