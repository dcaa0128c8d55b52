"""Cuts a text anew by its layout, without its file."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Protocol

from convosphere.knowledge.parsing.cutting import cut_text
from convosphere.knowledge.parsing.layout import placed_blocks
from convosphere.knowledge.parsing.schemas import (
    DEFAULT_CHUNKING,
    Chunking,
    Layout,
    ParsedDocument,
    ParsedPassage,
)


class Spoken(Protocol):
    """A stretch of a text in a language."""

    @property
    def start(self) -> int:
        """Offset of its first character."""
        ...

    @property
    def language(self) -> str:
        """ISO 639-1 code."""
        ...


def cut_as_wanted(chunking: Chunking, parsed: ParsedDocument) -> tuple[ParsedPassage, ...]:
    """The passages of what was read, which is cut as texts are by themselves."""
    if chunking == DEFAULT_CHUNKING or parsed.layout is None:
        return parsed.passages
    return cut_anew(parsed.text, parsed.layout, chunking, parsed.passages)


def cut_anew(text: str, layout: Layout, chunking: Chunking, before: Sequence[Spoken]) -> tuple[ParsedPassage, ...]:
    """The passages of a text. Their languages are those of the passages `before`, which spares the model for that."""
    passages: list[ParsedPassage] = []
    for number, cut in enumerate(cut_text(text, list(placed_blocks(text, layout)), chunking), start=1):
        middle = (cut.fresh + cut.end) // 2
        spoken = before[max(bisect_right(before, middle, key=lambda each: each.start) - 1, 0)]
        piece = text[cut.start : cut.end]
        passages.append(ParsedPassage(number, piece, cut.start, cut.end, cut.page, cut.heading, spoken.language))
    return tuple(passages)
