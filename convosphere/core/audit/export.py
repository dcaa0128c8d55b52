"""The trail as a file, line by line, for other programs and for spreadsheets."""

import csv
import io
import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from enum import StrEnum

from convosphere.core.audit.actions import TRAIL_EXPORTED, ExportFacts, Fact
from convosphere.core.audit.schemas import Entry, EntryFilter
from convosphere.core.audit.service import list_entries
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work

_AT_ONCE = 500
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""What begins a formula in one spreadsheet or another (OWASP, CSV injection)."""


class ExportFormat(StrEnum):
    """How the entries are written."""

    CSV = "csv"
    JSONL = "jsonl"


async def export_entries(actor: Actor, wanted: EntryFilter, form: ExportFormat) -> AsyncIterator[bytes]:
    """The entries that a filter finds, the newest first; that they were taken out is kept in the trail before.

    Raises:
        ForbiddenError: as `list_entries`.
    """
    first = await list_entries(actor, wanted, most=_AT_ONCE)
    async with unit_of_work(actor) as uow:
        uow.record(TRAIL_EXPORTED, after=_facts(wanted, form))
    return _lines(actor, wanted, form, first.entries, first.next_cursor)


async def _lines(
    actor: Actor, wanted: EntryFilter, form: ExportFormat, entries: list[Entry], cursor: int | None
) -> AsyncIterator[bytes]:
    write = _WRITERS[form]
    if form is ExportFormat.CSV:
        # The mark tells spreadsheets that it is UTF-8.
        yield "\ufeff".encode() + _csv_line(_COLUMNS)
    while True:
        yield b"".join(write(entry) for entry in entries)
        if cursor is None:
            return
        page = await list_entries(actor, wanted, cursor, most=_AT_ONCE)
        entries, cursor = page.entries, page.next_cursor


_COLUMNS = (
    "number", "time", "person", "person_id", "really", "really_id", "session_id", "means", "address", "program",
    "action", "object_type", "object", "object_id", "outcome", "times", "before", "after",
)  # fmt: skip


def _values(entry: Entry) -> Iterator[Fact | Mapping[str, Fact]]:
    """In the order of `_COLUMNS`."""
    yield entry.sequence
    yield entry.occurred_at.isoformat(timespec="milliseconds")
    yield entry.account_name
    yield _text(entry.account_id)
    yield entry.real_name
    yield _text(entry.real_account_id)
    yield _text(entry.session_id)
    yield from (entry.means, entry.address, entry.user_agent, entry.action, entry.object_type, entry.label)
    yield _text(entry.object_id)
    yield from (entry.outcome, entry.times, entry.before, entry.after)


def _csv(entry: Entry) -> bytes:
    return _csv_line([_cell(value) for value in _values(entry)])


def _jsonl(entry: Entry) -> bytes:
    said = {**dict(zip(_COLUMNS, _values(entry), strict=True)), "seal": entry.hmac.hex()}
    return json.dumps(said, ensure_ascii=False).encode() + b"\n"


def _csv_line(cells: list[str] | tuple[str, ...]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode()


def _cell(value: Fact | Mapping[str, Fact]) -> str:
    """A value as a spreadsheet shows it, and never computes it."""
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, Mapping) else str(value)
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text


def _text(identifier: object) -> str | None:
    return None if identifier is None else str(identifier)


def _facts(wanted: EntryFilter, form: ExportFormat) -> ExportFacts:
    return ExportFacts(
        format=form,
        of_installation=wanted.of_installation,
        name=wanted.name,
        account=wanted.account_id,
        action=", ".join(sorted(wanted.actions or ())),
        object=wanted.object_id,
        label=wanted.label,
        outcome=wanted.outcome or "",
        since=wanted.since.isoformat() if wanted.since else "",
        until=wanted.until.isoformat() if wanted.until else "",
    )


_WRITERS: dict[ExportFormat, Callable[[Entry], bytes]] = {ExportFormat.CSV: _csv, ExportFormat.JSONL: _jsonl}
