"""Reading a source: what is new, what changed, what is gone.

Each thing is a step of its own: its content becomes a document, then one transaction writes down what became of it and
how far the run is. A worker that dies leaves whole steps; whoever takes over lists the source anew and leaves out what
this run has seen. A content that came twice in this way is the document that it is already.
"""

import time
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from typing import Final
from uuid import UUID

import structlog

from convosphere.core.authorization import require
from convosphere.core.errors import ExpectedError, ForbiddenError, NotFoundError, UnavailableError
from convosphere.core.i18n import Message, t
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor, system_actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.files.errors import QuotaExceededError
from convosphere.files.names import clean_folder_path
from convosphere.identity.service.memberships import resolve_person
from convosphere.knowledge.errors import FolderNotFoundError
from convosphere.knowledge.service.folders import reach_folder
from convosphere.knowledge.sources import queries
from convosphere.knowledge.sources.errors import SourceError
from convosphere.knowledge.sources.gone import trash_items
from convosphere.knowledge.sources.kinds import get_kind
from convosphere.knowledge.sources.kinds.base import Source as OpenSource
from convosphere.knowledge.sources.models import RunState, Source, SourceItem, SourceResult, SourceRun, SourceState
from convosphere.knowledge.sources.queries import RunLostError
from convosphere.knowledge.sources.schemas import Entry, Known, Outcome
from convosphere.knowledge.sources.service import announce, close_run, secret_of
from convosphere.knowledge.sources.taking import Taken, spooled, take
from convosphere.knowledge.sources.telling import SOURCE_PAUSED
from convosphere.notifications.service.telling import notify

MOST_ENTRIES: Final = 20_000
MOST_BYTES: Final = 20 * 1024**3
RUN_SECONDS: Final = 3 * 3600
MOST_FAILURES: Final = 5
_AT_ONCE: Final = 200
_LONGEST_KEY: Final = 2_000
_NEW: Final = Known("")
log = structlog.get_logger()


@dataclass(frozen=True)
class Assignment:
    """A run, and what is to be read in it, for whom."""

    run_id: UUID
    worker: UUID
    source: Source
    owner: Actor
    folder_id: UUID


async def run(workspace_id: UUID, run_id: UUID) -> None:
    """Do a run to its end, with the rights that the source's owner has by then.

    Raises:
        UnavailableError: the database does not answer or the disk is full; the job comes again and goes on.
    """
    worker, system = new_id(), system_actor(workspace_id)
    try:
        async with unit_of_work(system) as uow:
            source = await queries.get_source(uow, (await queries.take_run(uow, run_id, worker)).source_id)
    except (RunLostError, NotFoundError):
        return
    end = partial(_end, system, source.id, run_id, worker)
    try:
        note = await _read(await _assigned(run_id, worker, source))
        await end(RunState.DONE, note=note)
    except (RunLostError, UnavailableError) as error:
        if isinstance(error, UnavailableError):
            raise
    except ExpectedError as error:
        await end(RunState.FAILED, note=error.message)
    except Exception as error:
        incident = str(new_id())
        log.exception("source_failed", incident=incident, run=str(run_id), kind=type(error).__name__)
        told = t("Something went wrong. If it happens again, tell your administrator this number: {id}", id=incident)
        await end(RunState.FAILED, note=told)


async def _assigned(run_id: UUID, worker: UUID, source: Source) -> Assignment:
    try:
        owner = await resolve_person(source.workspace_id, source.owner_id)
    except NotFoundError:
        raise ForbiddenError(t("The owner of this source is no member any more.")) from None
    require(owner, get_kind(source.kind).permission)
    return Assignment(run_id, worker, source, owner, await _folder(owner, source))


async def _folder(owner: Actor, source: Source) -> UUID:
    """Where it all lies: made at the first run, and again if somebody took it away."""
    async with unit_of_work(owner) as uow:
        kept = await queries.get_source(uow, source.id, lock=True)
        if kept.folder_id:
            return kept.folder_id
        folder = await reach_folder(uow, None, clean_folder_path(source.name.replace("/", " ")))
        if folder is None:
            raise FolderNotFoundError
        kept.folder_id = folder.id
        return folder.id


async def _read(work: Assignment) -> Message | None:
    """Take in what is new or changed, then follow what is gone; why not everything was seen, if so."""
    async with unit_of_work(work.owner) as uow:
        known = await queries.list_known(uow, work.source.id)
    async with get_kind(work.source.kind).open(work.source.options, secret_of(work.source)) as source:
        reading = _Reading(work, source, known)
        note = await reading.all()
        if note is None and source.is_complete:
            if known and not reading.met:
                raise SourceError(t("There is nothing at all any more, which is hardly meant so. Nothing was deleted."))
            await _follow_gone(work)
    return note


