"""Running heads, page numbers and tables of contents: printed for leafing, noise for searching."""

import re
from collections import Counter
from collections.abc import Iterator
from statistics import median

from convosphere.knowledge.parsing.pdf.lines import Line

_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:seite|page|s\.|p\.)\s*)?(?:\d{1,4}|[ivxl]{1,7})(?:\s*(?:von|of|/)\s*\d{1,4})?\W*", re.IGNORECASE
)
_LEADER = re.compile(r"(?:\.\s?){4,}|…{2,}|(?:_\s?){6,}")
_FEWEST_PAGES = 3
_OUTERMOST = 2
_FEWEST_LEADERS = 3


def without_furniture(lines: list[Line]) -> list[Line]:
    """The lines that carry the text."""
    edges = list(_edge_lines(lines))
    pages = {line.page for line in lines}
    often = Counter(key for _, key in {(line.page, _key(line)) for line in edges})
    offset = _page_offset(edges, len(pages))
    usual = median(line.size for line in lines) if lines else 0.0
    dropped = {
        id(line)
        for line in edges
        if often[_key(line)] >= _FEWEST_PAGES
        or (len(pages) > 1 and _PAGE_NUMBER.fullmatch(line.text))
        or (offset in _offsets(line) and line.size <= usual)
    }
    return list(_without_contents([line for line in lines if id(line) not in dropped]))


def _edge_lines(lines: list[Line]) -> Iterator[Line]:
    """The lines on the two highest and the two lowest baselines of each page."""
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    for page in pages.values():
        heights = sorted({round(line.baseline) for line in page})
        outer = {*heights[:_OUTERMOST], *heights[-_OUTERMOST:]}
        yield from (line for line in page if round(line.baseline) in outer)


def _key(line: Line) -> tuple[str, int]:
    """Same words but for numbers, at the same height."""
    return _DIGITS.sub("#", line.text.lower()), round(line.baseline / 4)


def _offsets(line: Line) -> set[int]:
    """Printed minus real page number, for numbers at either end of a line."""
    words = line.text.split()
    return {int(word) - line.page for word in (words[0], words[-1]) if word.isdecimal() and len(word) <= 4}


def _page_offset(edges: list[Line], pages: int) -> int | None:
    """The offset that most pages share, if it is most pages."""
    seen = {(line.page, offset) for line in edges for offset in _offsets(line)}
    shared = Counter(offset for _, offset in seen)
    if not shared:
        return None
    offset, count = shared.most_common(1)[0]
    return offset if count >= max(_FEWEST_PAGES, pages / 2) else None


def _without_contents(lines: list[Line]) -> Iterator[Line]:
    """Lines but for runs of "Chapter ..... 12"."""
    run: list[Line] = []
    for line in lines:
        if _LEADER.search(line.text) and line.text[-1:].isalnum():
            run.append(line)
            continue
        yield from _short(run)
        run = []
        yield line
    yield from _short(run)


def _short(run: list[Line]) -> list[Line]:
    return run if len(run) < _FEWEST_LEADERS else []
