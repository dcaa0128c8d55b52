"""Excel workbooks, row by row, so that a sheet of a million rows needs no more memory than one of a hundred.

Formulas are never worked out: what Excel found for them is read.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from convosphere.knowledge.parsing.archives import check_archive
from convosphere.knowledge.parsing.blocks import Block, Draft
from convosphere.knowledge.parsing.errors import DamagedFileError
from convosphere.knowledge.parsing.packages import office_properties
from convosphere.knowledge.parsing.schemas import Limits, ParseWarning, Progress, ReportProgress, WarningCode
from convosphere.knowledge.parsing.sources import Source
from convosphere.knowledge.parsing.tables import Row, row_of, table_blocks

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

_BETWEEN_REPORTS = 1_000


def read_xlsx(source: Source, limits: Limits, report: ReportProgress) -> Draft:
    """Read a workbook: each sheet that is shown, under its name.

    Raises:
        TooComplexError, EncryptedFileError, DamagedFileError: as they say.
    """
    check_archive(source, limits)
    try:
        book = openpyxl.load_workbook(source.open(), read_only=True, data_only=True, keep_links=False)
    except (KeyError, ValueError, InvalidFileException):
        raise DamagedFileError from None
    warnings: list[ParseWarning] = []
    blocks = list(_blocks(book, _Allowance(limits), warnings, report))
    # By the file's own word: openpyxl would say that what tells no day was made now.
    metadata = office_properties(source)
    metadata.pop("pages", None)
    return Draft(blocks, metadata.pop("title", ""), warnings=warnings, metadata=metadata, is_named_by_file=True)


class _Allowance:
    """How many rows and characters may still be read."""

    def __init__(self, limits: Limits) -> None:
        self.rows, self.characters = limits.rows, limits.characters

    def takes(self, row: Row) -> bool:
        """Whether there is room for one more."""
        self.rows -= 1
        self.characters -= len(row.text)
        return self.rows >= 0 and self.characters >= 0


def _blocks(
    book: "Workbook", allowance: _Allowance, warnings: list[ParseWarning], report: ReportProgress
) -> Iterator[Block]:
    for number, sheet in enumerate(book.worksheets, start=1):
        if sheet.sheet_state != "visible":
            warnings.append(ParseWarning(WarningCode.SHEET_HIDDEN, part=sheet.title))
            continue
        sheet.reset_dimensions()  # They are hearsay: a file may claim a million columns.
        yield from table_blocks(_rows(sheet, allowance, warnings, report), warnings, sheet.title)
        report(Progress(number, len(book.worksheets)))


def _rows(
    sheet: "ReadOnlyWorksheet", allowance: _Allowance, warnings: list[ParseWarning], report: ReportProgress
) -> Iterator[Row]:
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if number % _BETWEEN_REPORTS == 0:
            report(Progress(0, 0))
        row = row_of(number, cell_texts(cells))
        if row is None:
            continue
        if not allowance.takes(row):
            warnings.append(ParseWarning(WarningCode.ROWS_LEFT_OUT, number, sheet.title))
            return
        yield row


def cell_texts(cells: "Iterable[Cell | MergedCell]") -> Iterator[str]:
    """What the cells of a row show."""
    for cell in cells:
        value = cell.value
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield _number(value, cell.number_format or "")
        else:
            yield _text(value)


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case datetime() | date() | time() | timedelta():
            return _date(value)
        case _:
            return str(value)


def _number(value: float, pattern: str) -> str:
    """As many figures as Excel keeps; what is shown in percent is read in percent."""
    return f"{value * 100:.12g} %" if "%" in pattern else f"{value:.15g}"


def _date(value: datetime | date | time | timedelta) -> str:
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes").removesuffix(" 00:00")
    return str(value)
