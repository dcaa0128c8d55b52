"""Bringing files of conversations: what the page asks for. What becomes of them is in `intake`, for the worker."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

from convosphere.chat.errors import NothingIsKeptError, TooManyImportsError
from convosphere.chat.queries import imports as queries
from convosphere.chat.queries import transfers as transfer_queries
from convosphere.chat.queries.imports import ImportRow
from convosphere.chat.transfer.schemas import ImportView, Report
from convosphere.core.authorization import require
from convosphere.core.errors import ConflictError, NotFoundError
from convosphere.core.i18n import t
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor, Permission, system_actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.files import service as files
from convosphere.files.names import clean_name
from convosphere.knowledge.errors import FileEmptyError, NameMissingError

READ_TASK = "chat.read_import"
TAKE_TASK = "chat.take_in_import"
PURGE_TASK = "chat.purge_import"
KEPT_TIME = timedelta(days=1)
MOST_AT_ONCE = 3


async def bring(actor: Actor, chunks: AsyncIterator[bytes], *, size: int | None, name: str) -> ImportView:
    """Take in one file of `size` bytes and look through it; nothing of it is taken in before `take_in`.

    Raises:
        NothingIsKeptError: all conversations of the workspace are temporary.
        TooManyImportsError: so many are still there.
        NameMissingError, FileEmptyError, LengthRequiredError, FileTooLargeError, QuotaExceededError: before a byte is
        read. UploadIncompleteError, StorageFullError: while they are read.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    if not (name := clean_name(name)):
        raise NameMissingError
    if size == 0:
        raise FileEmptyError
    await _make_room(actor)
    import_id = new_id()
    async with files.receive(actor, chunks, size) as incoming, unit_of_work(actor) as uow:
        await files.lock_content(uow, incoming.sha256)
        await files.keep(uow, incoming, import_id)
        queries.add_import(uow, import_id, name, incoming.size, incoming.sha256)
        await _enqueue(uow, READ_TASK, import_id)
        await uow.enqueue(PURGE_TASK, _args(uow, import_id), delay=KEPT_TIME)
    return ImportView(import_id, name, incoming.size, "reading", 0, incoming.size, Report())


async def get(actor: Actor, import_id: UUID) -> ImportView:
    """How far a file of the actor's is."""
    require(actor, Permission.CONVERSATION_WRITE)
    async with unit_of_work(actor) as uow:
        return _view(await queries.get_import(uow, import_id))


async def find_latest(actor: Actor) -> ImportView | None:
    """The file that the actor has brought last, if it is still there."""
    require(actor, Permission.CONVERSATION_WRITE)
    async with unit_of_work(actor) as uow:
        row = await queries.find_latest(uow)
    return _view(row) if row else None


async def take_in(actor: Actor, import_id: UUID) -> None:
    """Take in what a file holds, once it has been looked through; what is here already stays as it is.

    Raises:
        NotFoundError: there is no such file.
        ConflictError: it has not been looked through, or is being taken in already.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    async with unit_of_work(actor) as uow:
        row = await queries.get_import(uow, import_id, lock=True)
        total = Report.from_kept(row.report).conversations
        if not await queries.set_status(
            uow, import_id, "importing", before=("ready",), report=row.report, total=total
        ):  # fmt: skip
            raise ConflictError(t("This file has not been looked through, or is being taken in already."))
        await _enqueue(uow, TAKE_TASK, import_id)
        await uow.publish(topic(import_id))


async def discard(actor: Actor, import_id: UUID) -> None:
    """Let go of a file; what was taken in of it stays. Whoever works on it stops.

    Raises:
        NotFoundError: there is no such file.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    async with unit_of_work(actor) as uow:
        if not await queries.remove_import(uow, import_id):
            raise NotFoundError
        released = await files.release(uow, [import_id])
        await uow.publish(topic(import_id))
    await files.remove_unneeded(actor, released)


async def purge(workspace_id: UUID, import_id: UUID) -> None:
    """Let go of a file whose time is over."""
    system = system_actor(workspace_id)
    async with unit_of_work(system) as uow:
        queries.remove_old(uow, import_id)
        released = await files.release(uow, [import_id])
    await files.remove_unneeded(system, released)


def topic(import_id: UUID) -> str:
    """The topic on which is told how far a file is."""
    return f"import:{import_id}"


async def _make_room(actor: Actor) -> None:
    """Let go of what has ended; so many others may wait."""
    async with unit_of_work(actor) as uow:
        if await transfer_queries.keeps_nothing(uow):
            raise NothingIsKeptError
        rows = await queries.list_own(uow)
    ended = [row for row in rows if row.status in {"done", "failed"}]
    if len(rows) - len(ended) >= MOST_AT_ONCE:
        raise TooManyImportsError
    for row in ended:
        await discard(actor, row.id)


async def _enqueue(uow: UnitOfWork, task: str, import_id: UUID) -> None:
    # One after the other for each person, so that nothing is taken in twice.
    await uow.enqueue(task, _args(uow, import_id), lock=f"import {uow.account_id}")


def _args(uow: UnitOfWork, import_id: UUID) -> dict[str, str]:
    return {
        "workspace_id": str(uow.workspace_id), "account_id": str(uow.account_id), "import_id": str(import_id),
    }  # fmt: skip


def _view(row: ImportRow) -> ImportView:
    return ImportView(
        row.id, row.name, row.size, row.status, row.done, row.total, Report.from_kept(row.report), row.error
    )
