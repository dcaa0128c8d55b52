"""From what a reader found to the finished document."""

from pathlib import PurePath

from convosphere.knowledge.parsing.blocks import BlockKind, Draft, place
from convosphere.knowledge.parsing.cleaning import clean_line
from convosphere.knowledge.parsing.errors import NoTextError
from convosphere.knowledge.parsing.languages import document_language
from convosphere.knowledge.parsing.passages import cut_passages
from convosphere.knowledge.parsing.schemas import Limits, ParsedDocument, ParseWarning, WarningCode

_LONGEST_TITLE = 300
_LONGEST_METADATA = 500


def finish(draft: Draft, name: str, limits: Limits) -> ParsedDocument:
    """Join, cut and describe.

    Raises:
        NoTextError: there is nothing but white space.
    """
    text, placed, shortened = place(draft.blocks, limits.characters)
    if not text.strip():
        raise NoTextError
    language = document_language(text)
    warnings = [*draft.warnings, *([ParseWarning(WarningCode.TEXT_LEFT_OUT)] if shortened else [])]
    return ParsedDocument(
        title=_title(draft, name),
        language=language,
        pages=draft.pages,
        text=text,
        passages=cut_passages(text, placed, language),
        warnings=tuple(dict.fromkeys(warnings)),
        metadata={key: clean_line(value)[:_LONGEST_METADATA] for key, value in draft.metadata.items() if value.strip()},
    )


def _title(draft: Draft, name: str) -> str:
    """What the file says, else its first top heading, else its name."""
    are_titles = not draft.is_named_by_file
    headings = [block for block in draft.blocks if block.kind is BlockKind.HEADING and are_titles]
    top = min((block.level for block in headings), default=0)
    first = next((block.label for block in headings[:1] if block.level == top), "")
    stem = clean_line(PurePath(name.replace("\\", "/")).stem)
    return (clean_line(draft.title) or clean_line(first) or stem)[:_LONGEST_TITLE]
