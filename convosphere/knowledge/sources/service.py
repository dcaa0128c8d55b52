"""Sources of one's own: starting, pausing and taking them away, and looking at what they brought."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from convosphere.core.audit.actions import SOURCE_DELETED
from convosphere.core.authorization import require
from convosphere.core.i18n import Message
from convosphere.core.identifiers import new_id
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission
from convosphere.core.secrets.sealing import unseal
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.knowledge.sources import queries
from convosphere.knowledge.sources.errors import SourceBusyError
from convosphere.knowledge.sources.kinds import get_kind
from convosphere.knowledge.sources.models import RunState, Source, SourceResult, SourceRun, SourceState
from convosphere.knowledge.sources.schemas import (
    SCHEDULES,
    ResultRow,
    RunRow,
    SourceRow,
)
from convosphere.knowledge.sources.sealed import SOURCE_SECRET

RUN_TASK: Final = "knowledge.read_source"
DELETE_TASK: Final = "knowledge.delete_source"
QUEUE: Final = "sources"
_MOST_RUNS: Final = 30
_MOST_ROWS: Final = 200
_KEPT_DRAFTS: Final = timedelta(days=1)
_KEPT_RUNS: Final = timedelta(days=30)


def sources_topic(account_id: UUID) -> str:
    """The topic of a person's sources and their runs."""
    return f"sources:{account_id}"


async def list_sources(actor: Actor) -> list[SourceRow]:
    """The actor's own sources, by name."""
    require(actor, Permission.DOCUMENT_READ)
    async with unit_of_work(actor) as uow:
        return [source_row(*row) for row in await queries.list_sources(uow)]


async def start_run(actor: Actor, source_id: UUID) -> UUID:
    """Read a source now; gives the run.

    Raises:
        SourceNotFoundError: the actor has no such source.
        SourceBusyError: it is being read.
    """
    require(actor, Permission.SOURCE_WRITE)
    async with unit_of_work(actor) as uow:
        return (await begin_run(uow, await queries.get_source(uow, source_id, lock=True))).id


async def stop_run(actor: Actor, source_id: UUID) -> None:
    """Stop reading a source after the thing that is under way; what came stays.

    Raises:
        SourceNotFoundError: the actor has no such source.
    """
    require(actor, Permission.SOURCE_WRITE)
    async with unit_of_work(actor) as uow:
        source = await queries.get_source(uow, source_id, lock=True)
        if run := await queries.find_running(uow, source_id):
            close_run(source, run, RunState.CANCELLED)
            await announce(uow, source)


async def set_paused(actor: Actor, source_id: UUID, *, is_paused: bool) -> None:
    """Let a source not be read by itself any more, or again.

    Raises:
        SourceNotFoundError: the actor has no such source.
    """
    require(actor, Permission.SOURCE_WRITE)
    async with unit_of_work(actor) as uow:
        source = await queries.get_source(uow, source_id, lock=True)
        if source.state == SourceState.DRAFT:
            return
        source.state = SourceState.PAUSED if is_paused else SourceState.ACTIVE
        source.failures = 0
        source.next_run_at = None if is_paused else next_run(source)
        await announce(uow, source)


async def delete_source(actor: Actor, source_id: UUID, *, with_documents: bool) -> None:
    """Take a source away. Its documents stay, or go to the trash.

    Raises:
        SourceNotFoundError: the actor has no such source.
    """
    require(actor, Permission.SOURCE_WRITE)
    async with unit_of_work(actor) as uow:
        source = await queries.get_source(uow, source_id, lock=True)
        if source.state != SourceState.DRAFT:
            uow.record(SOURCE_DELETED, source_id, label=source.name)
        if run := await queries.find_running(uow, source_id):
            close_run(source, run, RunState.CANCELLED)
        if with_documents:
            source.state, source.next_run_at = SourceState.DELETING, None
            await uow.enqueue(DELETE_TASK, _args(source), queue=QUEUE, lock=f"source:{source_id}")
        await uow.session.flush()
        if not with_documents:
            await queries.delete_source(uow, source_id)
        await announce(uow, source)


async def list_runs(actor: Actor, source_id: UUID) -> list[RunRow]:
    """The latest runs of a source.

    Raises:
        SourceNotFoundError: the actor has no such source.
    """
    require(actor, Permission.DOCUMENT_READ)
    async with unit_of_work(actor) as uow:
        await queries.get_source(uow, source_id)
        return [run_row(run) for run in await queries.list_runs(uow, source_id, _MOST_RUNS)]


