"""Passages of a document: its text as it is cut, each stretch with its language."""

from convosphere.knowledge.parsing.blocks import PlacedBlock
from convosphere.knowledge.parsing.cutting import cut_text
from convosphere.knowledge.parsing.languages import passage_language
from convosphere.knowledge.parsing.schemas import DEFAULT_CHUNKING, Chunking, ParsedPassage


def cut_passages(
    text: str, placed: list[PlacedBlock], language: str, chunking: Chunking = DEFAULT_CHUNKING
) -> tuple[ParsedPassage, ...]:
    """Passages of a text in order; `text[start:end]` is each one's text, and what none covers is white space."""
    passages: list[ParsedPassage] = []
    for number, cut in enumerate(cut_text(text, placed, chunking), start=1):
        piece = text[cut.start : cut.end]
        spoken = passage_language(piece, language)
        passages.append(ParsedPassage(number, piece, cut.start, cut.end, cut.page, cut.heading, spoken))
    return tuple(passages)
