"""Keeps the blocks of a text, so that it can be cut anew without its file."""

from collections.abc import Iterator, Sequence
from typing import Final

from convosphere.knowledge.parsing.blocks import Block, BlockKind, PlacedBlock
from convosphere.knowledge.parsing.schemas import Layout

_LETTERS: Final = {
    BlockKind.HEADING: "h",
    BlockKind.PARAGRAPH: "p",
    BlockKind.LIST_ITEM: "l",
    BlockKind.TABLE_ROW: "r",
    BlockKind.CODE: "c",
}
_KINDS: Final = {letter: kind for kind, letter in _LETTERS.items()}


def layout_of(placed: Sequence[PlacedBlock]) -> Layout:
    """What is to be kept of the blocks of a text."""
    blocks = [item.block for item in placed]
    return Layout(
        kinds="".join(_LETTERS[block.kind] for block in blocks),
        starts=tuple(item.start for item in placed),
        ends=tuple(item.end for item in placed),
        levels=tuple(block.level for block in blocks),
        pages=tuple(block.page for block in blocks),
        labels=tuple(block.label for block in blocks if block.kind is BlockKind.HEADING),
    )


def check_layout(layout: Layout, length: int) -> None:
    """See that a layout can be that of a text of so many characters.

    Raises:
        ValueError: it cannot.
    """
    count = len(layout.kinds)
    parts = (layout.starts, layout.ends, layout.levels, layout.pages)
    if any(len(part) != count for part in parts) or layout.kinds.count(_LETTERS[BlockKind.HEADING]) != len(
        layout.labels
    ):
        raise ValueError("layout with gaps")
    done = 0
    for letter, start, end in zip(layout.kinds, layout.starts, layout.ends, strict=True):
        if letter not in _KINDS or not done <= start < end <= length:
            raise ValueError("layout out of order")
        done = end


def placed_blocks(text: str, layout: Layout) -> Iterator[PlacedBlock]:
    """The blocks again."""
    labels, before = iter(layout.labels), 0
    places = zip(layout.kinds, layout.starts, layout.ends, layout.levels, layout.pages, strict=True)
    for letter, start, end, level, page in places:
        kind = _KINDS[letter]
        label = next(labels) if kind is BlockKind.HEADING else ""
        is_tight = 0 < before == start - 1
        yield PlacedBlock(Block(kind, text[start:end], level, label, page, is_tight), start, end)
        before = end


def moved(layout: Layout, offset: int) -> Layout:
    """The layout of a text that stands behind so many other characters, on no page."""
    return Layout(
        layout.kinds,
        tuple(start + offset for start in layout.starts),
        tuple(end + offset for end in layout.ends),
        layout.levels,
        (None,) * len(layout.kinds),
        layout.labels,
    )


def joined(first: Layout, second: Layout) -> Layout:
    """The layout of two texts in one; the second says already where it stands there."""
    return Layout(
        first.kinds + second.kinds,
        first.starts + second.starts,
        first.ends + second.ends,
        first.levels + second.levels,
        first.pages + second.pages,
        first.labels + second.labels,
    )
