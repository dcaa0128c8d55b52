"""What comes inside an e-mail is read as if it had come by itself, within bounds that loops and bombs run into."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from convosphere.knowledge.parsing.blocks import Block, BlockKind, Draft
from convosphere.knowledge.parsing.cleaning import clean_line
from convosphere.knowledge.parsing.detection import check_type, type_by_name
from convosphere.knowledge.parsing.errors import ParseError
from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.parsing.schemas import Limits, ParseWarning, ReportProgress, WarningCode
from convosphere.knowledge.parsing.sources import Source

Reader = Callable[[Source, Limits, ReportProgress], Draft]
_LONGEST_NAME = 120


class Parts:
    """The attachments of an e-mail and of the e-mails within it, which share one allowance."""

    def __init__(self, readers: Mapping[DocumentType, Reader], limits: Limits) -> None:
        self.limits = limits
        self.warnings: list[ParseWarning] = []
        self._readers = readers
        self._left = limits.attachments
        self._depth = 0

    def nested(self, name: str, read: Callable[[], Iterator[Block]]) -> Iterator[Block]:
        """The blocks of an e-mail within this one, under its subject."""
        if not self._takes():
            return
        self._depth += 1
        yield from self._under(name, read())
        self._depth -= 1

    def attached(self, name: str, data: bytes) -> Iterator[Block]:
        """The blocks of a file, under its name; a warning if it cannot be read."""
        name = clean_line(name)[:_LONGEST_NAME] or "?"
        if not self._takes():
            return
        try:
            draft = self._read(name, data)
        except ParseError:
            self.warnings.append(ParseWarning(WarningCode.PART_UNREADABLE, part=name))
            return
        self.warnings += (replace(warning, part=warning.part or name) for warning in draft.warnings)
        yield from self._under(name, draft.blocks)

    def _read(self, name: str, data: bytes) -> Draft:
        source, kind = Source(data), type_by_name(name)
        check_type(source, kind)
        if kind not in self._readers:
            raise ParseError
        return self._readers[kind](source, self.limits, lambda _: None)

    def _takes(self) -> bool:
        """Whether there is room for one more."""
        self._left -= 1
        has_room = self._left >= 0 and self._depth < self.limits.attached_depth
        if not has_room:
            self.warnings.append(ParseWarning(WarningCode.PARTS_LEFT_OUT))
        return has_room

    def _under(self, name: str, blocks: "list[Block] | Iterator[Block]") -> Iterator[Block]:
        label = clean_line(name)[:_LONGEST_NAME] or "?"
        yield Block(BlockKind.HEADING, label, 1, label)
        for block in blocks:
            yield replace(block, level=block.level + 1) if block.level else block
