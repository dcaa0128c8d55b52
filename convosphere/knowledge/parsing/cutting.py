"""Cuts a text where headings, paragraphs and sentences end, at an even length.

The cuts are those of least total cost, found by dynamic programming over the units of the text (as Knuth and Plass,
1981, break paragraphs into lines): uneven lengths cost, cuts at unsuitable places cost, running through a heading
costs. Where passages are to overlap, each is then begun earlier by whole units, but not before its heading or page.
"""

from collections import Counter
from dataclasses import dataclass

from convosphere.knowledge.parsing.blocks import Block, BlockKind, PlacedBlock
from convosphere.knowledge.parsing.schemas import Chunking
from convosphere.knowledge.parsing.table_heads import table_heads
from convosphere.knowledge.parsing.units import Unit, units_of

PATH_SEPARATOR = " › "
_LONGEST_HEADING = 120
_NEARLY_ALL = 0.8


@dataclass(frozen=True, slots=True)
class Cut:
    """A passage by its place in the text; before `fresh` it repeats the end of the one before."""

    start: int
    fresh: int
    end: int
    page: int | None
    heading: str


def cut_text(text: str, placed: list[PlacedBlock], chunking: Chunking) -> list[Cut]:
    """The passages of a text in order; what none covers is white space."""
    units = units_of(text, placed, chunking)
    blocks = [item.block for item in placed]
    paths, heads = heading_paths(blocks), table_heads(blocks)
    cuts: list[Cut] = []
    earliest = 0
    for first, last in _cuts(units, chunking):
        inside = range(units[first].block, units[last].block + 1)
        begin = units[_begin(units, first, earliest, chunking.shared)]
        path = _common_path(inside, placed, paths)
        # Rows without their table's head say nothing.
        head = heads[begin.block][:_LONGEST_HEADING]
        heading = PATH_SEPARATOR.join((*path, head) if head else path)
        cuts.append(Cut(begin.start, units[first].start, units[last].end, blocks[inside.start].page, heading))
        earliest = first + 1
    return cuts


def _begin(units: list[Unit], first: int, earliest: int, shared: int) -> int:
    """With which unit a passage begins that shares some characters with the one before, which has more of its own."""
    begin = first
    while begin > earliest and not units[begin].join and units[first].start - units[begin - 1].start <= shared:
        begin -= 1
    return begin


def heading_paths(blocks: list[Block]) -> list[tuple[str, ...]]:
    """For each block the headings above it, outermost first; a heading belongs to its own path."""
    paths: list[tuple[str, ...]] = []
    stack: list[tuple[int, str]] = []
    for block in blocks:
        if block.kind is BlockKind.HEADING:
            stack = [entry for entry in stack if entry[0] < block.level]
            stack.append((block.level, block.label[:_LONGEST_HEADING]))
        paths.append(tuple(label for _, label in stack))
    return paths


def _cuts(units: list[Unit], chunking: Chunking) -> list[tuple[int, int]]:
    """First and last unit of each passage, at least total cost."""
    best = [0.0]
    choice = [0]
    for last in range(len(units)):
        cost, first = _best_start(units, best, last, chunking)
        best.append(cost)
        choice.append(first)
    cuts: list[tuple[int, int]] = []
    last = len(units) - 1
    while last >= 0:
        cuts.append((choice[last + 1], last))
        last = choice[last + 1] - 1
    return cuts[::-1]


def _best_start(units: list[Unit], best: list[float], last: int, chunking: Chunking) -> tuple[float, int]:
    """Where a passage that ends with unit `last` had best start."""
    end, aim, longest = units[last].end, chunking.aim, chunking.longest
    inner = 0.0
    found = (float("inf"), last)
    for first in range(last, -1, -1):
        unit = units[first]
        length = end - unit.start
        if length > longest and first < last:
            break
        # 0 at the aimed length, 100 at none and at the longest.
        span = aim if length <= aim else longest - aim
        cost = best[first] + unit.cut + inner + 100.0 * ((min(length, longest) - aim) / span) ** 2
        if cost < found[0]:
            found = (cost, first)
        inner += unit.join
    return found


def _common_path(inside: range, placed: list[PlacedBlock], paths: list[tuple[str, ...]]) -> tuple[str, ...]:
    """The headings above nearly all of a passage; those of its first block if there are none."""
    bodies = [number for number in inside if placed[number].block.kind is not BlockKind.HEADING]
    weights: Counter[tuple[str, ...]] = Counter()
    for number in bodies or [inside.start]:
        path = paths[number]
        weights.update({path[:depth]: placed[number].end - placed[number].start for depth in range(1, len(path) + 1)})
    most = _NEARLY_ALL * sum(placed[number].end - placed[number].start for number in bodies or [inside.start])
    shared = [path for path, weight in weights.items() if weight >= most]
    return max(shared, key=len, default=paths[bodies[0]] if bodies else ())
