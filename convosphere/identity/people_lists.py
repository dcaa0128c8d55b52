"""Reading lists of people to be invited, as spreadsheets write them: RFC 4180 and what is seen in the wild.

The columns are name, e-mail address, role and groups, in this order or as the first line names them. Several groups
stand in one field with `|` between them.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t

MOST_LINES: Final = 5_000
MOST_BYTES: Final = 2_000_000
LONGEST_FIELD: Final = 500
GROUP_SEPARATOR: Final = "|"

Column = Literal["name", "email", "role", "groups"]
COLUMNS: Final[tuple[Column, ...]] = ("name", "email", "role", "groups")
# What first lines call the columns, in both languages.
_TITLES: Final[dict[str, Column]] = {
    "name": "name", "full name": "name", "vollständiger name": "name",
    "email": "email", "e-mail": "email", "mail": "email", "e-mail address": "email", "email address": "email",
    "e-mail-adresse": "email", "emailadresse": "email",
    "role": "role", "rolle": "role",
    "group": "groups", "groups": "groups", "gruppe": "groups", "gruppen": "groups",
}  # fmt: skip
_FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class ListedPerson:
    """One line as it was written; `number` is where it begins in the list."""

    number: int
    name: str
    email: str
    role: str
    groups: tuple[str, ...]
    is_garbled: bool
    """Whether a quotation mark is left open, or a field is longer than any name."""


def read_people(data: bytes) -> list[ListedPerson]:
    """The people of a list, in its order; empty lines are left out.

    Raises:
        InvalidInputError: the list is too long, or holds no text.
    """
    if len(data) > MOST_BYTES:
        raise InvalidInputError(t("A list may have at most {count} lines.", count=MOST_LINES))
    text = _decoded(data)
    if "\0" in text:
        raise InvalidInputError(t("This is not a list in text form. Please save it as CSV."))
    lines = _lines(text)
    order = _order(next(lines, (0, [])))
    if order is None:
        lines, order = _lines(text), dict(zip(COLUMNS, range(len(COLUMNS)), strict=True))
    people: list[ListedPerson] = []
    for number, fields in lines:
        if len(people) == MOST_LINES:
            raise InvalidInputError(t("A list may have at most {count} lines.", count=MOST_LINES))
        people.append(_person(number, fields, order))
    return people


def write_table(rows: Sequence[Sequence[str]]) -> bytes:
    """Rows as CSV that spreadsheets open as text: what would begin a formula is led by an apostrophe (OWASP).

    With a byte order mark, by which they know UTF-8.
    """
    target = io.StringIO()
    csv.writer(target).writerows([_harmless(field) for field in row] for row in rows)
    return target.getvalue().encode("utf-8-sig")


def _harmless(field: str) -> str:
    return f"'{field}" if field.startswith(_FORMULA_SIGNS) else field


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Lines that hold something, with where each begins. An open quotation mark takes in all that follows it."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), skipinitialspace=True)
    begins = 1
    try:
        for fields in reader:
            if any(field.strip() for field in fields):
                yield begins, fields
            begins = reader.line_num + 1
    except csv.Error:  # A field beyond the module's limit of 131,072 signs.
        yield begins, ["\n"]


def _separator(text: str) -> str:
    """Which of the usual separators stands most often in the first line that holds something."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(";,\t", key=first.count)


def _order(first: tuple[int, list[str]]) -> dict[Column, int] | None:
    """Where each column stands, if a first line names them: one of them has to be the address."""
    order: dict[Column, int] = {}
    for place, field in enumerate(first[1]):
        title = _TITLES.get(field.strip().casefold())
        if title is not None and title not in order:
            order[title] = place
    return order if "email" in order else None


def _person(number: int, fields: Sequence[str], order: dict[Column, int]) -> ListedPerson:
    def field(column: Column) -> str:
        place = order.get(column)
        return fields[place].strip() if place is not None and place < len(fields) else ""

    is_garbled = any("\n" in part or "\r" in part or len(part) > LONGEST_FIELD for part in fields)
    groups = tuple(part.strip() for part in field("groups").split(GROUP_SEPARATOR) if part.strip())
    if is_garbled:
        return ListedPerson(number, _short(field("name")), _short(field("email")), "", (), is_garbled=True)
    return ListedPerson(number, field("name"), field("email"), field("role"), groups, is_garbled=False)


def _short(text: str) -> str:
    return " ".join(text.split())[:80]
