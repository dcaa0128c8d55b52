"""Heads of tables: what stands above the columns of a row that a passage begins with."""

import re
from collections.abc import Iterator
from typing import Final

from convosphere.knowledge.parsing.blocks import Block, BlockKind
from convosphere.knowledge.parsing.schemas import DEFAULT_CHUNKING, ParseWarning
from convosphere.knowledge.parsing.tables import SEPARATOR, Row, is_head, row_of, without_head

_EDGE: Final = re.compile(r"^\s*\||\|\s*$")
_PARTING: Final = re.compile(r"(?<!\\)\|")


def table_heads(blocks: list[Block]) -> list[str]:
    """For each block the head of the table that it is a further row of; "" for all others."""
    heads: list[str] = []
    for stretch in _tables(blocks):
        head = _head_of(stretch[0]) if len(stretch) > 1 else ""
        heads += ["", *[head] * (len(stretch) - 1)]
    return heads


def tables_without_head(blocks: list[Block]) -> Iterator[ParseWarning]:
    """A remark for each table that goes on over pages or passages and does not begin with the names of its columns."""
    for stretch in _tables(blocks):
        first, last = stretch[0], stretch[-1]
        is_long = first.page != last.page or sum(len(row.text) for row in stretch) > DEFAULT_CHUNKING.longest
        if len(stretch) > 1 and is_long and len(_cells(first)) > 1 and not _head_of(first):
            yield without_head(_cells(first), first.page)


def _tables(blocks: list[Block]) -> Iterator[list[Block]]:
    """The blocks in stretches: each table as one, all others alone."""
    stretch: list[Block] = []
    for block in blocks:
        if stretch and not _is_further(stretch[-1], block):
            yield stretch
            stretch = []
        stretch.append(block)
    if stretch:
        yield stretch


def _is_further(before: Block, block: Block) -> bool:
    """Whether a block is the next row of the table that the one before is a row of, also on the page after it."""
    if {before.kind, block.kind} != {BlockKind.TABLE_ROW}:
        return False
    if block.tight:
        return True
    is_on_next_page = before.page is not None and block.page == before.page + 1
    return is_on_next_page and len(_cells(before)) == len(_cells(block)) and not _head_of(block)


def _cells(row: Block) -> tuple[str, ...]:
    """The cells of a row; a head of Markdown has a rule under it."""
    line = _EDGE.sub("", row.text.split("\n", 1)[0])
    found = row_of(1, _PARTING.split(line))
    return found.cells if found else ()


def _head_of(first: Block) -> str:
    """The cells of a first row, if it names its columns."""
    row = Row(1, _cells(first))
    return SEPARATOR.join(filter(None, row.cells)) if is_head(row) else ""
