"""unstructured's elements as blocks."""

from collections.abc import Iterable, Iterator

from lxml import html
from unstructured.documents.elements import (
    CodeSnippet,
    Element,
    Footer,
    Header,
    ListItem,
    PageBreak,
    PageNumber,
    Table,
    Title,
)

from convosphere.knowledge.parsing.blocks import Block, BlockKind
from convosphere.knowledge.parsing.cleaning import clean, clean_line, squeeze

_LEFT_OUT = (Header, Footer, PageBreak, PageNumber)
CELL_SEPARATOR = " | "


def blocks_of(elements: Iterable[Element]) -> Iterator[Block]:
    """Blocks in order; page furniture is left out."""
    in_list = False
    for element in elements:
        if isinstance(element, _LEFT_OUT):
            continue
        yield from _blocks(element, in_list=in_list)
        in_list = isinstance(element, ListItem)


def _blocks(element: Element, *, in_list: bool) -> Iterator[Block]:
    depth = element.metadata.category_depth or 0
    if isinstance(element, Title):
        label = clean_line(element.text)
        if label:
            yield Block(BlockKind.HEADING, label, depth + 1, label)
    elif isinstance(element, ListItem):
        if text := squeeze(element.text):
            mark = "" if text[:1] in "•-–*" or text[:1].isdigit() else "• "
            yield Block(BlockKind.LIST_ITEM, mark + text, tight=in_list)
    elif isinstance(element, Table):
        yield from _rows(element)
    elif isinstance(element, CodeSnippet):
        yield Block(BlockKind.CODE, clean(element.text).strip("\n"))
    elif text := squeeze(element.text):
        yield Block(BlockKind.PARAGRAPH, text)


def _rows(table: Table) -> Iterator[Block]:
    """A line for each row: `cell | cell`."""
    markup = table.metadata.text_as_html
    if not markup:
        yield Block(BlockKind.PARAGRAPH, squeeze(table.text))
        return
    first = True
    for row in html.fragment_fromstring(markup).iter("tr"):
        cells = [clean_line(" ".join(cell.itertext())) for cell in row.iterchildren("td", "th")]
        if any(cells):
            yield Block(BlockKind.TABLE_ROW, CELL_SEPARATOR.join(cells), tight=not first)
            first = False
