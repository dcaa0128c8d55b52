"""From lines to blocks: words and sentences that were broken over lines, columns and pages are put together again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from convosphere.knowledge.parsing.blocks import Block, BlockKind
from convosphere.knowledge.parsing.pdf.headings import HeadingRule
from convosphere.knowledge.parsing.pdf.lines import Line

CELL_SEPARATOR = " | "
_ITEM = re.compile(r"(?:[•◦▪‣–—∙·●○■□➢✓\uf0b7-]|\(?(?:\d{1,3}|[a-zA-Z])[.)])\s+\S")
_TERMINAL = re.compile(r"[.!?:…][\"'“”»«’)\]]*$")
_WORD = re.compile(r"\w+")
_BROKEN = re.compile(r"(\w+)[-\u2010]$")
# "Haupt- und Nebenkosten": the hyphen stands for the rest of a word and stays.
_SUSPENDED = re.compile(r"(?:und|oder|bzw|sowie|bis|and|or|to)\b")
_NEIGHBOURS = 12
_GAP = 1.3
"""Lines further apart than so many usual distances are different paragraphs."""
_USUAL_LEADING = 1.2
_SLACK = 1.0
_SLACK_IN_SENTENCE = 5.0
"""Font sizes that a full line may end before its column does."""


@dataclass
class _Open:
    """A block that is still growing."""

    kind: BlockKind
    lines: list[Line]
    level: int = 0
    tight: bool = False


class _Column(NamedTuple):
    """How far right the lines around reach, and their usual distance in font sizes."""

    edge: float
    leading: float


def blocks_of(lines: list[Line], rule: HeadingRule) -> Iterator[Block]:
    """Blocks in the order of the lines."""
    words = _vocabulary(lines)
    leading = _leading(lines)
    edges = _right_edges(lines)
    rows = _table_rows(lines)
    current: _Open | None = None
    for number, line in enumerate(lines):
        kind, level = _kind(line, rule, in_table=number in rows)
        if current and _goes_on(current, line, kind, level, _Column(edges[number - 1], leading)):
            current.lines.append(line)
            continue
        tight = current is not None and _is_near(current.lines[-1], line, leading) and kind is not BlockKind.HEADING
        if current:
            tight = tight and current.kind is not BlockKind.HEADING
            yield _close(current, words)
        current = _Open(kind, [line], level, tight)
    if current:
        yield _close(current, words)


def _kind(line: Line, rule: HeadingRule, *, in_table: bool) -> tuple[BlockKind, int]:
    if in_table:
        return BlockKind.TABLE_ROW, 0
    if level := rule.level(line):
        return BlockKind.HEADING, level
    return (BlockKind.LIST_ITEM if _ITEM.match(line.text) else BlockKind.PARAGRAPH), 0


def _goes_on(current: _Open, line: Line, kind: BlockKind, level: int, column: _Column) -> bool:
    """Whether a line continues the block before it."""
    if BlockKind.TABLE_ROW in {kind, current.kind} or kind is BlockKind.LIST_ITEM:
        return False
    last = current.lines[-1]
    if BlockKind.HEADING in {kind, current.kind}:
        return (kind, level) == (current.kind, current.level) and _same_heading(last, line)
    return last.hyphen or _goes_on_in_text(current, last, line, column)


def _goes_on_in_text(current: _Open, last: Line, line: Line, column: _Column) -> bool:
    full = _is_full(last, line, column.edge)
    ended = _TERMINAL.search(last.text) is not None
    if not _is_below(last, line):
        return full and not ended and last.size == line.size
    if not _is_near(last, line, column.leading):
        return False
    if current.kind is BlockKind.LIST_ITEM and line.left - current.lines[0].left > 0.4 * line.size:
        return True
    indented = line.left - last.left > 0.8 * line.size
    return full and not (indented and ended)


def _same_heading(last: Line, line: Line) -> bool:
    numbered = re.match(r"(?:§|\d)", line.text)
    return (
        last.size == line.size
        and last.bold == line.bold
        and not numbered
        and _is_below(last, line)
        and last.baseline - line.baseline < 1.6 * line.size
    )


def _is_below(last: Line, line: Line) -> bool:
    return last.page == line.page and line.baseline < last.baseline + 0.5 * line.size


def _is_near(last: Line, line: Line, leading: float) -> bool:
    size = max(last.size, line.size)
    return _is_below(last, line) and last.baseline - line.baseline <= _GAP * leading * size


def _is_full(last: Line, line: Line, edge: float) -> bool:
    """Whether the first word of the next line had no room in the one before."""
    first = len(line.text.split(" ", 1)[0]) + 1
    width = (line.right - line.left) * first / max(1, len(line.text))
    # A sentence that visibly goes on may have been set with a ragged edge.
    open_sentence = line.text[0].islower() and not _TERMINAL.search(last.text)
    slack = (_SLACK_IN_SENTENCE if open_sentence else _SLACK) * line.size
    return last.right + width > edge - slack


def _right_edges(lines: list[Line]) -> list[float]:
    """For each line how far right its column goes, by the lines around it."""
    edges: list[float] = []
    for number, line in enumerate(lines):
        around = lines[max(0, number - _NEIGHBOURS) : number + _NEIGHBOURS + 1]
        edges.append(max(other.right for other in around if other.left < line.right and other.right > line.left))
    return edges


def _leading(lines: list[Line]) -> float:
    """The usual distance of two lines in font sizes."""
    pairs = pairwise(lines)
    ratios = [
        (last.baseline - line.baseline) / line.size
        for last, line in pairs
        if last.page == line.page and last.size == line.size and line.size > 0
    ]
    usual = [ratio for ratio in ratios if 0.8 < ratio < 2.2]
    return median(usual) if usual else _USUAL_LEADING


def _table_rows(lines: list[Line]) -> set[int]:
    """Numbers of lines that are rows: two or more of them with gaps, one below the other."""
    wide = [len(line.cells) > 1 for line in lines]
    return {
        number
        for number, is_wide in enumerate(wide)
        if is_wide
        and (
            (number > 0 and wide[number - 1] and _is_below(lines[number - 1], lines[number]))
            or (number + 1 < len(lines) and wide[number + 1] and _is_below(lines[number], lines[number + 1]))
        )
    }


def _vocabulary(lines: list[Line]) -> set[str]:
    return {word.lower() for line in lines for word in re.findall(r"\w+(?:-\w+)*", line.text)}


def _close(block: _Open, words: set[str]) -> Block:
    is_row = block.kind is BlockKind.TABLE_ROW
    text = CELL_SEPARATOR.join(block.lines[0].cells) if is_row else _join(block.lines, words)
    label = text if block.kind is BlockKind.HEADING else ""
    return Block(block.kind, text, block.level, label, block.lines[0].page, block.tight)


def _join(lines: list[Line], words: set[str]) -> str:
    text = lines[0].text
    for last, line in pairwise(lines):
        text = _join_two(text + "-" if last.hyphen else text, line.text, words)
    return text


def _join_two(text: str, line: str, words: set[str]) -> str:
    """Two lines as one, the word between them whole again."""
    broken, following = _BROKEN.search(text), _WORD.match(line)
    if not broken or not following or text.endswith(" -"):
        return f"{text} {line}"
    head, tail = broken.group(1), following.group()
    if _SUSPENDED.match(line):
        return f"{text} {line}"
    # "Nord-" "Süd" keeps its hyphen, "Geschäfts-" "führung" loses it; "well-" "known" keeps it if seen so elsewhere.
    whole, apart = (head + tail).lower(), f"{head}-{tail}".lower()
    if whole not in words and (apart in words or not tail[0].islower()):
        return text + line
    return text[: broken.end(1)] + line
