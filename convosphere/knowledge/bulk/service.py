"""Beginning work on many documents, looking at it, and taking it back."""

from uuid import UUID

from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import Message, t
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission, system_actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.service.installation import founded_workspace
from convosphere.knowledge.bulk import queries
from convosphere.knowledge.bulk.actions import ACTIONS
from convosphere.knowledge.bulk.actions.base import BulkAction
from convosphere.knowledge.bulk.errors import NothingAllowedError, NothingChosenError, NoUndoError
from convosphere.knowledge.bulk.models import BulkItem, BulkJob, BulkState, Outcome
from convosphere.knowledge.bulk.schemas import ItemRow, JobRow, Parameters, Preview, Selection
from convosphere.knowledge.rules.schemas import RuleMatch
from convosphere.knowledge.schemas import DocumentMatch

RUN_TASK = "knowledge.run_bulk"
KEPT_DAYS = 30
_MOST_SINGLE = 5_000
_MOST_ROWS = 200


def bulk_topic(account_id: UUID) -> str:
    """The topic of a person's work on many documents."""
    return f"bulk:{account_id}"


def get_action(name: str) -> BulkAction:
    """An act by its name.

    Raises:
        InvalidInputError: there is none.
    """
    if name not in ACTIONS:
        raise InvalidInputError(t("The request could not be read."))
    return ACTIONS[name]


async def preview(actor: Actor, name: str, selection: Selection) -> Preview:
    """What an act would touch if it were begun now.

    Raises:
        NothingChosenError, DocumentNotFoundError: nothing of the selection is seen.
    """
    action = get_action(name)
    require(actor, action.permission)
    async with unit_of_work(actor) as uow:
        return await _look(uow, action, selection)


async def start(actor: Actor, name: str, selection: Selection, parameters: Parameters) -> UUID:
    """Begin work on many documents, whose list is fixed now; gives the job.

    Raises:
        NothingChosenError: nothing of the selection is seen.
        NothingAllowedError: the actor may do this with none of it.
        ExpectedError: the act cannot be done with these parameters.
    """
    action = get_action(name)
    require(actor, action.permission)
    async with unit_of_work(actor) as uow:
        if (await _look(uow, action, selection)).allowed == 0:
            raise NothingAllowedError
        await action.check(uow, parameters)
        job = _new(uow, name, parameters)
        await queries.add_job(uow, job, selection, action.among)
        await _begin(uow, job, action)
    return job.id


async def retry(actor: Actor, job_id: UUID) -> UUID:
    """Try again with what could not be done; gives the new job.

    Raises:
        BulkJobNotFoundError: the actor has no such job.
        NothingChosenError: there is nothing to try again.
    """
    async with unit_of_work(actor) as uow:
        before = await queries.get_job(uow, job_id)
        action = get_action(before.action)
        require(actor, action.permission)
        job = _new(uow, before.action, before.parameters)
        job.undoes_id = before.undoes_id
        await queries.add_job_of(uow, job, before.id, queries.IN_VAIN)
        await _begin(uow, job, action)
    return job.id


async def undo(actor: Actor, job_id: UUID) -> UUID:
    """Take back what a job did; gives the job that does so. One that still goes on is stopped before.

    Raises:
        BulkJobNotFoundError: the actor has no such job.
        NoUndoError: it cannot be taken back, did nothing, or was taken back.
    """
    async with unit_of_work(actor) as uow:
        before = await queries.get_job(uow, job_id, lock=True)
        action = get_action(before.action)
        require(actor, action.permission)
        if before.state == BulkState.RUNNING:
            before.state, before.ended_at = BulkState.CANCELLED, utc_now()
        if not _can_undo(before, is_undone=await queries.is_undone(uow, job_id)):
            raise NoUndoError
        job = _new(uow, before.action, before.parameters)
        job.undoes_id = before.id
        await queries.add_job_of(uow, job, before.id, [Outcome.DONE])
        if not job.total:
            raise NoUndoError
        await _begin(uow, job, action)
    return job.id


