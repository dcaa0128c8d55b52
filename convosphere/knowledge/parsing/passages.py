"""Cuts a document's text into passages: where headings, paragraphs and sentences end, at an even length.

The cuts are those of least total cost, found by dynamic programming over the units of the text (as Knuth and Plass,
1981, break paragraphs into lines): uneven lengths cost, cuts at unsuitable places cost, running through a heading
costs. Passages do not overlap: the reply loop widens what it cites by neighbours.
"""

from collections import Counter

from convosphere.knowledge.parsing.blocks import Block, BlockKind, PlacedBlock
from convosphere.knowledge.parsing.languages import passage_language
from convosphere.knowledge.parsing.schemas import ParsedPassage
from convosphere.knowledge.parsing.table_heads import table_heads
from convosphere.knowledge.parsing.units import Unit, units_of

AIM = 800
"""Characters, some 110 to 130 words."""
LONGEST = 1_200
PATH_SEPARATOR = " › "
_LONGEST_HEADING = 120
_NEARLY_ALL = 0.8


def cut_passages(text: str, placed: list[PlacedBlock], language: str) -> tuple[ParsedPassage, ...]:
    """Passages of a text in order; `text[start:end]` is each one's text, and what none covers is white space."""
    units = units_of(text, placed)
    blocks = [item.block for item in placed]
    paths, heads = heading_paths(blocks), table_heads(blocks)
    passages: list[ParsedPassage] = []
    for first, last in _cuts(units):
        start, end = units[first].start, units[last].end
        piece = text[start:end]
        inside = range(units[first].block, units[last].block + 1)
        path = _common_path(inside, placed, paths)
        # Rows without their table's head say nothing.
        head = heads[inside.start][:_LONGEST_HEADING]
        passages.append(
            ParsedPassage(
                number=len(passages) + 1,
                text=piece,
                start=start,
                end=end,
                page=placed[units[first].block].block.page,
                heading=PATH_SEPARATOR.join((*path, head) if head else path),
                language=passage_language(piece, language),
            )
        )
    return tuple(passages)


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


def size_cost(length: int) -> float:
    """0 at the aimed length, 100 at none and at the longest."""
    span = AIM if length <= AIM else LONGEST - AIM
    return 100.0 * ((length - AIM) / span) ** 2


def _cuts(units: list[Unit]) -> list[tuple[int, int]]:
    """First and last unit of each passage, at least total cost."""
    best = [0.0]
    choice = [0]
    for last in range(len(units)):
        cost, first = _best_start(units, best, last)
        best.append(cost)
        choice.append(first)
    cuts: list[tuple[int, int]] = []
    last = len(units) - 1
    while last >= 0:
        cuts.append((choice[last + 1], last))
        last = choice[last + 1] - 1
    return cuts[::-1]


def _best_start(units: list[Unit], best: list[float], last: int) -> tuple[float, int]:
    """Where a passage that ends with unit `last` had best start."""
    end = units[last].end
    inner = 0.0
    found = (float("inf"), last)
    for first in range(last, -1, -1):
        unit = units[first]
        length = end - unit.start
        if length > LONGEST and first < last:
            break
        cost = best[first] + unit.cut + inner + size_cost(min(length, LONGEST))
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
