"""Rows of tables as blocks, in groups that each carry the table's head, so that no passage is without it.

The heading of a group is its range in the sheet, such as "A2:F25": whoever follows a citation finds the rows by it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from convosphere.knowledge.parsing.blocks import Block, BlockKind
from convosphere.knowledge.parsing.cleaning import clean_line
from convosphere.knowledge.parsing.schemas import ParseWarning, WarningCode

SEPARATOR = " | "
_GROUP = 700
"""Characters of rows in a group, a little less than a passage aims at."""
_NUMBER = re.compile(r"[-+]?[\d.,  ]*\d\s*[%€$]?$")
_LONGEST_HEAD = 400
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not empty; `number` counts from 1 in its sheet."""

    number: int
    cells: tuple[str, ...]

    @property
    def text(self) -> str:
        """The cells in one line."""
        return SEPARATOR.join(self.cells)


def row_of(number: int, cells: Iterable[str]) -> Row | None:
    """A row of cleaned cells without the empty ones behind the last; None if all are empty."""
    cleaned = [clean_line(cell) for cell in cells]
    while cleaned and not cleaned[-1]:
        cleaned.pop()
    return Row(number, tuple(cleaned)) if cleaned else None


def table_blocks(rows: Iterable[Row], warnings: list[ParseWarning], name: str = "") -> Iterator[Block]:
    """The blocks of a sheet: its name, then group by group range, head and rows.

    Adds a warning if there are several groups and no head to carry.
    """
    if name := clean_line(name):
        yield Block(BlockKind.HEADING, name, 1, name)
    level = 2 if name else 1
    first: Row | None = None
    head: Row | None = None
    for number, group in enumerate(_groups(rows)):
        if number == 0:
            first = _first_of(group)
            head = first if first and is_head(first) else None
        elif number == 1 and first and not head:
            warnings.append(without_head((name,) if name else first.cells))
        yield from _group(group, head, level)


def without_head(cells: Iterable[str], page: int | None = None) -> ParseWarning:
    """The warning about a table that these cells name, for want of a better name those of its first row."""
    return ParseWarning(WarningCode.TABLE_WITHOUT_HEAD, page, SEPARATOR.join(filter(None, cells))[:_LONGEST_NAME])


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    group: list[Row] = []
    length = 0
    for row in rows:
        group.append(row)
        length += len(row.text)
        if length >= _GROUP:
            yield group
            group, length = [], 0
    if group:
        yield group


def _first_of(rows: Sequence[Row]) -> Row | None:
    """The first row of the table itself: what stands alone in its row above that is a title; None if all is."""
    return next((row for row in rows if sum(map(bool, row.cells)) > 1), None)


def is_head(row: Row) -> bool:
    """Whether a first row names what is below it: several short texts, no numbers."""
    named = [cell for cell in row.cells if cell]
    return len(named) > 1 and len(row.text) <= _LONGEST_HEAD and not any(map(_NUMBER.match, named))


def is_number(cell: str) -> bool:
    """Whether a cell shows a number."""
    return _NUMBER.match(cell) is not None


def _group(rows: Sequence[Row], head: Row | None, level: int) -> Iterator[Block]:
    width = max(len(row.cells) for row in rows)
    span = f"A{rows[0].number}:{column_name(width)}{rows[-1].number}"
    yield Block(BlockKind.HEADING, span, level, span)
    shown = [head, *rows] if head and head not in rows else rows
    for row in shown:
        yield Block(BlockKind.TABLE_ROW, row.text, tight=True)


def column_name(number: int) -> str:
    """1 as "A", 27 as "AA"."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
