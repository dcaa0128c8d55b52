"""Excel: each sheet that is shown as a table, as far as a page can take it."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import islice
from typing import TYPE_CHECKING, Final

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from convosphere.knowledge.parsing.archives import check_archive
from convosphere.knowledge.parsing.errors import DamagedFileError
from convosphere.knowledge.parsing.office.sheets import cell_texts
from convosphere.knowledge.parsing.schemas import Limits
from convosphere.knowledge.parsing.sources import Source
from convosphere.knowledge.parsing.tables import column_name, is_number
from convosphere.knowledge.previews.office.html import page_of, words

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

_MOST_SHEETS: Final = 30
_MOST_ROWS: Final = 1_000
_MOST_COLUMNS: Final = 60
_MORE: Final = "…"


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
    return page_of("".join(_sheet(sheet) for sheet in shown[:_MOST_SHEETS]))


def _sheet(sheet: "ReadOnlyWorksheet") -> str:
    sheet.reset_dimensions()
    rows = [tuple(islice(cell_texts(cells), _MOST_COLUMNS)) for cells in islice(sheet.iter_rows(), _MOST_ROWS + 1)]
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((len(row) for row in rows), default=0)
    heads = "".join(f'<th scope="col">{column_name(number)}</th>' for number in range(1, width + 1))
    body = "".join(_row(number, row) for number, row in enumerate(rows[:_MOST_ROWS], start=1))
    more = f"<p>{_MORE}</p>" if len(rows) > _MOST_ROWS else ""
    table = f"<table><thead><tr><th></th>{heads}</tr></thead><tbody>{body}</tbody></table>" if rows else ""
    return f'<h2>{escape(sheet.title)}</h2><div class="sheet">{table}{more}</div>'


def _row(number: int, cells: Sequence[str]) -> str:
    return f'<tr><th scope="row">{number}</th>{"".join(_cells(cells))}</tr>'


def _cells(cells: Sequence[str]) -> Iterator[str]:
    for cell in cells:
        yield f'<td class="number">{escape(cell)}</td>' if is_number(cell) else f"<td>{words(cell)}</td>"
