"""The pieces readers find in a file, and the one text made of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto

from convosphere.knowledge.parsing.schemas import ParseWarning


class BlockKind(Enum):
    """What a block is, which decides where it may be cut."""

    HEADING = auto()
    PARAGRAPH = auto()
    LIST_ITEM = auto()
    TABLE_ROW = auto()
    CODE = auto()


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or the like, cleaned. `level` is a heading's, from 1; `label` its text without marks.

    `tight`: only a line break, no empty line, stands between it and the block before.
    """

    kind: BlockKind
    text: str
    level: int = 0
    label: str = ""
    page: int | None = None
    tight: bool = False


@dataclass(frozen=True, slots=True)
class PlacedBlock:
    """A block and where its text starts and ends in the document's text."""

    block: Block
    start: int
    end: int


@dataclass
class Draft:
    """What a reader found: the blocks in reading order and what the file says of itself.

    `is_named_by_file`: headings are places in the file, not titles of it.
    """

    blocks: list[Block]
    title: str = ""
    pages: int | None = None
    warnings: list[ParseWarning] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)
    is_named_by_file: bool = False


def place(blocks: Iterable[Block], limit: int) -> tuple[str, list[PlacedBlock], bool]:
    """Join blocks to at most `limit` characters: text, blocks with their offsets, whether some is missing."""
    parts: list[str] = []
    placed: list[PlacedBlock] = []
    length = 0
    for block in blocks:
        gap = "" if not parts else "\n" if block.tight else "\n\n"
        room = limit - length - len(gap)
        text = block.text if len(block.text) <= room else block.text[: max(0, room)].rstrip()
        if text.strip():
            start = length + len(gap)
            length = start + len(text)
            parts.append(gap + text)
            placed.append(PlacedBlock(block, start, length))
        if len(text) < len(block.text):
            return "".join(parts), placed, True
    return "".join(parts), placed, False
