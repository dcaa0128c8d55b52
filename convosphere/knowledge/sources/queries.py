"""The SQL of sources. Fetching is authorising: sources are their owners' alone."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, text, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.sources.errors import RunNotFoundError, SourceNotFoundError
from convosphere.knowledge.sources.models import RunState, Source, SourceItem, SourceResult, SourceRun, SourceState
from convosphere.knowledge.sources.schemas import Known

_SHOWN = (SourceState.ACTIVE, SourceState.PAUSED)
_KEPT = ("name", "fingerprint", "memo", "sha256", "document_id", "last_run_id")
_FORGET_RUNS = text(
    """
    DELETE FROM source_run WHERE state <> 'running' AND started_at < now() - CAST(:age AS interval) AND id NOT IN (
        SELECT DISTINCT ON (source_id) id FROM source_run ORDER BY source_id, id DESC
    )
    """
)


class RunLostError(Exception):
    """The run was stopped, deleted with its source, or is another worker's by now."""


def _is_own(uow: UnitOfWork) -> ColumnElement[bool]:
    if uow.actor.role == "system":
        return col(Source.id).is_not(None)
    return col(Source.owner_id) == uow.actor.account_id


async def get_source(uow: UnitOfWork, source_id: UUID, *, lock: bool = False) -> Source:
    """A source of the actor's own.

    Raises:
        SourceNotFoundError: there is none.
    """
    statement = select(Source).where(col(Source.id) == source_id, _is_own(uow), _is_there())
    source = await uow.session.scalar(
        (statement.with_for_update() if lock else statement).execution_options(populate_existing=True)
    )
    if source is None:
        raise SourceNotFoundError
    return source


