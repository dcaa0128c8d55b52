"""A sheet as a table, as far as a page can take it."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from convosphere.knowledge.parsing.tables import column_name, is_number
from convosphere.knowledge.previews.office.html import words

MOST_SHEETS: Final = 30
MOST_ROWS: Final = 1_000
MOST_COLUMNS: Final = 60
_MORE: Final = "…"


def sheet_table(title: str, rows: list[tuple[str, ...]]) -> str:
    """A sheet under its name. Of `rows`, from the first of the sheet on, what a page does not take is left out."""
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((len(row) for row in rows), default=0)
    heads = "".join(f'<th scope="col">{column_name(number)}</th>' for number in range(1, width + 1))
    body = "".join(_row(number, row) for number, row in enumerate(rows[:MOST_ROWS], start=1))
    more = f"<p>{_MORE}</p>" if len(rows) > MOST_ROWS else ""
    table = f"<table><thead><tr><th></th>{heads}</tr></thead><tbody>{body}</tbody></table>" if rows else ""
    return f'<h2>{escape(title)}</h2><div class="sheet">{table}{more}</div>'


def _row(number: int, cells: Sequence[str]) -> str:
    return f'<tr><th scope="row">{number}</th>{"".join(_cells(cells))}</tr>'


def _cells(cells: Sequence[str]) -> Iterator[str]:
    for cell in cells:
        yield f'<td class="number">{escape(cell)}</td>' if is_number(cell) else f"<td>{words(cell)}</td>"
