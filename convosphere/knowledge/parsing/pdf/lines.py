"""The lines of a PDF page, with what is needed to tell headings, paragraphs and tables apart."""

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as api

from convosphere.knowledge.parsing.cleaning import clean_line

_LINE = re.compile(r"[^\r\n\ufffe\x02]+[\ufffe\x02]?")
_JOINED_HYPHENS = ("\ufffe", "\x02")
"""What pdfium puts for a hyphen at the end of a line, instead of the line break."""
_BOLD_WEIGHT = 600
_BOLD_NAME = re.compile(rb"bold|black|heavy|semibold|demi", re.IGNORECASE)
_CELL_GAP = 1.1
"""White space between two cells of a table row, at least so many font sizes; words stand about 0.3 apart."""


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line. Lengths in points, y upwards from the bottom; `size` is the font's as printed.

    `cells` are the parts between wide gaps, one for ordinary lines. `hyphen`: it ends inside a word.
    """

    text: str
    page: int
    size: float
    bold: bool
    left: float
    right: float
    baseline: float
    cells: tuple[str, ...]
    hyphen: bool


def page_lines(page: pdfium.PdfPage, number: int) -> Iterator[Line]:
    """Lines in the order of the page's content, which for most programs is reading order."""
    text_page = page.get_textpage()
    source = text_page.get_text_range()
    same = len(source) == text_page.count_chars()
    for match in _LINE.finditer(source):
        raw = match.group()
        if not raw.strip():
            continue
        first = match.start() + len(raw) - len(raw.lstrip())
        stripped = raw.strip()
        indexes = range(first, first + len(stripped))
        if not same:
            start = api.FPDFText_GetCharIndexFromTextIndex(text_page, first)
            indexes = range(max(0, start), max(0, start) + len(stripped))
        if line := _line(text_page, stripped, indexes, number):
            yield line


def _line(text_page: pdfium.PdfTextPage, raw: str, indexes: range, page: int) -> Line | None:
    hyphen = raw.endswith(_JOINED_HYPHENS)
    body = raw.rstrip("".join(_JOINED_HYPHENS)) if hyphen else raw
    text = clean_line(body)
    if not text:
        return None
    first, last = indexes[0], indexes[len(body) - 1]
    left, baseline = _origin(text_page, first)
    size = _size(text_page, first)
    return Line(
        text=text,
        page=page,
        size=size,
        bold=_is_bold(text_page, first) and _is_bold(text_page, last),
        left=left,
        right=_right(text_page, last),
        baseline=baseline,
        cells=_cells(text_page, body, indexes, size) or (text,),
        hyphen=hyphen,
    )


def _origin(text_page: pdfium.PdfTextPage, index: int) -> tuple[float, float]:
    x, y = ctypes.c_double(), ctypes.c_double()
    api.FPDFText_GetCharOrigin(text_page, index, x, y)
    return x.value, y.value


def _right(text_page: pdfium.PdfTextPage, index: int) -> float:
    left, right, bottom, top = ctypes.c_double(), ctypes.c_double(), ctypes.c_double(), ctypes.c_double()
    api.FPDFText_GetCharBox(text_page, index, left, right, bottom, top)
    return right.value


def _size(text_page: pdfium.PdfTextPage, index: int) -> float:
    """The nominal size times the scale of the text's matrix."""
    matrix = api.FS_MATRIX()
    size = api.FPDFText_GetFontSize(text_page, index)
    if api.FPDFText_GetMatrix(text_page, index, matrix):
        size *= (matrix.b**2 + matrix.d**2) ** 0.5 or 1.0
    return round(size, 1)


def _is_bold(text_page: pdfium.PdfTextPage, index: int) -> bool:
    if api.FPDFText_GetFontWeight(text_page, index) >= _BOLD_WEIGHT:
        return True
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    api.FPDFText_GetFontInfo(text_page, index, name, 128, flags)
    return _BOLD_NAME.search(name.value) is not None


def _cells(text_page: pdfium.PdfTextPage, body: str, indexes: range, size: float) -> tuple[str, ...]:
    """The parts of a line between wide gaps; () if there is only one."""
    # Pieces drawn apart have rectangles of their own: one rectangle means no gap, and no need to measure letters.
    if " " not in body or api.FPDFText_CountRects(text_page, indexes[0], len(body)) < 2:
        return ()
    cells: list[str] = []
    start = 0
    for blank in re.finditer(r"\s+", body):
        gap = _origin(text_page, indexes[blank.end()])[0] - _right(text_page, indexes[blank.start() - 1])
        if gap > _CELL_GAP * size:
            cells.append(clean_line(body[start : blank.start()]))
            start = blank.end()
    return (*cells, clean_line(body[start:])) if cells else ()
