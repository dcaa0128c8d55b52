"""OpenDocument: texts with their emphasis, tables and pictures; sheets; slides with their notes."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice, repeat
from typing import Final
from zipfile import ZipFile

from convosphere.knowledge.parsing.archives import check_archive
from convosphere.knowledge.parsing.errors import DamagedFileError
from convosphere.knowledge.parsing.office.opendocument import LEFT_OUT, WHITE, children_of, repeated, text_of
from convosphere.knowledge.parsing.packages import Element, attribute, local_name, tree_of
from convosphere.knowledge.parsing.schemas import Limits
from convosphere.knowledge.parsing.sources import Source
from convosphere.knowledge.previews.office.html import page_of, words
from convosphere.knowledge.previews.office.pictures import Pictures
from convosphere.knowledge.previews.office.tables import MOST_COLUMNS, MOST_ROWS, MOST_SHEETS, sheet_table

_MOST_SLIDES: Final = 300
_BLOCKS: Final = {"p", "h", "list", "table", "frame"}
_EMPHASIS: Final = {("font-weight", "bold"): "strong", ("font-style", "italic"): "em"}
_DEEPEST_HEADING: Final = 6


def odt_page(source: Source, _number: int) -> bytes:
    """A text as a page.

    Raises:
        TooComplexError, EncryptedFileError, DamagedFileError: as they say.
    """
    with _opened(source) as (archive, root):
        return page_of("".join(_Writer(archive, root).flow(_content(root, "text"))))


def odp_page(source: Source, _number: int) -> bytes:
    """A presentation as a page.

    Raises:
        TooComplexError, EncryptedFileError, DamagedFileError: as they say.
    """
    with _opened(source) as (archive, root):
        writer = _Writer(archive, root)
        slides = islice(children_of(_content(root, "presentation"), "page"), _MOST_SLIDES)
        return page_of("".join(_slide(writer, number, slide) for number, slide in enumerate(slides, start=1)))


def ods_page(source: Source, _number: int) -> bytes:
    """A workbook as a page.

    Raises:
        TooComplexError, EncryptedFileError, DamagedFileError: as they say.
    """
    with _opened(source) as (_, root):
        hidden = {name for name, style in _styles(root) if _property(style, "display") == "false"}
        sheets = (each for each in children_of(_content(root, "spreadsheet"), "table"))
        shown = [sheet for sheet in sheets if attribute(sheet, "style-name") not in hidden]
        return page_of(
            "".join(
                sheet_table(attribute(sheet, "name"), list(islice(_sheet_rows(sheet), MOST_ROWS + 1)))
                for sheet in shown[:MOST_SHEETS]
            )
        )


@contextmanager
def _opened(source: Source) -> Iterator[tuple[ZipFile, Element]]:
    """The archive, whose size was looked at before, and what the document says."""
    check_archive(source, Limits())
    with source.open() as packed, ZipFile(packed) as archive:
        yield archive, tree_of(archive, "content.xml")


def _content(root: Element, kind: str) -> Element:
    body = next(children_of(root, "body"), None)
    content = next(children_of(body, kind), None) if body is not None else None
    if content is None:
        raise DamagedFileError
    return content


def _styles(root: Element) -> Iterator[tuple[str, Element]]:
    return ((attribute(style, "name"), style) for style in root.iter("{*}style"))


def _property(style: Element, name: str) -> str:
    return next((value for part in style if (value := attribute(part, name))), "")


class _Writer:
    """Writes what stands in a document as parts of a page."""

    def __init__(self, archive: ZipFile, root: Element) -> None:
        self._archive, self._pictures = archive, Pictures()
        self._parts = set(archive.namelist())
        self._looks = {
            name: [tag for (of, value), tag in _EMPHASIS.items() if _property(style, of) == value]
            for name, style in _styles(root)
        }

    def flow(self, element: Element) -> Iterator[str]:
        """The blocks in an element, in order."""
        for child in element:
            match local_name(child):
                case "h":
                    level = attribute(child, "outline-level")
                    deep = min(int(level[:2]), _DEEPEST_HEADING) if level.isdecimal() else 1
                    yield from self._block(f"h{max(deep, 1)}", child)
                case "p":
                    yield from self._block("p", child)
                case "list":
                    yield f"<ul>{''.join(self._items(child))}</ul>"
                case "table":
                    yield self._table(child)
                case "frame":
                    yield from self._frame(child)
                case name if name and name not in LEFT_OUT:
                    yield from self.flow(child)

    def _block(self, tag: str, element: Element) -> Iterator[str]:
        if told := "".join(self._inline(element)).strip():
            yield f"<{tag}>{told}</{tag}>"
        for frame in (each for each in element.iter("{*}frame") if _stands_in(each, element)):
            yield from self._frame(frame)

    def _inline(self, element: Element) -> Iterator[str]:
        yield words(element.text or "")
        for child in element:
            name = local_name(child)
            if name in WHITE:
                yield words(WHITE[name])
            elif name == "note":
                yield f"<small> ({words(text_of(child).strip(' ()'))})</small>"
            elif name and name not in LEFT_OUT and name != "frame":
                yield self._emphasised(child)
            yield words(child.tail or "")

    def _emphasised(self, span: Element) -> str:
        told = "".join(self._inline(span))
        for tag in self._looks.get(attribute(span, "style-name"), ()):
            told = f"<{tag}>{told}</{tag}>"
        return told

    def _items(self, element: Element) -> Iterator[str]:
        for item in element:
            if local_name(item) in {"list-item", "list-header"}:
                yield f"<li>{''.join(self.flow(item))}</li>"

    def _table(self, table: Element) -> str:
        rows = ("".join(self._cells(row)) for row in table.iter("{*}table-row") if _stands_in(row, table))
        return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"

    def _cells(self, row: Element) -> Iterator[str]:
        for cell in children_of(row, "table-cell"):
            spans = (("colspan", "number-columns-spanned"), ("rowspan", "number-rows-spanned"))
            said = "".join(f' {name}="{repeated(cell, of)}"' for name, of in spans if repeated(cell, of) > 1)
            yield f"<td{said}>{''.join(self.flow(cell))}</td>"

    def _frame(self, frame: Element) -> Iterator[str]:
        """The first of its pictures that can be shown, as others are the same in other forms; else its words."""
        told = " ".join(text_of(each).strip() for name in ("title", "desc") for each in children_of(frame, name))
        for image in children_of(frame, "image"):
            part = attribute(image, "href").removeprefix("./")
            if part in self._parts and (drawn := self._pictures.tag(self._archive.read(part), told)):
                yield drawn
                return
        for child in frame:
            if local_name(child) == "text-box":
                yield from self.flow(child)
            elif local_name(child) == "table":
                yield self._table(child)


def _stands_in(element: Element, outer: Element) -> bool:
    """Whether no other table, text box or frame lies between the two."""
    between = element.getparent()
    while between is not None and between is not outer:
        if local_name(between) in {"table", "frame", "text-box"}:
            return False
        between = between.getparent()
    return True


def _slide(writer: _Writer, number: int, slide: Element) -> str:
    title = next((part for part in slide if attribute(part, "class") == "title"), None)
    head = f"<h2>{words(text_of(title).strip())}</h2>" if title is not None else ""
    notes = next(children_of(slide, "notes"), None)
    aside = "".join(writer.flow(notes)) if notes is not None else ""
    for part in (title, notes):
        if part is not None:
            slide.remove(part)
    told = f"{head}{''.join(writer.flow(slide))}{aside and f'<aside>{aside}</aside>'}"
    return f'<section class="slide" id="slide-{number}"><small>{number}</small>{told}</section>'


def _sheet_rows(sheet: Element) -> Iterator[tuple[str, ...]]:
    for row in sheet.iter("{*}table-row"):
        cells = tuple(islice(_cell_texts(row), MOST_COLUMNS))
        while cells and not cells[-1]:
            cells = cells[:-1]
        yield from repeat(cells, min(repeated(row, "number-rows-repeated"), MOST_ROWS + 1))


def _cell_texts(row: Element) -> Iterator[str]:
    for cell in row:
        if local_name(cell) in {"table-cell", "covered-table-cell"}:
            told = "\n".join(text_of(part).strip() for part in children_of(cell, "p"))
            yield from repeat(told, min(repeated(cell, "number-columns-repeated"), MOST_COLUMNS))
