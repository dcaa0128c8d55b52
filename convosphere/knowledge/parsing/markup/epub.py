"""Electronic books: their chapters in reading order."""

from zipfile import ZipFile

from convosphere.knowledge.parsing.archives import check_archive
from convosphere.knowledge.parsing.blocks import Block, Draft
from convosphere.knowledge.parsing.errors import NoTextError
from convosphere.knowledge.parsing.markup.books import book_of
from convosphere.knowledge.parsing.markup.html import read_html
from convosphere.knowledge.parsing.schemas import Limits, ParseWarning, Progress, ReportProgress
from convosphere.knowledge.parsing.sources import Source


def read_epub(source: Source, limits: Limits, report: ReportProgress) -> Draft:
    """Read a book.

    Raises:
        EncryptedFileError: copy protection locks it.
        TooComplexError, DamagedFileError: as they say.
    """
    check_archive(source, limits)
    warnings: list[ParseWarning] = []
    blocks: list[Block] = []
    with source.open() as packed, ZipFile(packed) as archive:
        book = book_of(archive)
        for number, name in enumerate(book.chapters, start=1):
            blocks += _chapter(archive.read(name), limits, warnings)
            report(Progress(number, len(book.chapters)))
    return Draft(blocks, book.metadata.pop("title", ""), warnings=warnings, metadata=book.metadata)


def _chapter(data: bytes, limits: Limits, warnings: list[ParseWarning]) -> list[Block]:
    """A chapter; one without a word, such as a cover, is none."""
    try:
        draft = read_html(Source(data), limits, lambda _: None)
    except NoTextError:
        return []
    warnings += draft.warnings
    return draft.blocks
