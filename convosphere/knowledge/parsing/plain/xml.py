"""XML: what stands between the tags, each with the name of its element. No entities, nothing fetched."""

from xml.parsers import expat

from convosphere.knowledge.parsing.blocks import Block, BlockKind, Draft
from convosphere.knowledge.parsing.cleaning import clean, clean_line
from convosphere.knowledge.parsing.decoding import read_bytes
from convosphere.knowledge.parsing.errors import NoTextError, TooComplexError
from convosphere.knowledge.parsing.plain.text import read_source, text_blocks
from convosphere.knowledge.parsing.schemas import Limits, ParseWarning, ReportProgress, WarningCode
from convosphere.knowledge.parsing.sources import Source

_RECORD_LEVEL = 2
"""Elements below the root are records: each begins a block."""


def read_xml(source: Source, limits: Limits, report: ReportProgress) -> Draft:
    """Read XML; what is not well-formed is read as text, with a warning.

    Raises:
        TooComplexError: it declares entities, or elements are nested beyond the limit.
        NoTextError: there is nothing but tags.
    """
    del report
    reader = _Reader(limits.depth)
    try:
        reader.parser.Parse(read_bytes(source, limits.characters), True)
    except expat.ExpatError:
        text, warnings = read_source(source, limits)
        warnings.append(ParseWarning(WarningCode.NOT_WELL_FORMED))
        return Draft(text_blocks(text), warnings=warnings, is_named_by_file=True)
    if not reader.blocks:
        raise NoTextError
    return Draft(reader.blocks, is_named_by_file=True)


class _Reader:
    """Collects a line for each stretch of text, "name: text", and one for the attributes of an element."""

    def __init__(self, deepest: int) -> None:
        self.blocks: list[Block] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._enter
        self.parser.EndElementHandler = self._leave
        self.parser.CharacterDataHandler = self._take
        self.parser.EntityDeclHandler = self._refuse
        self._deepest = deepest
        self._names: list[str] = []
        self._is_record_begun = False

    def _refuse(self, *_: object) -> None:
        raise TooComplexError

    def _enter(self, name: str, attributes: dict[str, str]) -> None:
        self._names.append(name.rpartition(":")[2])
        if len(self._names) > self._deepest:
            raise TooComplexError
        if len(self._names) == _RECORD_LEVEL:
            self._is_record_begun = False
        told = {key: value for key, value in attributes.items() if not key.startswith("xmlns") and value.strip()}
        if told:
            self._add(", ".join(f"{key.rpartition(':')[2]} = {clean_line(value)}" for key, value in told.items()))

    def _leave(self, _name: str) -> None:
        self._names.pop()

    def _take(self, text: str) -> None:
        if text.strip():
            self._add(clean(text).strip())

    def _add(self, text: str) -> None:
        self.blocks.append(Block(BlockKind.PARAGRAPH, f"{self._names[-1]}: {text}", tight=self._is_record_begun))
        self._is_record_begun = True
