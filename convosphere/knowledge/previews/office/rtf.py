"""Rich Text Format: its words and tables."""

from collections.abc import Iterable
from itertools import groupby

from convosphere.knowledge.parsing.blocks import Block, BlockKind
from convosphere.knowledge.parsing.office.rtf import read_rtf
from convosphere.knowledge.parsing.schemas import Limits
from convosphere.knowledge.parsing.sources import Source
from convosphere.knowledge.parsing.tables import SEPARATOR
from convosphere.knowledge.previews.office.html import page_of, words


def rtf_page(source: Source, _number: int) -> bytes:
    """A text as a page.

    Raises:
        TooComplexError, DamagedFileError: as they say.
    """
    draft = read_rtf(source, Limits(), lambda _: None)
    groups = groupby(draft.blocks, key=lambda block: block.kind is BlockKind.TABLE_ROW)
    return page_of("".join(_table(list(blocks)) if is_table else _texts(blocks) for is_table, blocks in groups))


def _texts(blocks: Iterable[Block]) -> str:
    return "".join(f"<p>{words(block.text)}</p>" for block in blocks)


def _table(rows: list[Block]) -> str:
    cells = ("".join(f"<td>{words(cell)}</td>" for cell in row.text.split(SEPARATOR)) for row in rows)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"