async def cancel(actor: Actor, job_id: UUID) -> None:
    """Stop after the batch that is under way; what is done stays done.

    Raises:
        BulkJobNotFoundError: the actor has no such job.
    """
    require(actor, Permission.DOCUMENT_READ)
    async with unit_of_work(actor) as uow:
        job = await queries.get_job(uow, job_id, lock=True)
        if job.state == BulkState.RUNNING:
            job.state, job.ended_at, job.error = BulkState.CANCELLED, utc_now(), None
            await uow.publish(bulk_topic(job.account_id))


async def get_job(actor: Actor, job_id: UUID) -> JobRow:
    """One of the actor's own jobs.

    Raises:
        BulkJobNotFoundError: there is none.
    """
    require(actor, Permission.DOCUMENT_READ)
    async with unit_of_work(actor) as uow:
        job = await queries.get_job(uow, job_id)
        return _row(job, is_undone=await queries.is_undone(uow, job_id))


async def list_jobs(actor: Actor, most: int = 50) -> list[JobRow]:
    """The actor's own jobs, the newest first."""
    require(actor, Permission.DOCUMENT_READ)
    async with unit_of_work(actor) as uow:
        return [_row(job, is_undone=is_undone) for job, is_undone in await queries.list_jobs(uow, most)]


async def list_items(
    actor: Actor, job_id: UUID, *, only_in_vain: bool = False, skip: int = 0, most: int = 50
) -> list[ItemRow]:
    """What became of each document of a job, in order.

    Raises:
        BulkJobNotFoundError: the actor has no such job.
    """
    require(actor, Permission.DOCUMENT_READ)
    async with unit_of_work(actor) as uow:
        await queries.get_job(uow, job_id)
        limit = max(1, min(most, _MOST_ROWS))
        rows = await queries.list_items(uow, job_id, only_in_vain=only_in_vain, skip=max(skip, 0), most=limit)
    return [_item(row) for row in rows]


async def forget_old() -> None:
    """Forget what ended 30 days ago: by then nothing can be taken back any more."""
    workspace_id = await founded_workspace()
    if workspace_id:
        async with unit_of_work(system_actor(workspace_id)) as uow:
            await queries.delete_old(uow, KEPT_DAYS)


async def _look(uow: UnitOfWork, action: BulkAction, selection: Selection) -> Preview:
    if not isinstance(selection, DocumentMatch | RuleMatch) and not 0 < len(selection) <= _MOST_SINGLE:
        raise NothingChosenError
    found = await queries.preview(uow, selection, action.among, action.level)
    if not found.total:
        raise NothingAllowedError
    return found


def _new(uow: UnitOfWork, name: str, parameters: Parameters) -> BulkJob:
    return BulkJob(
        workspace_id=uow.workspace_id, account_id=uow.account_id, action=name, parameters=dict(parameters), total=0,
        receipt={},
    )  # fmt: skip


async def _begin(uow: UnitOfWork, job: BulkJob, action: BulkAction) -> None:
    if not job.total:
        raise NothingChosenError
    if not action.is_streamed:
        args = {"workspace_id": job.workspace_id, "account_id": job.account_id, "job_id": job.id}
        await uow.enqueue(RUN_TASK, {name: str(key) for name, key in args.items()}, lock=f"bulk:{job.id}")
    await uow.publish(bulk_topic(job.account_id))


def _can_undo(job: BulkJob, *, is_undone: bool) -> bool:
    is_reversible = ACTIONS[job.action].undone_among is not None and job.undoes_id is None
    return is_reversible and not is_undone and job.done > job.failed


def _row(job: BulkJob, *, is_undone: bool) -> JobRow:
    return JobRow(
        id=job.id, action=job.action if job.undoes_id is None else f"undo_{job.action}", parameters=job.parameters,
        state=job.state, error=_message(job.error), total=job.total, done=job.done, failed=job.failed,
        receipt=job.receipt, can_undo=_can_undo(job, is_undone=is_undone), created_at=job.created_at,
        ended_at=job.ended_at,
    )  # fmt: skip


def _item(row: BulkItem) -> ItemRow:
    return ItemRow(row.document_id, row.name, row.outcome, _message(row.error))


def _message(said: dict[str, object] | None) -> Message | None:
    return Message(str(said["text"]), said["values"]) if said else None  # pyright: ignore[reportArgumentType]  # As it was stored.
