"""Markdown of an answer, cut into blocks that are finished and one that still grows."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from convosphere.answers.citations import link_citations
from convosphere.core.lines import plain_line as plain_line  # noqa: PLC0414  # For those who know it from here.

_FENCE = re.compile(r"^ {0,3}(```|~~~)", re.MULTILINE)
_MATHEMATICS = re.compile(r"\$\$")
# After an empty line these carry on with the block before: items, quotes, tables, what is indented, definitions.
LONGEST_BLOCK = 3_000
"""What grows longer without an end is cut all the same while it grows, or each piece of it would cost more."""
_LONGEST_OPENING = 100
"""So much of the line that opens code is said again where it is cut: less than what is cut off, whatever it says."""
_OPENING = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,})[^\n]*$", re.MULTILINE)
_TABLE = re.compile(r"(?:\A|\n)(?P<head>\|[^\n]{,300}\n\|[ :|-]{,300}\n)(?:\|[^\n]*\n)*\Z")
_CONTINUES = re.compile(r"[ \t>|]|[-*+] |\d{1,9}[.)] |\[")


def with_citations(text: str, message_id: UUID | str, numbers: Collection[int]) -> str:
    """Citation marks as links that a page opens as passages."""
    if "[" not in text:
        return text
    return link_citations(text, numbers, lambda number: f"#cite-{message_id}-{number}")


@dataclass
class BlockSplitter:
    """Takes a growing text; each character is looked at a bounded number of times, however long the text gets."""

    blocks: list[str] = field(default_factory=list)
    tail: str = ""
    _taken: int = 0
    # Up to where the tail was looked through, and how many fences of code and marks of mathematics stand before.
    _seen: int = 0
    _fences: int = 0
    _marks: int = 0

    def take(self, text: str) -> bool:
        """Take the text so far, which begins with what was taken before; True if a block was finished."""
        self.tail += text[self._taken :]
        self._taken = len(text)
        finished = 0
        while True:
            while (cut := self._end_of_block()) is not None:
                self._finish(self.tail[:cut].strip("\n"), self.tail[cut:])
                finished += 1
            if len(self.tail) <= LONGEST_BLOCK:
                return finished > 0
            self._finish(*_cut(self.tail))
            finished += 1

    def _finish(self, block: str, tail: str) -> None:
        self.blocks.append(block)
        self.tail = tail
        self._seen = self._fences = self._marks = 0

    def _end_of_block(self) -> int | None:
        """Where the first block surely ends: at an empty line outside code and mathematics that begins a new one."""
        begin = self._seen or _after_newlines(self.tail, 0)
        while (position := self.tail.find("\n\n", begin)) != -1:
            following = _after_newlines(self.tail, position)
            if following == len(self.tail):
                return None
            self._count_up_to(position)
            if self._fences % 2 == self._marks % 2 == 0 and not _CONTINUES.match(self.tail, following):
                return following
            begin = following
        return None

    def _count_up_to(self, position: int) -> None:
        self._fences += len(_FENCE.findall(self.tail, self._seen, position))
        self._marks += len(_MATHEMATICS.findall(self.tail, self._seen, position))
        self._seen = position


def _cut(text: str) -> tuple[str, str]:
    """A long text at the end of a line, of a word, or anywhere; code that is open is closed and opened again.

    A table goes on under its head.
    """
    half = LONGEST_BLOCK // 2
    place = next((end + 1 for sign in "\n " if (end := text.rfind(sign, half, LONGEST_BLOCK)) >= 0), LONGEST_BLOCK)
    head, rest = text[:place], text[place:]
    opening = None
    for line in _OPENING.finditer(head):
        closes = opening and line[0].strip().startswith(opening["fence"]) and not line[0].strip(" `~")
        opening = None if closes else opening or line
    if opening is None:
        return head.rstrip("\n"), f"{_table_head(head) if rest.startswith('|') else ''}{rest}"
    again = opening[0][:_LONGEST_OPENING]
    return f"{head.rstrip(chr(10))}\n{opening['fence'][:_LONGEST_OPENING]}", f"{again}\n{rest}"


def _table_head(text: str) -> str:
    """The first two lines of the table that a text ends within."""
    table = _TABLE.search(text)
    return table["head"] if table else ""


def _after_newlines(text: str, position: int) -> int:
    while text.startswith("\n", position):
        position += 1
    return position
