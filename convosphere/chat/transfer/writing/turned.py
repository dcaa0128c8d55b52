"""Text with letters that run from right to left, cut into lines and put in the order in which a PDF shows it."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, Literal

from arabic_reshaper import ArabicReshaper
from bidi import algorithm as bidi

from convosphere.chat.transfer.writing.blocks import Run

Letter = tuple[str, Run]
Measure = Callable[[str, Run], float]
"""How wide a text is in the look of a run."""
Direction = Literal["L", "R"]

_RIGHT_TO_LEFT: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_PARTS: Final = re.compile(r"\n|[^\S\n]+|\S+")
# Vowels are kept where they are written.
_SHAPER: Final = ArabicReshaper({"delete_harakat": False, "support_ligatures": True})
_OPENING: Final = {"(": ")", "[": "]", "{": "}", "«": "»", "‹": "›"}
_PLAIN: Final = Run("")
_RIGHT: Final = frozenset({"R", "AL", "EN", "AN"})


def is_turned(*texts: str) -> bool:
    """Whether there is anything to put in another order."""
    return any(_RIGHT_TO_LEFT.search(text) for text in texts)


def direction_of(text: str) -> Direction:
    """Where a paragraph begins, which its first letter of a clear direction says."""
    return "R" if bidi.get_base_level(text) else "L"


def lines_of(runs: Sequence[Run], width: float, measure: Measure) -> Iterator[tuple[Run, ...]]:
    """Lines of at most a width as they are shown, each from its left to its right."""
    base = direction_of("".join(run.text for run in runs))
    shaped = [replace(run, text=_SHAPER.reshape(run.text), is_italic=False) for run in runs]
    for line in _broken(shaped, width, measure):
        while line and line[-1][0].isspace():
            line.pop()
        yield _joined(_ordered(line, base))


def as_shown(line: str) -> str:
    """A line of code, which begins at its left."""
    return "".join(sign for sign, _ in _ordered([(sign, _PLAIN) for sign in _SHAPER.reshape(line)], "L"))


def _broken(runs: Sequence[Run], width: float, measure: Measure) -> Iterator[list[Letter]]:
    line: list[Letter] = []
    room = width
    for word in _words(runs):
        if word[0][0] == "\n":
            yield line
            line, room = [], width
            continue
        for part in _fitting(word, width, measure):
            needed = _width(part, measure)
            if needed > room and line:
                yield line
                line, room = [], width
            if line or not part[0][0].isspace():
                line += part
                room -= needed
    if line:
        yield line


def _words(runs: Sequence[Run]) -> Iterator[list[Letter]]:
    """Words with the looks of their letters, blanks and line ends between them."""
    letters = [(sign, run) for run in runs for sign in run.text]
    for match in _PARTS.finditer("".join(sign for sign, _ in letters)):
        yield letters[match.start() : match.end()]


def _fitting(word: list[Letter], width: float, measure: Measure) -> Iterator[list[Letter]]:
    """A word, in parts where it is wider than a line."""
    if _width(word, measure) <= width:
        yield word
        return
    part: list[Letter] = []
    room = width
    for sign, run in word:
        needed = measure(sign, run)
        if part and needed > room:
            yield part
            part, room = [], width
        part.append((sign, run))
        room -= needed
    yield part


def _width(letters: Sequence[Letter], measure: Measure) -> float:
    return sum(measure(run.text, run) for run in _joined(letters))


def _joined(letters: Sequence[Letter]) -> tuple[Run, ...]:
    """Neighbours of one look together."""
    return tuple(
        replace(run, text="".join(sign for sign, _ in same)) for run, same in groupby(letters, key=itemgetter(1))
    )


def _ordered(line: Sequence[Letter], base: Direction) -> list[Letter]:
    """A line by the Unicode Bidirectional Algorithm (UAX 9); the library lacks its rule on brackets."""
    storage = bidi.get_empty_storage()
    storage["base_level"], storage["base_dir"] = (1 if base == "R" else 0), base
    bidi.get_embedding_levels("".join(sign for sign, _ in line), storage)
    for letter, (_, run) in zip(storage["chars"], line, strict=True):
        letter["run"] = run
    bidi.explicit_embed_and_overrides(storage)
    bidi.resolve_weak_types(storage)
    _pair_brackets(storage["chars"], base)
    for step in (
        bidi.resolve_neutral_types, bidi.resolve_implicit_levels, bidi.reorder_resolved_levels, bidi.apply_mirroring,
    ):  # fmt: skip
        step(storage, False)
    return [(each["ch"], each["run"]) for each in storage["chars"] if unicodedata.category(each["ch"]) != "Cf"]


def _pair_brackets(letters: Sequence[dict[str, Any]], base: Direction) -> None:
    """Rule N0: both brackets of a pair go where what they enclose goes, or what stands before them."""
    waiting: list[int] = []
    for place, letter in enumerate(letters):
        if letter["ch"] in _OPENING:
            waiting.append(place)
        elif waiting and letter["ch"] == _OPENING[letters[waiting[-1]]["ch"]]:
            begin = waiting.pop()
            if enclosed := {_side(each) for each in letters[begin + 1 : place]} - {None}:
                before = next(filter(None, map(_side, reversed(letters[:begin]))), base)
                side = base if base in enclosed else before
                letters[begin]["type"] = letter["type"] = side


def _side(letter: dict[str, Any]) -> Direction | None:
    if letter["type"] == "L":
        return "L"
    return "R" if letter["type"] in _RIGHT else None
