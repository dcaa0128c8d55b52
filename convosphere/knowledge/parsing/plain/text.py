"""Plain text: paragraphs between empty lines, headings by underline or number, lists by their marks."""

import re
from collections.abc import Iterator

from convosphere.knowledge.parsing.blocks import Block, BlockKind, Draft
from convosphere.knowledge.parsing.cleaning import clean, has_hidden_characters
from convosphere.knowledge.parsing.decoding import decode, read_bytes
from convosphere.knowledge.parsing.schemas import Limits, ParseWarning, ReportProgress, WarningCode
from convosphere.knowledge.parsing.sources import Source

_PARAGRAPH = re.compile(r"\n(?:[ \t]*\n)+")
_ITEM = re.compile(r"\s*(?:[-*•–]|\d{1,3}[.)]|[a-zA-Z][.)])\s+\S")
_UNDERLINE = re.compile(r"(=|-|~|\*){3,}$")
_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+[A-ZÄÖÜ]")
_LONGEST_HEADING = 100


def read_source(source: Source, limits: Limits) -> tuple[str, list[ParseWarning]]:
    """The cleaned text of a file and what is to be said about it."""
    raw, guessed = decode(read_bytes(source, limits.characters))
    codes = ([guessed] if guessed else []) + (
        [WarningCode.HIDDEN_CHARACTERS_REMOVED] if has_hidden_characters(raw) else []
    )
    return clean(raw), [ParseWarning(code) for code in codes]


def read_text(source: Source, limits: Limits, report: ReportProgress) -> Draft:
    """Read a text file."""
    del report  # Read in one go.
    text, warnings = read_source(source, limits)
    return Draft(text_blocks(text), warnings=warnings)


def text_blocks(text: str) -> list[Block]:
    """The blocks of a cleaned text."""
    return [block for paragraph in _PARAGRAPH.split(text) for block in _blocks(paragraph.strip("\n"))]


def _blocks(paragraph: str) -> Iterator[Block]:
    if not paragraph.strip():
        return
    lines = paragraph.split("\n")
    if heading := _heading(lines):
        yield heading
        lines = lines[2:]
        paragraph = "\n".join(lines)
    if not paragraph.strip():
        return
    if sum(1 for line in lines if _ITEM.match(line)) >= 2 or _ITEM.match(lines[0]):
        yield from _items(lines)
    else:
        yield Block(BlockKind.PARAGRAPH, paragraph)


def _heading(lines: list[str]) -> Block | None:
    """A heading: an underlined line, or a numbered one that stands alone."""
    first = lines[0].strip()
    if not first or len(first) > _LONGEST_HEADING:
        return None
    if len(lines) > 1 and _UNDERLINE.match(lines[1].strip()):
        level = 1 if lines[1].strip().startswith("=") else 2
        return Block(BlockKind.HEADING, "\n".join(lines[:2]), level, first)
    number = _NUMBERED.match(first)
    if len(lines) == 1 and number and not first.endswith((".", ",", ";", ":")):
        return Block(BlockKind.HEADING, lines[0], number.group(1).count(".") + 1, first)
    return None


def _items(lines: list[str]) -> Iterator[Block]:
    """One block for each list item with its further lines, and one for a lead-in."""
    current: list[str] = []
    tight = False
    for line in lines:
        if _ITEM.match(line) and current:
            yield _item("\n".join(current), tight=tight)
            current, tight = [], True
        current.append(line)
    yield _item("\n".join(current), tight=tight)


def _item(text: str, *, tight: bool) -> Block:
    return Block(BlockKind.LIST_ITEM if _ITEM.match(text) else BlockKind.PARAGRAPH, text, tight=tight)
