"""Heads of tables: what stands above the columns of a row that a passage begins with."""

import re
from typing import Final

from convosphere.knowledge.parsing.blocks import Block, BlockKind
from convosphere.knowledge.parsing.tables import SEPARATOR, is_head, row_of

_EDGE: Final = re.compile(r"^\s*\||\|\s*$")
_PARTING: Final = re.compile(r"(?<!\\)\|")


def table_heads(blocks: list[Block]) -> list[str]:
    """For each block the head of the table that it is a further row of; "" for all others."""
    heads: list[str] = []
    head = ""
    before: Block | None = None
    for block in blocks:
        is_row = block.kind is BlockKind.TABLE_ROW
        is_further = is_row and block.tight and before is not None and before.kind is BlockKind.TABLE_ROW
        heads.append(head if is_further else "")
        if is_row and not is_further:
            head = _head_of(block)
        before = block
    return heads


def _head_of(first: Block) -> str:
    """The cells of a first row, if it names its columns; Markdown has a rule under it."""
    line = _EDGE.sub("", first.text.split("\n", 1)[0])
    row = row_of(1, _PARTING.split(line))
    return SEPARATOR.join(cell for cell in row.cells if cell) if row and is_head(row) else ""
