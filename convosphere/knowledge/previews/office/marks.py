"""Finds a passage that was read from a file in the page that was made of the same file, and marks it.

Both have the same letters and figures, though spaces, signs and line ends differ (as of PDFs: `assets/letters.js`).
"""

import re
import unicodedata
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Final

PLACE: Final = "cited"
"""The id of the mark that the address of the frame leads to."""
_TAG: Final = re.compile(r'<(?:[^<>"]|"[^"]*")*>')
_SIGN: Final = re.compile(r"&(?:#\w+|\w+);|.", re.DOTALL)
_BODY: Final = "<body>"
_PARTS: Final = re.compile(r"(?<=[.!?:;])\s+|\s*\|\s*")
_LEAST: Final = 12
_SHORTEST: Final = 4
"""Letters of a part that may stand anywhere, and of one that may if it stands nowhere else."""
_NEAR: Final = 12
"""Letters that may lie between parts that belong together, such as the number of a row."""

Stretch = tuple[int, int]


@dataclass(frozen=True)
class _Letters:
    """The letters of a page, small, and from where to where each of them stands in its markup."""

    text: str
    starts: "array[int]"
    ends: "array[int]"


def mark_passage(page: str, passage: str) -> str:
    """The page with the passage marked; as it was, where nothing of it is found."""
    letters = _letters_of(page)
    stretches = _stretches(letters.text, passage)
    if not stretches:
        return page
    target = _target(stretches, is_of_table="|" in passage)
    pieces: list[str] = []
    done = 0
    for start, end, is_target in _runs(page, letters, stretches, target):
        name = f' id="{PLACE}"' if is_target else ""
        pieces += (page[done:start], f"<mark{name}>", page[start:end], "</mark>")
        done = end
    return "".join((*pieces, page[done:]))


def plain_letters(text: str) -> str:
    """Letters and figures alone, small."""
    return "".join(letter for sign in text for letter in _folded(sign))


def _folded(sign: str) -> str:
    if sign.isascii():
        return sign.lower() if sign.isalnum() else ""
    return "".join(each for each in unicodedata.normalize("NFKC", sign).lower() if each.isalnum())


def _letters_of(page: str) -> _Letters:
    letters: list[str] = []
    starts, ends = array("I"), array("I")
    for start, end in _texts(page):
        for sign in _SIGN.finditer(page, start, end):
            said = sign.group()
            for letter in _folded(unescape(said) if len(said) > 1 else said):
                letters.append(letter)
                starts.append(sign.start())
                ends.append(sign.end())
    return _Letters("".join(letters), starts, ends)


def _texts(page: str) -> Iterator[Stretch]:
    """From where to where text stands between the tags."""
    done = page.index(_BODY) + len(_BODY)
    for tag in _TAG.finditer(page, done):
        if tag.start() > done:
            yield done, tag.start()
        done = tag.end()
    yield done, len(page)


def _stretches(letters: str, passage: str) -> list[Stretch]:
    """Where the passage stands: whole, or line by line, or part by part where lines are told otherwise."""
    whole = plain_letters(passage)
    at = letters.find(whole) if whole else -1
    if at >= 0:
        return [(at, at + len(whole))]
    found: list[Stretch] = []
    for line in passage.split("\n"):
        if not _add(found, letters, plain_letters(line)):
            for part in _PARTS.split(line):
                _add(found, letters, plain_letters(part))
    return sorted(found)


def _add(found: list[Stretch], letters: str, part: str) -> bool:
    """Note where a part stands, best behind what was found last; a short one must stand there, or only once."""
    if not part:
        return False
    behind = max((end for _, end in found), default=0)
    at = letters.find(part, behind)
    is_sure = len(part) >= _LEAST or (found and 0 <= at - behind <= _NEAR)
    if not is_sure and (len(part) < _SHORTEST or letters.count(part) > 1):
        return False
    at = at if at >= 0 else letters.find(part)
    if at < 0 or any(start < at + len(part) and at < end for start, end in found):
        return False
    found.append((at, at + len(part)))
    return True


def _target(stretches: list[Stretch], *, is_of_table: bool) -> int:
    """Where most parts stand together, and of a table the last of these: its head is far above its rows."""
    best = first = last = stretches[0][0]
    most = count = 0
    for start, end in stretches:
        if start - last > _NEAR:
            first, count = start, 0
        count, last = count + 1, end
        if count > most or (is_of_table and count == most):
            best, most = first, count
    return best


def _runs(page: str, letters: _Letters, stretches: list[Stretch], target: int) -> Iterator[tuple[int, int, bool]]:
    """What is marked in the markup, cut where tags stand between; and whether it is what the reader is led to."""
    for start, end in stretches:
        first = start
        for at in range(start + 1, end + 1):
            if at == end or _TAG.search(page, letters.ends[at - 1], letters.starts[at]):
                yield letters.starts[first], letters.ends[at - 1], first == target
                first = at
