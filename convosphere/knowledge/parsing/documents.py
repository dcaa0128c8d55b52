"""From what a reader found to the finished document."""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import PurePath

from convosphere.knowledge.parsing.blocks import BlockKind, Draft, place
from convosphere.knowledge.parsing.cleaning import clean_line
from convosphere.knowledge.parsing.errors import NoTextError
from convosphere.knowledge.parsing.languages import document_language
from convosphere.knowledge.parsing.layout import layout_of
from convosphere.knowledge.parsing.passages import cut_passages
from convosphere.knowledge.parsing.properties import UNKNOWN_LANGUAGE, in_one_form, language_of
from convosphere.knowledge.parsing.schemas import Limits, Origin, ParsedDocument, ParseWarning, WarningCode
from convosphere.knowledge.parsing.table_heads import tables_without_head

_LONGEST_TITLE = 300
_LONGEST_METADATA = 500
_MOST_TABLES_TOLD = 3


def finish(draft: Draft, name: str, limits: Limits) -> ParsedDocument:
    """Join, cut and describe.

    Raises:
        NoTextError: there is nothing but white space.
    """
    text, placed, shortened = place(draft.blocks, limits.characters)
    if not text.strip():
        raise NoTextError
    metadata = dict(draft.metadata)
    language, language_from = _language(text, metadata.pop("language", ""))
    title, title_from = _title(draft, name)
    # Sheets are in groups, and warn by themselves.
    tables = () if draft.is_named_by_file else tables_without_head([item.block for item in placed])
    warnings = [*_few(chain(draft.warnings, tables)), *([ParseWarning(WarningCode.TEXT_LEFT_OUT)] if shortened else [])]
    return ParsedDocument(
        title=title,
        language=language,
        pages=draft.pages,
        text=text,
        passages=cut_passages(text, placed, language),
        warnings=tuple(dict.fromkeys(warnings)),
        metadata=in_one_form(
            {key: clean_line(value)[:_LONGEST_METADATA] for key, value in metadata.items() if value.strip()}
        ),
        origins={"title": title_from, "language": language_from},
        layout=layout_of(placed),
    )


def _few(warnings: Iterable[ParseWarning]) -> Iterator[ParseWarning]:
    """The warnings, but of tables without heads the first ones only."""
    tables = 0
    for warning in warnings:
        tables += warning.code is WarningCode.TABLE_WITHOUT_HEAD
        if warning.code is not WarningCode.TABLE_WITHOUT_HEAD or tables <= _MOST_TABLES_TOLD:
            yield warning


def _language(text: str, told: str) -> tuple[str, Origin]:
    """As the text is recognised; if it is too short for that, what the file says."""
    recognised = document_language(text)
    said = language_of(told) if recognised == UNKNOWN_LANGUAGE else ""
    return (said, Origin.FILE) if said else (recognised, Origin.TEXT)


def _title(draft: Draft, name: str) -> tuple[str, Origin]:
    """What the file says, else its first top heading, else its name."""
    are_titles = not draft.is_named_by_file
    headings = [block for block in draft.blocks if block.kind is BlockKind.HEADING and are_titles]
    top = min((block.level for block in headings), default=0)
    first = next((block.label for block in headings[:1] if block.level == top), "")
    stem = clean_line(PurePath(name.replace("\\", "/")).stem)
    choices = ((clean_line(draft.title), Origin.FILE), (clean_line(first), Origin.HEADING), (stem, Origin.NAME))
    title, origin = next((choice for choice in choices if choice[0]), ("", Origin.NAME))
    return title[:_LONGEST_TITLE], origin