class _Reading:
    """One pass over what a source has."""

    def __init__(self, work: Assignment, source: OpenSource, known: Mapping[str, Known]) -> None:
        self.met: set[str] = set()
        self._work, self._source, self._known = work, source, known
        self._same: list[Entry] = []
        self._bytes = 0

    async def all(self) -> Message | None:
        """Take in one entry after another; why it stopped before the last, if so."""
        until = time.monotonic() + RUN_SECONDS
        async with aclosing(self._source.entries(self._known)) as entries:
            async for entry in entries:
                if len(self.met) >= MOST_ENTRIES:
                    return await self._stopped(
                        t("There are more than {count} things, the most that are taken.", count=MOST_ENTRIES)
                    )
                if self._bytes > MOST_BYTES or time.monotonic() > until:
                    return await self._stopped(t("This was too much for one run. The next one goes on."))
                await self._one(entry)
        await self._flush()
        return None

    async def _stopped(self, note: Message) -> Message:
        await self._flush()
        return note

    async def _one(self, entry: Entry) -> None:
        before = self._known.get(entry.key, _NEW)
        if entry.key in self.met:
            return
        self.met.add(entry.key)
        if before.last_run_id == self._work.run_id:
            return
        is_same = bool(entry.fingerprint and before.sha256) and entry.fingerprint == before.fingerprint
        if is_same and not entry.problem:
            self._same.append(entry)
            if len(self._same) >= _AT_ONCE:
                await self._flush()
        else:
            await self._flush()
            await self._take(entry, before)

    async def _take(self, entry: Entry, before: Known) -> None:
        try:
            if len(entry.key.encode()) > _LONGEST_KEY:
                raise SourceError(t("Its address is too long."))
            if entry.problem:
                raise SourceError(entry.problem)
            async with spooled(self._source.read(entry)) as spool:
                self._bytes += spool.size
                taken = Taken(Outcome.UNCHANGED, before.document_id)
                if spool.sha256 != before.sha256:
                    taken = await take(self._work.owner, self._work.folder_id, entry, spool, before)
                item = _item(self._work, entry, spool.sha256, taken.document_id)
                await _note(self._work, item, taken.outcome, size=spool.size)
        except (UnavailableError, ForbiddenError, QuotaExceededError):
            raise
        except ExpectedError as error:
            item = _item(self._work, entry, before.sha256, before.document_id)
            item.fingerprint = before.fingerprint
            if before.sha256:  # Else the next run would be told that what it has not got is unchanged.
                item.memo = dict(before.memo)
            item.key = entry.key[: _LONGEST_KEY // 4]
            await _note(self._work, item, Outcome.FAILED, error=error.message)

    async def _flush(self) -> None:
        if not self._same:
            return
        async with unit_of_work(self._work.owner) as uow:
            run = await queries.hold_run(uow, self._work.run_id, self._work.worker)
            await queries.note_seen(uow, run, [entry.key for entry in self._same])
            # What a kind wants to know the next time may be new where the content is not, such as an ETag.
            await queries.keep_items(uow, [self._renewed(each) for each in self._same if self._is_renewed(each)])
            run.unchanged += len(self._same)
            await announce(uow, self._work.source)
        self._same.clear()

    def _is_renewed(self, entry: Entry) -> bool:
        return dict(entry.memo) != dict(self._known[entry.key].memo)

    def _renewed(self, entry: Entry) -> SourceItem:
        before = self._known[entry.key]
        return _item(self._work, replace(entry, name=before.name), before.sha256, before.document_id)


def _item(work: Assignment, entry: Entry, sha256: str, document_id: UUID | None) -> SourceItem:
    return SourceItem(
        source_id=work.source.id, workspace_id=work.source.workspace_id, key=entry.key, name=entry.name,
        fingerprint=entry.fingerprint, memo=dict(entry.memo), sha256=sha256, document_id=document_id,
        last_run_id=work.run_id,
    )  # fmt: skip


async def _note(
    work: Assignment, item: SourceItem, outcome: Outcome, *, size: int = 0, error: Message | None = None
) -> None:
    """Write down what became of one thing."""
    async with unit_of_work(work.owner) as uow:
        run = await queries.hold_run(uow, work.run_id, work.worker)
        await queries.keep_items(uow, [item])
        run.bytes += size
        _count(uow, run, item, outcome, error)
        await announce(uow, work.source)


async def _follow_gone(work: Assignment) -> None:
    """What a complete list does not name any more goes to the trash."""
    while True:
        async with unit_of_work(work.owner) as uow:
            run = await queries.hold_run(uow, work.run_id, work.worker)
            items = await queries.list_gone(uow, run, _AT_ONCE)
            if not items:
                return
            for item in items:
                _count(uow, run, item, Outcome.GONE)
            await trash_items(uow, work.source.id, items)
            await announce(uow, work.source)


def _count(uow: UnitOfWork, run: SourceRun, item: SourceItem, outcome: Outcome, error: Message | None = None) -> None:
    setattr(run, outcome, getattr(run, outcome) + 1)
    if outcome is not Outcome.UNCHANGED:
        number = run.added + run.changed + run.gone + run.failed
        uow.session.add(
            SourceResult(
                run_id=run.id, number=number, workspace_id=run.workspace_id, key=item.key, name=item.name,
                outcome=outcome, error=error.as_dict() if error else None, document_id=item.document_id,
            )
        )  # fmt: skip


async def _end(
    system: Actor, source_id: UUID, run_id: UUID, worker: UUID, state: RunState, *, note: Message | None
) -> None:
    try:
        async with unit_of_work(system) as uow:
            source = await queries.get_source(uow, source_id, lock=True)
            held = await queries.hold_run(uow, run_id, worker)
            source.failures = source.failures + 1 if state is RunState.FAILED else 0
            if source.failures >= MOST_FAILURES and source.state == SourceState.ACTIVE:
                source.state, source.next_run_at = SourceState.PAUSED, None
                facts = {"source": source.name, "times": source.failures}
                notify(uow, SOURCE_PAUSED, [source.owner_id], key=str(source.id), facts=facts)
            close_run(source, held, state, note)
            await announce(uow, source)
    except (RunLostError, NotFoundError):
        return  # Stopped, or deleted, in the same moment.
