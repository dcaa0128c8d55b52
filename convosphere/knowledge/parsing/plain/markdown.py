"""Markdown: its source is the text, since models and pages read it as it is; its structure tells where to cut."""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from convosphere.knowledge.parsing.blocks import Block, BlockKind, Draft
from convosphere.knowledge.parsing.plain.text import read_source
from convosphere.knowledge.parsing.schemas import Limits, ReportProgress
from convosphere.knowledge.parsing.sources import Source

_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n(?:---|\.\.\.)\n", re.DOTALL)
_FIELD = re.compile(r"^([A-Za-z][\w -]{0,40}):[ \t]+(\S.*)$", re.MULTILINE)
_NAMES = {"date": "created", "updated": "modified", "lastmod": "modified", "lang": "language", "description": "subject"}
"""What generators of pages call in front matter what all other files call otherwise."""
_COMMENT = re.compile(r"\s*<!--.*?-->\s*", re.DOTALL)
_CLOSING = re.compile(r"\s+#+\s*$|\s*\{#[^}]*\}\s*$")
_LONGEST_LABEL = 1_000
"""Characters of a heading that are looked through for its text."""
_CODE = {"fence", "code_block"}
_LISTS = {"bullet_list_open", "ordered_list_open"}
_parser = MarkdownIt("commonmark").enable("table").disable(["inline", "text_join"])
_inline_parser = MarkdownIt("commonmark")


def read_markdown(file: Source, limits: Limits, report: ReportProgress) -> Draft:
    """Read a Markdown file; front matter becomes metadata."""
    del report  # Read in one go.
    source, warnings = read_source(file, limits)
    metadata: dict[str, str] = {}
    if front := _FRONT_MATTER.match(source):
        fields: dict[str, str] = {key.lower(): value.strip("\"' ") for key, value in _FIELD.findall(front.group(1))}
        metadata = {_NAMES.get(key, key): value for key, value in fields.items()}
        source = source[front.end() :]
    return Draft(list(markdown_blocks(source)), metadata.pop("title", ""), warnings=warnings, metadata=metadata)


def markdown_blocks(source: str) -> Iterator[Block]:
    """The blocks of a Markdown source in order; what the grammar swallows, such as link targets, is a paragraph."""
    lines = source.split("\n")
    done = 0
    for token in _spans(_parser.parse(source)):
        start, end = _extent(token, lines)
        if start < done:
            continue
        yield from _paragraph(lines, done, start)
        yield from _block(token, lines, start, end)
        done = end
    yield from _paragraph(lines, done, len(lines))


def _spans(tokens: Sequence[Token]) -> Iterator[Token]:
    """Tokens that become blocks: the outermost ones, but list items for lists and rows for tables."""
    for token in tokens:
        if token.map is None or token.nesting < 0 or token.type in _LISTS or token.type in {"table_open", "inline"}:
            continue
        if token.level == 0 or token.type in {"list_item_open", "tr_open"}:
            yield token


def _extent(token: Token, lines: list[str]) -> tuple[int, int]:
    """First line and the line after the last; the rule under a table's head belongs to the head."""
    start, end = token.map or (0, 0)
    under_head = token.type == "tr_open" and end < len(lines) and "-" in lines[end]
    return start, end + 1 if under_head and set(lines[end].strip()) <= set("|-: ") else end


def _block(token: Token, lines: list[str], start: int, end: int) -> Iterator[Block]:
    if token.type == "heading_open":
        text = _source(lines, start, end)
        if label := _label(text):
            yield Block(BlockKind.HEADING, text, int(token.tag[1:]), label)
        else:  # An anchor or a picture that names nothing.
            yield from _paragraph(lines, start, end)
    elif token.type == "tr_open":
        yield from _kind(BlockKind.TABLE_ROW, lines, start, end, tight=end == start + 1)
    elif token.type == "list_item_open":
        yield from _kind(BlockKind.LIST_ITEM, lines, start, end, tight=start > 0 and bool(lines[start - 1].strip()))
    elif token.type in _CODE:
        yield from _kind(BlockKind.CODE, lines, start, end)
    elif token.type != "hr":
        yield from _paragraph(lines, start, end)


def _label(heading: str) -> str:
    """The text of a heading alone: no marks, no elements of HTML; of pictures what they are called."""
    source = _CLOSING.sub("", heading.split("\n", maxsplit=1)[0].strip()[:_LONGEST_LABEL].lstrip("#"))
    (inline,) = _inline_parser.parseInline(source)
    told = (each.content for each in inline.children or () if each.type != "html_inline")
    return " ".join("".join(told).split())


def _paragraph(lines: list[str], start: int, end: int) -> Iterator[Block]:
    yield from _kind(BlockKind.PARAGRAPH, lines, start, end)


def _kind(kind: BlockKind, lines: list[str], start: int, end: int, *, tight: bool = False) -> Iterator[Block]:
    text = _COMMENT.sub("", _source(lines, start, end)) if kind is BlockKind.PARAGRAPH else _source(lines, start, end)
    if text.strip():
        yield Block(kind, text, tight=tight)


def _source(lines: list[str], start: int, end: int) -> str:
    return "\n".join(lines[start:end]).strip("\n").rstrip()
