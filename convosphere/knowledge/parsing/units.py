"""The smallest stretches of a text between which a passage may end, each with what that would cost."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from convosphere.knowledge.parsing.blocks import Block, BlockKind, PlacedBlock
from convosphere.knowledge.parsing.schemas import Chunking
from convosphere.knowledge.parsing.sentences import sentence_ends

_LONGEST_UNIT = 5 / 8
"""Of what a passage aims at; longer sentences, and rows and code longer than a passage, are cut at blanks."""

# Costs on the scale of lengths in `cutting`, where a passage of half the aimed length costs 25.
_CUT_AT_HEADING = -20.0
_CUT_AT_PARAGRAPH = 0.0
_CUT_AT_LINE = 4.0
_CUT_AT_ITEM = 8.0
_CUT_AT_SENTENCE = 12.0
_CUT_AT_ROW = 15.0
_CUT_IN_CODE = 40.0
_CUT_IN_SENTENCE = 50.0
_CUT_AFTER_TABLE_HEAD = 60.0
_CUT_AFTER_LEAD_IN = 120.0
_CUT_AFTER_HEADING = 400.0
_JOIN_OVER_HEADING = {1: 150.0, 2: 70.0}
_JOIN_OVER_LOWER_HEADING = 40.0
_NEVER_JOIN = 1e9
_JOIN_OVER_PAGE = 150.0
"""A citation names the page on which its passage starts, so a passage should not begin on the page before."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Characters `start` to `end`; `cut` is the price of a passage that starts here, `join` of one running through."""

    start: int
    end: int
    cut: float
    join: float
    block: int


def units_of(text: str, placed: list[PlacedBlock], chunking: Chunking) -> list[Unit]:
    """All units of a text in order; white space at the edges belongs to none."""
    units: list[Unit] = []
    kinds = [item.block.kind for item in placed]
    first_heading = kinds.index(BlockKind.HEADING) if BlockKind.HEADING in kinds else -1
    for number, item in enumerate(placed):
        before = placed[number - 1] if number else None
        cut, join = _price(item, before, placed[number - 2] if number > 1 else None)
        if chunking.is_by_section and cut == _CUT_AT_HEADING:
            join = _NEVER_JOIN
        elif number == first_heading:
            # What stands above the first heading is often a line or two, not worth a passage.
            join = min(join, _JOIN_OVER_LOWER_HEADING)
        for start, end in _stretches(text, item, chunking):
            units.append(Unit(start, end, cut, join, number))
            cut, join = _price_inside(item), 0.0
    return units


def _price(item: PlacedBlock, before: PlacedBlock | None, second: PlacedBlock | None) -> tuple[float, float]:
    """What it costs to cut before a block, and what to run through."""
    if before is None:
        return 0.0, 0.0
    if item.block.kind is BlockKind.HEADING and before.block.kind is not BlockKind.HEADING:
        return _CUT_AT_HEADING, _JOIN_OVER_HEADING.get(item.block.level, _JOIN_OVER_LOWER_HEADING)
    is_new_page = item.block.page != before.block.page
    cut = _price_of_cut(item.block, before.block, second.block if second else None)
    return cut, _JOIN_OVER_PAGE if is_new_page else 0.0


def _price_of_cut(block: Block, before: Block, second: Block | None) -> float:
    """What it costs to cut before a block that goes with what is above it; `second` stands above `before`."""
    match before.kind, block.kind:
        case BlockKind.HEADING, _:
            return _CUT_AFTER_HEADING
        case BlockKind.PARAGRAPH, _ if before.text.endswith(":"):
            return _CUT_AFTER_LEAD_IN
        case BlockKind.TABLE_ROW, BlockKind.TABLE_ROW:
            is_head = second is None or second.kind is not BlockKind.TABLE_ROW
            return _CUT_AFTER_TABLE_HEAD if is_head else _CUT_AT_ROW
        case BlockKind.LIST_ITEM, BlockKind.LIST_ITEM:
            return _CUT_AT_ITEM
        case _:
            return _CUT_AT_LINE if block.tight else _CUT_AT_PARAGRAPH


def _price_inside(item: PlacedBlock) -> float:
    if item.block.kind is BlockKind.CODE:
        return _CUT_IN_CODE
    return _CUT_IN_SENTENCE if item.block.kind is BlockKind.TABLE_ROW else _CUT_AT_SENTENCE


def _stretches(text: str, item: PlacedBlock, chunking: Chunking) -> Iterator[tuple[int, int]]:
    """The stretches of one block, without white space at their edges."""
    longest = _longest(item, chunking)
    for start, end in _natural_stretches(item, chunking):
        yield from _short_stretches(text, item.start + start, item.start + end, longest)


def _longest(item: PlacedBlock, chunking: Chunking) -> int:
    may_be_whole = item.block.kind in {BlockKind.CODE, BlockKind.TABLE_ROW}
    is_whole = may_be_whole and item.end - item.start <= chunking.longest
    return chunking.longest if is_whole else int(_LONGEST_UNIT * chunking.aim)


def _natural_stretches(item: PlacedBlock, chunking: Chunking) -> Iterator[tuple[int, int]]:
    text = item.block.text[: item.end - item.start]
    if item.block.kind in {BlockKind.HEADING, BlockKind.TABLE_ROW} or len(text) <= 40:
        yield 0, len(text)
        return
    if item.block.kind is BlockKind.CODE:
        ends = [len(text)] if len(text) <= chunking.longest else _line_ends(text)
    else:
        ends = sentence_ends(text)
    start = 0
    for end in ends:
        yield start, end
        start = end


def _line_ends(text: str) -> list[int]:
    return [match.end() for match in re.finditer("\n", text)] + [len(text)]


def _short_stretches(text: str, start: int, end: int, longest: int) -> Iterator[tuple[int, int]]:
    """Cut at the last blank that fits; a word longer than all is cut between two letters."""
    start, end = _trim(text, start, end)
    while end - start > longest:
        cut = _last_blank(text, start, start + longest) or _letter_edge(text, start + longest, end)
        yield _trim(text, start, cut)
        start, end = _trim(text, cut, end)
    if end > start:
        yield start, end


def _last_blank(text: str, start: int, end: int) -> int:
    for position in range(end, start + 1, -1):
        if text[position - 1].isspace():
            return position
    return 0


def _letter_edge(text: str, position: int, end: int) -> int:
    while position < end and unicodedata.combining(text[position]):
        position += 1
    return position


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
