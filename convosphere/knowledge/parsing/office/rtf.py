"""Rich Text Format: its text; pictures and embedded objects are dropped, not opened."""

import re

from striprtf.striprtf import rtf_to_text

from convosphere.knowledge.parsing.blocks import Block, BlockKind, Draft
from convosphere.knowledge.parsing.cleaning import clean, clean_line, has_hidden_characters
from convosphere.knowledge.parsing.decoding import read_bytes
from convosphere.knowledge.parsing.plain.text import text_blocks
from convosphere.knowledge.parsing.schemas import Limits, ParseWarning, ReportProgress, WarningCode
from convosphere.knowledge.parsing.sources import Source
from convosphere.knowledge.parsing.tables import SEPARATOR

# Pictures and objects are hexadecimal digits by the megabyte.
_DIGITS = re.compile(r"[0-9a-fA-F\r\n]{2000,}")
_FIELD = re.compile(r"\{\\(title|author|subject|keywords) ((?:[^{}\\]|\\'[0-9a-fA-F]{2}|\\u-?\d+ ?\??)*)\}")

_TIME = re.compile(r"\{\\(creatim|revtim)\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")
_TIMES = {"creatim": "created", "revtim": "modified"}


def read_rtf(source: Source, limits: Limits, report: ReportProgress) -> Draft:
    """Read RTF; a row of a table is a line of cells."""
    del report
    markup = _DIGITS.sub("", read_bytes(source, limits.characters).decode("latin-1"))
    raw = rtf_to_text(markup, errors="replace")
    metadata = {name: clean_line(rtf_to_text(rf"{{\rtf1\ansi {value}}}")) for name, value in _FIELD.findall(markup)}
    metadata |= {_TIMES[name]: f"{year}-{month:0>2}-{day:0>2}" for name, year, month, day in _TIME.findall(markup)}
    blocks = [block for line in clean(raw).split("\n") for block in _blocks(line)]
    hidden = [ParseWarning(WarningCode.HIDDEN_CHARACTERS_REMOVED)] if has_hidden_characters(raw) else []
    return Draft(blocks, metadata.pop("title", ""), warnings=hidden, metadata=metadata)


def _blocks(line: str) -> list[Block]:
    """Each line is a paragraph."""
    if "|" in line and line.strip("| "):
        cells = SEPARATOR.join(clean_line(cell) for cell in line.strip().strip("|").split("|"))
        return [Block(BlockKind.TABLE_ROW, cells, tight=True)]
    return text_blocks(line)
