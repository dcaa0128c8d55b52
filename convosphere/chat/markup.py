"""Markdown of an answer, cut into blocks that are finished and one that still grows."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from convosphere.answers.citations import link_citations

_FENCE = re.compile(r"^ {0,3}(```|~~~)", re.MULTILINE)
_MATHEMATICS = re.compile(r"\$\$")
# After an empty line these carry on with the block before: items, quotes, tables, what is indented, definitions.
_CONTINUES = re.compile(r"[ \t>|]|[-*+] |\d{1,9}[.)] |\[")


def with_citations(text: str, message_id: UUID | str, numbers: Collection[int]) -> str:
    """Citation marks as links that a page opens as passages."""
    return link_citations(text, numbers, lambda number: f"#cite-{message_id}-{number}")


@dataclass
class BlockSplitter:
    """Takes a growing text; each character is looked at a bounded number of times, however long the text gets."""

    blocks: list[str] = field(default_factory=list)
    tail: str = ""
    _taken: int = 0

    def take(self, text: str) -> bool:
        """Take the text so far, which begins with what was taken before; True if a block was finished."""
        self.tail += text[self._taken :]
        self._taken = len(text)
        finished = 0
        while (cut := _end_of_block(self.tail)) is not None:
            self.blocks.append(self.tail[:cut].strip("\n"))
            self.tail = self.tail[cut:]
            finished += 1
        return finished > 0


def _end_of_block(text: str) -> int | None:
    """Where the first block surely ends: at an empty line outside code and mathematics that starts something new."""
    start = len(text) - len(text.lstrip("\n"))
    position = text.find("\n\n", start)
    while position != -1:
        following = text[position:].lstrip("\n")
        if not following:
            return None
        if not _is_open(text[:position]) and not _CONTINUES.match(following):
            return len(text) - len(following)
        position = text.find("\n\n", position + 2)
    return None


def _is_open(text: str) -> bool:
    return len(_FENCE.findall(text)) % 2 == 1 or len(_MATHEMATICS.findall(text)) % 2 == 1
