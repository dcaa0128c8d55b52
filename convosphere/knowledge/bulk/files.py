"""Files of many documents as one ZIP, and what is known of them as a table: both made while they are sent.

Documents are taken batch by batch, and who may see each is asked anew as its turn comes.
"""

import asyncio
import csv
import io
import zipfile
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import anyio

from convosphere.core.audit.actions import DOCUMENT_DOWNLOADED, DOCUMENTS_EXPORTED
from convosphere.core.audit.document_facts import BulkFacts
from convosphere.core.authorization import require
from convosphere.core.errors import ConflictError
from convosphere.core.i18n import t
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.files import service as files
from convosphere.knowledge.bulk import queries
from convosphere.knowledge.bulk.models import BulkItem, BulkJob, BulkState, Outcome
from convosphere.knowledge.bulk.names import Names
from convosphere.knowledge.bulk.queries import TakenRow
from convosphere.knowledge.bulk.schemas import Verdict
from convosphere.knowledge.bulk.service import bulk_topic, get_action

_AT_ONCE = 100
_CHUNK = 256 * 1024
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""What begins a formula in one spreadsheet or another (OWASP, CSV injection)."""
_COLUMNS = (
    "id", "name", "folder", "tags", "status", "type", "bytes", "pages", "language", "title", "author", "dated_on",
    "characters", "version", "sha256", "owner", "review_on", "reviewed_on", "created_at", "updated_at",
)  # fmt: skip


@dataclass(frozen=True)
class BulkFile:
    """A file that is made while it is sent."""

    name: str
    media_type: str
    chunks: AsyncIterator[bytes]


async def open_file(actor: Actor, job_id: UUID) -> BulkFile:
    """The file that a job of the actor's ends in.

    Raises:
        BulkJobNotFoundError: the actor has no such job.
        ConflictError: it ends in none, or was cancelled.
    """
    async with unit_of_work(actor) as uow:
        job = await queries.get_job(uow, job_id, lock=True)
        action = get_action(job.action)
        require(actor, action.permission)
        if not action.is_streamed or job.state == BulkState.CANCELLED:
            raise ConflictError(t("There is no file here, or it was cancelled."))
        job.state, job.done, job.failed, job.ended_at = BulkState.RUNNING, 0, 0, None
        await uow.publish(bulk_topic(job.account_id))
    day = utc_now().date().isoformat()
    if job.action == "download":
        return BulkFile(f"documents-{day}.zip", "application/zip", _closing(actor, job_id, _zip(actor, job_id)))
    return BulkFile(f"documents-{day}.csv", "text/csv; charset=utf-8", _closing(actor, job_id, _csv(actor, job_id)))


async def _closing(actor: Actor, job_id: UUID, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same; whoever leaves before the end leaves a job that says so."""
    state = BulkState.CANCELLED
    try:
        async for chunk in chunks:
            yield chunk
        state = BulkState.DONE
    finally:
        with anyio.CancelScope(shield=True):
            await _close(actor, job_id, state)


async def _close(actor: Actor, job_id: UUID, state: BulkState) -> None:
    async with unit_of_work(actor) as uow:
        job = await queries.get_job(uow, job_id, lock=True)
        if job.state == BulkState.RUNNING:
            job.state, job.ended_at = state, utc_now()
        facts = BulkFacts(act=job.action, total=job.total, done=job.done - job.failed)
        uow.record(DOCUMENTS_EXPORTED, job.id, after=facts)
        await uow.publish(bulk_topic(job.account_id))


async def _taken(actor: Actor, job_id: UUID, *, with_files: bool) -> AsyncIterator[list[TakenRow]]:
    """What the actor may see of a job's documents at that moment, batch by batch; a cancelled job ends."""
    after = 0
    while True:
        async with unit_of_work(actor) as uow:
            job = await queries.get_job(uow, job_id, lock=True)
            items = await queries.next_items(uow, job_id, _AT_ONCE, after) if job.state == BulkState.RUNNING else []
            if not items:
                break
            level = get_action(job.action).level
            rows = await queries.list_taken(uow, [item.document_id for item in items], level)
            if with_files:
                rows = _record(uow, rows)
            seen = await queries.list_seen(uow, [item.document_id for item in items], "listed")
            await _note(uow, job, items, rows, seen)
        after = items[-1].number
        yield rows
    if job.state == BulkState.CANCELLED:
        raise ConflictError(t("There is no file here, or it was cancelled."))


def _record(uow: UnitOfWork, rows: Sequence[TakenRow]) -> list[TakenRow]:
    """Those whose file is there, each kept in the trail."""
    there = [row for row in rows if files.path_of(uow.workspace_id, row.sha256).is_file()]
    for row in there:
        uow.record(DOCUMENT_DOWNLOADED, row.id, label=row.name)
    return there


async def _note(
    uow: UnitOfWork, job: BulkJob, items: Sequence[BulkItem], rows: Sequence[TakenRow], seen: set[UUID]
) -> None:
    taken = {row.id for row in rows}
    verdicts = {item.number: Verdict(Outcome.DONE) for item in items if item.document_id in taken}
    for item in items:
        if item.number not in verdicts:
            verdicts[item.number] = Verdict(Outcome.REFUSED if item.document_id in seen else Outcome.GONE)
    await queries.set_outcomes(uow, job.id, verdicts)
    job.done += len(items)
    job.failed += len(items) - len(taken)
    await uow.publish(bulk_topic(job.account_id))


class _Sink(io.RawIOBase):
    """What a ZIP is written to: it goes on at once, and is never looked back at."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]  # It gets bytes.
        self._waiting.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """What came since the last time."""
        waiting, self._waiting = self._waiting, []
        return b"".join(waiting)


async def _zip(actor: Actor, job_id: UUID) -> AsyncIterator[bytes]:
    """Files are stored as they are, since most kinds are packed already; the archive may be of any size."""
    sink, names = _Sink(), Names()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        async for rows in _taken(actor, job_id, with_files=True):
            for row in rows:
                path = files.path_of(row.workspace_id, row.sha256)
                info = zipfile.ZipInfo(names.take(row.folder, row.name, row.file_name), row.created_at.timetuple()[:6])
                with archive.open(info, "w", force_zip64=row.size > 2**31 - 1) as entry:
                    async for chunk in _read(path):
                        entry.write(chunk)
                        yield sink.taken()
    yield sink.taken()


async def _read(path: Path) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(path.open, "rb") as file:
        while chunk := await asyncio.to_thread(file.read, _CHUNK):
            yield chunk


async def _csv(actor: Actor, job_id: UUID) -> AsyncIterator[bytes]:
    yield "\ufeff".encode() + _line(_COLUMNS)  # The mark tells spreadsheets that it is UTF-8.
    async for rows in _taken(actor, job_id, with_files=False):
        yield b"".join(_line([_cell(value) for value in _values(row)]) for row in rows)


def _values(row: TakenRow) -> Iterator[object]:
    yield from (row.id, row.name, row.folder, row.tags, row.status, row.media_type, row.size, row.pages, row.language)
    yield from (row.title, row.author, row.dated_on, row.characters, row.number, row.sha256, row.owner)
    yield from (row.review_on, row.reviewed_on)
    yield from (row.created_at.isoformat(timespec="seconds"), row.updated_at.isoformat(timespec="seconds"))


def _line(cells: Sequence[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode()


def _cell(value: object) -> str:
    """A value as a spreadsheet shows it, and never computes it."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text
