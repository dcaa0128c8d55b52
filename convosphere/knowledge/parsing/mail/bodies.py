"""The head and the body of an e-mail as blocks."""

from collections.abc import Iterator, Mapping

from convosphere.knowledge.parsing.blocks import Block, BlockKind
from convosphere.knowledge.parsing.cleaning import clean, clean_line
from convosphere.knowledge.parsing.errors import ParseError
from convosphere.knowledge.parsing.markup.html import read_html
from convosphere.knowledge.parsing.plain.text import text_blocks
from convosphere.knowledge.parsing.schemas import Limits
from convosphere.knowledge.parsing.sources import Source

_LONGEST_FIELD = 500


def head_blocks(fields: Mapping[str, str]) -> Iterator[Block]:
    """A line for each field that says something."""
    told = {name: clean_line(value)[:_LONGEST_FIELD] for name, value in fields.items()}
    for number, (name, value) in enumerate((name, value) for name, value in told.items() if value):
        yield Block(BlockKind.PARAGRAPH, f"{name}: {value}", tight=number > 0)


def body_blocks(text: str, markup: str, limits: Limits) -> list[Block]:
    """The body as text, or, where there is none, as the page that was sent."""
    if text.strip() or not markup.strip():
        return text_blocks(clean(text[: limits.characters]))
    try:
        return read_html(Source(markup[: limits.characters].encode(errors="replace")), limits, lambda _: None).blocks
    except ParseError:
        return []
