"""Running heads, page numbers and tables of contents: printed for leafing, noise for searching."""

import re
from collections import Counter
from collections.abc import Iterator
from statistics import median

from convosphere.knowledge.parsing.pdf.lines import Line

_DIGITS = re.compile(r"[0-9]+")
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
    offset = _page_offset(edges, len(pages))
    often = Counter(key for _, key in {(line.page, _key(line, offset)) for line in edges})
    usual = median(line.size for line in lines) if lines else 0.0
    dropped = {
        id(line)
        for line in edges
        # A chapter's title may stand at the same place on many pages, too, but it is bigger than the text.
        if line.size <= usual
        and (
            often[_key(line, offset)] >= _FEWEST_PAGES
            or (len(pages) > 1 and _PAGE_NUMBER.fullmatch(line.text))
            or offset in _offsets_at_ends(line)
        )
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


def _key(line: Line, offset: int | None) -> tuple[str, int]:
    """Same words, at the same height. Of numbers only the page's own may differ: other ones are content."""
    own = "" if offset is None else str(line.page + offset)
    words = _DIGITS.sub(lambda match: "#" if match.group() == own else match.group(), line.text.lower())
    return words, round(line.baseline / 4)


def _offsets(line: Line) -> set[int]:
    """Printed minus real page number, for all numbers of a line."""
    return {int(number) - line.page for number in _DIGITS.findall(line.text) if len(number) <= 4}


def _offsets_at_ends(line: Line) -> set[int]:
    """The same for numbers that stand first or last."""
    words = line.text.split()
    return {int(word) - line.page for word in (words[0], words[-1]) if word.isdecimal() and len(word) <= 4}


def _page_offset(edges: list[Line], pages: int) -> int | None:
    """The offset that most pages share, if it is most pages."""
    seen = {(line.page, offset) for line in edges for offset in _offsets_at_ends(line)}
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