async def list_results(actor: Actor, run_id: UUID, *, skip: int = 0, most: int = 50) -> list[ResultRow]:
    """What became of each thing in a run, but for what was unchanged; what failed comes first.

    Raises:
        RunNotFoundError: there is no such run of a source of the actor's.
    """
    require(actor, Permission.DOCUMENT_READ)
    async with unit_of_work(actor) as uow:
        await queries.get_run(uow, run_id)
        rows = await queries.list_results(uow, run_id, max(skip, 0), max(1, min(most, _MOST_ROWS)))
    return [_result_row(row) for row in rows]


async def start_due(actor: Actor, most: int = 50) -> int:
    """Begin to read what is due in the actor's workspace; gives how many."""
    async with unit_of_work(actor) as uow:
        due = await queries.list_due(uow, most)
        for source in due:
            if await queries.find_running(uow, source.id) is None:
                await begin_run(uow, source)
    return len(due)


async def forget_old(actor: Actor) -> None:
    """Forget drafts that nobody kept, and runs of long ago."""
    async with unit_of_work(actor) as uow:
        await queries.delete_old(uow, drafts=_KEPT_DRAFTS, runs=_KEPT_RUNS)


async def begin_run(uow: UnitOfWork, source: Source) -> SourceRun:
    """Begin to read a source that the caller has locked.

    Raises:
        SourceBusyError: it is being read.
    """
    if await queries.find_running(uow, source.id):
        raise SourceBusyError
    run = SourceRun(id=new_id(), workspace_id=source.workspace_id, source_id=source.id)
    uow.session.add(run)
    source.next_run_at = None
    await uow.session.flush()
    args = {"workspace_id": str(source.workspace_id), "run_id": str(run.id)}
    await uow.enqueue(RUN_TASK, args, queue=QUEUE, lock=f"source:{source.id}")
    await announce(uow, source)
    return run


def close_run(source: Source, run: SourceRun, state: RunState, note: Message | None = None) -> None:
    """End a run; both are locked by the caller."""
    run.state, run.ended_at = state, utc_now()
    run.note = note.as_dict() if note else None
    if source.state == SourceState.ACTIVE:
        source.next_run_at = next_run(source)


async def announce(uow: UnitOfWork, source: Source) -> None:
    """Tell those who look at a source to look again."""
    await uow.publish(sources_topic(source.owner_id))


def secret_of(source: Source) -> str:
    """What a source needs that is never shown; "" if it has none."""
    if not source.sealed_secret:
        return ""
    return unseal(source.sealed_secret, SOURCE_SECRET.place(source.id, source.workspace_id)).decode()


def next_run(source: Source) -> datetime | None:
    """When a source is read again by itself: after failures sooner than its next turn, later each time."""
    interval = SCHEDULES[source.schedule]
    if interval is None:
        return None
    pause = min(interval, timedelta(minutes=15) * 4 ** (source.failures - 1)) if source.failures else interval
    return utc_now() + pause


def _args(source: Source) -> dict[str, str]:
    return {"workspace_id": str(source.workspace_id), "source_id": str(source.id)}


def source_row(source: Source, run: SourceRun | None, documents: int) -> SourceRow:
    """A source as pages show it."""
    return SourceRow(
        id=source.id, kind=source.kind, name=source.name, place=str(source.options[get_kind(source.kind).place]),
        schedule=source.schedule, state=source.state, options=source.options,
        has_secret=source.sealed_secret is not None, failures=source.failures, folder_id=source.folder_id,
        documents=documents, next_run_at=source.next_run_at, last_run=run_row(run) if run else None,
    )  # fmt: skip


def run_row(run: SourceRun) -> RunRow:
    """A run as pages show it."""
    return RunRow(
        id=run.id, state=run.state, added=run.added, changed=run.changed, unchanged=run.unchanged, gone=run.gone,
        failed=run.failed, bytes=run.bytes, note=_message(run.note), started_at=run.started_at, ended_at=run.ended_at,
    )  # fmt: skip


def _result_row(row: SourceResult) -> ResultRow:
    return ResultRow(row.key, row.name, row.outcome, _message(row.error), row.document_id)


def _message(said: dict[str, object] | None) -> Message | None:
    return Message(str(said["text"]), said["values"]) if said else None  # pyright: ignore[reportArgumentType]  # As it was stored.
