"""Excel: each sheet that is shown as a table, as far as a page can take it."""

from itertools import islice
from typing import TYPE_CHECKING

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from convosphere.knowledge.parsing.archives import check_archive
from convosphere.knowledge.parsing.errors import DamagedFileError
from convosphere.knowledge.parsing.office.sheets import cell_texts
from convosphere.knowledge.parsing.schemas import Limits
from convosphere.knowledge.parsing.sources import Source
from convosphere.knowledge.previews.office.html import page_of
from convosphere.knowledge.previews.office.tables import MOST_COLUMNS, MOST_ROWS, MOST_SHEETS, sheet_table

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet


def xlsx_page(source: Source, _number: int) -> bytes:
    """A workbook as a page.

    Raises:
        TooComplexError, EncryptedFileError, DamagedFileError: as they say.
    """
    check_archive(source, Limits())
    try:
        book = openpyxl.load_workbook(source.open(), read_only=True, data_only=True, keep_links=False)
    except (KeyError, ValueError, InvalidFileException):
        raise DamagedFileError from None
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    return page_of("".join(_sheet(sheet) for sheet in shown[:MOST_SHEETS]))


def _sheet(sheet: "ReadOnlyWorksheet") -> str:
    sheet.reset_dimensions()
    rows = [tuple(islice(cell_texts(cells), MOST_COLUMNS)) for cells in islice(sheet.iter_rows(), MOST_ROWS + 1)]
    return sheet_table(sheet.title, rows)
