"""OpenDocument: texts, sheets and slides of LibreOffice and its kin."""

from collections.abc import Iterable, Iterator
from zipfile import ZipFile

from convosphere.knowledge.parsing.archives import check_archive
from convosphere.knowledge.parsing.blocks import Block, BlockKind, Draft
from convosphere.knowledge.parsing.cleaning import clean_line
from convosphere.knowledge.parsing.errors import DamagedFileError
from convosphere.knowledge.parsing.packages import Element, attribute, core_properties, local_name, tree_of
from convosphere.knowledge.parsing.properties import pages_of
from convosphere.knowledge.parsing.schemas import Limits, ParseWarning, ReportProgress, WarningCode
from convosphere.knowledge.parsing.sources import Source
from convosphere.knowledge.parsing.tables import SEPARATOR, Row, row_of, table_blocks

_CONTENT, _META = "content.xml", "meta.xml"
LEFT_OUT = {"tracked-changes", "annotation", "annotation-end", "note-citation", "sequence-decls", "forms", "shapes"}
WHITE = {"s": " ", "tab": "\t", "line-break": "\n"}
_MOST_COLUMNS = 1_000
"""An empty cell may say that it repeats a million times."""


def read_odt(source: Source, limits: Limits, report: ReportProgress) -> Draft:
    """Read a text."""
    del report
    body, metadata = _open(source, limits, "text")
    pages = pages_of(metadata.pop("pages", ""))
    return Draft(list(_text_blocks(body)), metadata.pop("title", ""), pages, metadata=metadata)


def read_ods(source: Source, limits: Limits, report: ReportProgress) -> Draft:
    """Read sheets, each under its name."""
    del report
    body, metadata = _open(source, limits, "spreadsheet")
    warnings: list[ParseWarning] = []
    blocks: list[Block] = []
    for sheet in children_of(body, "table"):
        name = attribute(sheet, "name")
        rows = _limited(_sheet_rows(sheet), limits.rows, name, warnings)
        blocks += table_blocks(rows, warnings, name)
    return Draft(blocks, metadata.pop("title", ""), warnings=warnings, metadata=metadata, is_named_by_file=True)


def read_odp(source: Source, limits: Limits, report: ReportProgress) -> Draft:
    """Read slides: a page for each, its notes at its end."""
    del report
    body, metadata = _open(source, limits, "presentation")
    slides = list(children_of(body, "page"))
    blocks = [block for number, slide in enumerate(slides, start=1) for block in _slide(slide, number)]
    return Draft(blocks, metadata.pop("title", ""), len(slides), metadata=metadata)


def _open(source: Source, limits: Limits, kind: str) -> tuple[Element, dict[str, str]]:
    """The element that holds all content, and what the document says of itself."""
    check_archive(source, limits)
    with source.open() as packed, ZipFile(packed) as archive:
        root = tree_of(archive, _CONTENT)
        metadata = core_properties(tree_of(archive, _META)) if _META in archive.namelist() else {}
    if kind != "text":
        metadata.pop("pages", None)
    body = next(children_of(root, "body"), None)
    content = next(children_of(body, kind), None) if body is not None else None
    if content is None:
        raise DamagedFileError
    return content, metadata


def children_of(element: Element, name: str) -> Iterator[Element]:
    """The children of an element that have a name."""
    return (child for child in element if local_name(child) == name)


def _text_blocks(element: Element, page: int | None = None, *, in_list: bool = False) -> Iterator[Block]:
    """What stands in an element, in order."""
    for child in element:
        name = local_name(child)
        if name == "h":
            level = attribute(child, "outline-level")
            yield from _block(BlockKind.HEADING, child, page, int(level) if level.isdecimal() else 1)
        elif name == "p":
            yield from _block(BlockKind.PARAGRAPH, child, page)
        elif name == "list":
            yield from _items(child, page, tight=in_list)
        elif name == "table":
            yield from _table(child, page)
        elif name and name not in LEFT_OUT:
            yield from _text_blocks(child, page)


def _block(kind: BlockKind, element: Element, page: int | None, level: int = 0) -> Iterator[Block]:
    if text := clean_line(text_of(element)):
        yield Block(kind, text, level, text if kind is BlockKind.HEADING else "", page)
    # Text boxes and pictures with captions hang in a paragraph.
    for frame in (child for child in element if local_name(child) == "frame"):
        yield from _text_blocks(frame, page)


def _items(element: Element, page: int | None, *, tight: bool) -> Iterator[Block]:
    for item in element:
        for child in item:
            if local_name(child) == "list":
                yield from _items(child, page, tight=True)
            elif text := clean_line(text_of(child)):
                yield Block(BlockKind.LIST_ITEM, f"• {text}", page=page, tight=tight)
                tight = True


def _table(element: Element, page: int | None) -> Iterator[Block]:
    for number, row in enumerate(_sheet_rows(element)):
        yield Block(BlockKind.TABLE_ROW, SEPARATOR.join(row.cells), page=page, tight=number > 0)


def _slide(slide: Element, number: int) -> Iterator[Block]:
    for part in slide:
        if local_name(part) == "notes":
            yield from _text_blocks(part, number)
        elif attribute(part, "class") == "title":
            if text := clean_line(text_of(part)):
                yield Block(BlockKind.HEADING, text, 1, text, number)
        elif local_name(part) not in LEFT_OUT:
            yield from _text_blocks(part, number)


def text_of(element: Element) -> str:
    """The text of a paragraph; its white space is made of elements."""
    parts = [element.text or ""]
    # What hangs in a paragraph stands below it, see `_block`.
    left_out = {*LEFT_OUT, "frame"} if local_name(element) in {"p", "h"} else LEFT_OUT
    for child in element:
        name = local_name(child)
        if name in WHITE:
            parts.append(WHITE[name])
        elif name == "note":
            parts += [" (", *(text_of(body).strip() for body in children_of(child, "note-body")), ")"]
        elif name and name not in left_out:
            parts.append(text_of(child))
        parts.append(child.tail or "")
        if name in {"p", "h", "list-item"}:
            parts.append(" ")
    return "".join(parts)


def _sheet_rows(sheet: Element) -> Iterator[Row]:
    """The rows that are not empty. One that repeats is read once: its copies say nothing new."""
    number = 1
    for row in sheet.iter("{*}table-row"):
        if found := row_of(number, _cells(row)):
            yield found
        number += repeated(row, "number-rows-repeated")


def _cells(row: Element) -> Iterator[str]:
    count = 0
    for cell in row:
        if local_name(cell) not in {"table-cell", "covered-table-cell"}:
            continue
        text = " ".join(text_of(part).strip() for part in children_of(cell, "p"))
        times = min(repeated(cell, "number-columns-repeated"), _MOST_COLUMNS - count)
        yield from [text] * times
        count += times


def repeated(element: Element, name: str) -> int:
    """How often an attribute says that a row or cell repeats, or spans."""
    value = attribute(element, name)
    return int(value[:9]) if value.isdecimal() else 1


def _limited(rows: Iterable[Row], most: int, name: str, warnings: list[ParseWarning]) -> Iterator[Row]:
    for count, row in enumerate(rows):
        if count == most:
            warnings.append(ParseWarning(WarningCode.ROWS_LEFT_OUT, row.number, name))
            return
        yield row