async def list_sources(uow: UnitOfWork) -> list[tuple[Source, SourceRun | None, int]]:
    """The actor's own, by name, each with its last run and how many documents came of it."""
    newest = (
        select(SourceRun)
        .where(col(SourceRun.source_id) == col(Source.id))
        .order_by(col(SourceRun.id).desc())
        .limit(1)
        .lateral()
    )
    latest = aliased(SourceRun, newest)
    count = (
        select(func.count())
        .where(col(SourceItem.source_id) == col(Source.id), col(SourceItem.document_id).is_not(None))
        .scalar_subquery()
    )
    rows = await uow.session.execute(
        select(Source, latest, count)
        .outerjoin(newest, true())
        .where(_is_own(uow), col(Source.state).in_(_SHOWN))
        .order_by(func.lower(col(Source.name)), col(Source.id))
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def count_owned(uow: UnitOfWork) -> int:
    """How many the actor has."""
    return await uow.session.scalar(select(func.count()).select_from(Source).where(_is_own(uow))) or 0


async def find_running(uow: UnitOfWork, source_id: UUID) -> SourceRun | None:
    """The run that goes on, locked."""
    return await uow.session.scalar(
        select(SourceRun)
        .where(col(SourceRun.source_id) == source_id, col(SourceRun.state) == RunState.RUNNING)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


async def list_due(uow: UnitOfWork, most: int) -> list[Source]:
    """Sources whose time has come, locked; what others hold comes the next time."""
    statement = (
        select(Source)
        .where(col(Source.state) == SourceState.ACTIVE, col(Source.next_run_at) <= func.now())
        .order_by(col(Source.next_run_at))
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return list(await uow.session.scalars(statement))


async def hold_run(uow: UnitOfWork, run_id: UUID, worker: UUID) -> SourceRun:
    """A run until the unit ends, for whoever works on it.

    Raises:
        RunLostError: somebody stopped it, or another worker has it.
    """
    run = await uow.session.scalar(
        select(SourceRun).where(col(SourceRun.id) == run_id).with_for_update().execution_options(populate_existing=True)
    )
    if run is None or run.state != RunState.RUNNING or run.worker not in (None, worker):
        raise RunLostError
    return run


async def take_run(uow: UnitOfWork, run_id: UUID, worker: UUID) -> SourceRun:
    """A run for another worker from now on.

    Raises:
        RunLostError: it is over.
    """
    await uow.session.execute(update(SourceRun).where(col(SourceRun.id) == run_id).values(worker=worker))
    return await hold_run(uow, run_id, worker)


async def list_runs(uow: UnitOfWork, source_id: UUID, most: int) -> list[SourceRun]:
    """The latest runs of a source that the caller has fetched."""
    statement = select(SourceRun).where(col(SourceRun.source_id) == source_id)
    return list(await uow.session.scalars(statement.order_by(col(SourceRun.id).desc()).limit(most)))


async def get_run(uow: UnitOfWork, run_id: UUID) -> SourceRun:
    """A run of one of the actor's own sources.

    Raises:
        RunNotFoundError: there is none.
    """
    run = await uow.session.scalar(
        select(SourceRun)
        .join(Source, col(Source.id) == col(SourceRun.source_id))
        .where(col(SourceRun.id) == run_id, _is_own(uow))
    )
    if run is None:
        raise RunNotFoundError
    return run


async def list_results(uow: UnitOfWork, run_id: UUID, skip: int, most: int) -> list[SourceResult]:
    """What became of each thing in a run that the caller has fetched: what failed first, then in order."""
    is_failed = col(SourceResult.outcome) == "failed"
    statement = select(SourceResult).where(col(SourceResult.run_id) == run_id)
    ordered = statement.order_by(is_failed.desc(), col(SourceResult.number)).offset(skip).limit(most)
    return list(await uow.session.scalars(ordered))


async def list_known(uow: UnitOfWork, source_id: UUID) -> dict[str, Known]:
    """What a source had, by keys."""
    item = SourceItem
    rows = await uow.session.execute(
        select(
            col(item.key), col(item.name), col(item.fingerprint), col(item.memo), col(item.sha256),
            col(item.document_id), col(item.last_run_id),
        ).where(col(item.source_id) == source_id)
    )  # fmt: skip
    return {row[0]: Known(*row[1:]) for row in rows}


async def note_seen(uow: UnitOfWork, run: SourceRun, keys: Sequence[str]) -> None:
    """What was there before is there still, as it was."""
    await uow.session.execute(
        update(SourceItem)
        .where(col(SourceItem.source_id) == run.source_id, col(SourceItem.key).in_(keys))
        .values(last_run_id=run.id)
        .execution_options(synchronize_session=False)
    )


async def keep_items(uow: UnitOfWork, items: Sequence[SourceItem]) -> None:
    """Write down how things are now."""
    if items:
        statement = insert(SourceItem).values([item.model_dump() for item in items])
        kept = {name: statement.excluded[name] for name in _KEPT}
        await uow.session.execute(statement.on_conflict_do_update(index_elements=["source_id", "key"], set_=kept))


async def list_gone(uow: UnitOfWork, run: SourceRun, most: int) -> list[SourceItem]:
    """Things that a run did not see."""
    statement = select(SourceItem).where(
        col(SourceItem.source_id) == run.source_id, col(SourceItem.last_run_id) != run.id
    )
    return list(await uow.session.scalars(statement.order_by(col(SourceItem.key)).limit(most).with_for_update()))


async def list_items(uow: UnitOfWork, source_id: UUID, most: int) -> list[SourceItem]:
    """Some things of a source."""
    statement = select(SourceItem).where(col(SourceItem.source_id) == source_id)
    return list(await uow.session.scalars(statement.order_by(col(SourceItem.key)).limit(most).with_for_update()))


async def forget_items(uow: UnitOfWork, source_id: UUID, keys: Sequence[str]) -> list[UUID]:
    """Forget things; gives the documents that came of them and that no other thing needs."""
    mine = (col(SourceItem.source_id) == source_id) & col(SourceItem.key).in_(keys)
    found = list(await uow.session.scalars(select(col(SourceItem.document_id)).where(mine)))
    await uow.session.execute(delete(SourceItem).where(mine).execution_options(synchronize_session=False))
    still = select(col(SourceItem.document_id)).where(col(SourceItem.document_id).in_([each for each in found if each]))
    needed = set(await uow.session.scalars(still))
    return sorted({each for each in found if each} - needed)


async def is_shared_by_items(uow: UnitOfWork, document_id: UUID) -> bool:
    """Whether several things became this one document, as they had one name and one content."""
    counted = select(func.count()).select_from(SourceItem).where(col(SourceItem.document_id) == document_id)
    return (await uow.session.scalar(counted) or 0) > 1


async def delete_source(uow: UnitOfWork, source_id: UUID) -> None:
    """Delete a source with all that is remembered of it; its documents stay."""
    await uow.session.execute(
        delete(Source).where(col(Source.id) == source_id).execution_options(synchronize_session=False)
    )


async def delete_of_owner(uow: UnitOfWork, owner_id: UUID) -> None:
    """Delete all of somebody who leaves."""
    await uow.session.execute(
        delete(Source).where(col(Source.owner_id) == owner_id).execution_options(synchronize_session=False)
    )


async def delete_old(uow: UnitOfWork, *, drafts: timedelta, runs: timedelta) -> None:
    """Forget drafts that nobody kept, and runs of long ago but for the last one of each source."""
    is_old = (col(Source.state) == SourceState.DRAFT) & (col(Source.updated_at) < func.now() - drafts)
    await uow.session.execute(delete(Source).where(is_old).execution_options(synchronize_session=False))
    await uow.session.execute(_FORGET_RUNS, {"age": runs})


def _is_there() -> ColumnElement[bool]:
    return col(Source.state) != SourceState.DELETING
