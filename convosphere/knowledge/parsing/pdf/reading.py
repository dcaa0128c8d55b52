"""Reads a PDF by pdfium: text and places only, no picture is decoded, no script run, no form filled."""

from collections.abc import Callable
from itertools import islice

import pypdfium2 as pdfium
import pypdfium2.raw as api

from convosphere.knowledge.parsing.blocks import Block, Draft
from convosphere.knowledge.parsing.errors import DamagedFileError, EncryptedFileError, NoTextError
from convosphere.knowledge.parsing.pdf.furniture import without_furniture
from convosphere.knowledge.parsing.pdf.headings import Outline, heading_rule, outline_key
from convosphere.knowledge.parsing.pdf.layout import blocks_of
from convosphere.knowledge.parsing.pdf.lines import Line, page_lines
from convosphere.knowledge.parsing.schemas import Limits, ParseWarning, Progress, ReportProgress, WarningCode
from convosphere.knowledge.parsing.sources import Source

_FIELDS = {
    "Title": "title",
    "Author": "author",
    "Subject": "subject",
    "Keywords": "keywords",
    "CreationDate": "created",
    "ModDate": "modified",
}
_MEANINGLESS = {"(unspecified)", "untitled", "(anonymous)", "anonymous"}
"""Titles that are none; of authors, `properties` knows."""
_MOST_BOOKMARKS = 5_000
_LEAST_LETTERS = 3
_TAIL = 65_536
"""The end of a PDF stands within so many bytes of the end of the file; mail programs and signers append to it."""


See = Callable[[pdfium.PdfPage, int], list[Block]]
"""What stands in the picture that a page is, given with its number."""


def read_pdf(source: Source, limits: Limits, report: ReportProgress) -> Draft:
    """Read the text of a PDF; see `read_pages`."""
    return read_pages(source, limits, report, None)


def read_pages(source: Source, limits: Limits, report: ReportProgress, see: See | None) -> Draft:
    """Read a PDF; pages without text by `see`, if there is one.

    Raises:
        EncryptedFileError, DamagedFileError: as they say.
        NoTextError: no page has text.
    """
    with _open(source) as document:
        pages = len(document)
        if not pages:
            raise DamagedFileError
        warnings: list[ParseWarning] = []
        lines, empty = _lines(document, limits, report, warnings)
        seen = _seen(document, empty, see, warnings) if see else []
        if not lines and not seen:
            raise NoTextError(picture="yes") if see else NoTextError(scan="yes")
        lines = without_furniture(lines) or lines
        rule = heading_rule(lines, _outline(document))
        metadata = _metadata(document)
    blocks = sorted([*blocks_of(lines, rule), *seen], key=lambda block: block.page or 0)
    return Draft(blocks, metadata.pop("title", ""), pages, warnings, metadata)


def _seen(document: pdfium.PdfDocument, empty: list[int], see: See, warnings: list[ParseWarning]) -> list[Block]:
    """What stands on pages without text, as long as there is time."""
    blocks: list[Block] = []
    for number in empty:
        page = document[number - 1]
        try:
            found = see(page, number)
        except TimeoutError:
            warnings.append(ParseWarning(WarningCode.RECOGNITION_STOPPED, number))
            break
        finally:
            page.close()
        if found:
            warnings.remove(ParseWarning(WarningCode.PAGE_WITHOUT_TEXT, number))
            warnings.append(ParseWarning(WarningCode.TEXT_RECOGNISED, number))
            blocks += found
    return blocks


def _open(source: Source) -> pdfium.PdfDocument:
    # pdfium would mend a file that is cut off and read its first pages as if they were all.
    with source.open() as file:
        file.seek(max(0, source.size - _TAIL))
        if b"%%EOF" not in file.read():
            raise DamagedFileError
    try:
        return pdfium.PdfDocument(source.origin)
    except pdfium.PdfiumError as error:
        if error.err_code in {api.FPDF_ERR_PASSWORD, api.FPDF_ERR_SECURITY}:
            raise EncryptedFileError from None
        raise DamagedFileError from None


def _lines(
    document: pdfium.PdfDocument, limits: Limits, report: ReportProgress, warnings: list[ParseWarning]
) -> tuple[list[Line], list[int]]:
    """All lines, page by page, with a warning for each page that gives none; and the numbers of those."""
    lines: list[Line] = []
    total = min(len(document), limits.pages)
    length = 0
    for number in range(1, total + 1):
        found = _page(document, number, warnings)
        lines += found
        length += sum(len(line.text) for line in found)
        report(Progress(number, total))
        if length > limits.characters:
            break
    if total < len(document):
        warnings.append(ParseWarning(WarningCode.PAGES_LEFT_OUT, total + 1))
    empty = [told.page for told in warnings if told.code is WarningCode.PAGE_WITHOUT_TEXT and told.page]
    return lines, empty


def _page(document: pdfium.PdfDocument, number: int, warnings: list[ParseWarning]) -> list[Line]:
    try:
        page = document[number - 1]
    except pdfium.PdfiumError:
        warnings.append(ParseWarning(WarningCode.PAGE_DAMAGED, number))
        return []
    try:
        found = list(page_lines(page, number))
    except pdfium.PdfiumError:
        warnings.append(ParseWarning(WarningCode.PAGE_DAMAGED, number))
        return []
    finally:
        page.close()
    if sum(len(line.text) for line in found) < _LEAST_LETTERS:
        warnings.append(ParseWarning(WarningCode.PAGE_WITHOUT_TEXT, number))
    return found


def _outline(document: pdfium.PdfDocument) -> Outline:
    """Bookmarks by title. Titles that occur at several levels say nothing."""
    levels: dict[str, set[int]] = {}
    for bookmark in islice(document.get_toc(), _MOST_BOOKMARKS):
        if key := outline_key(bookmark.get_title() or ""):
            levels.setdefault(key, set()).add(bookmark.level + 1)
    return {key: found.pop() for key, found in levels.items() if len(found) == 1}


def _metadata(document: pdfium.PdfDocument) -> dict[str, str]:
    values = document.get_metadata_dict(skip_empty=True)
    found = {_FIELDS[key]: value for key, value in values.items() if key in _FIELDS}
    return {key: value for key, value in found.items() if value.strip().lower() not in _MEANINGLESS}
