"""The one runner of work on many documents.

A batch is one transaction: what is done to its documents, what is written down of each, and how far the job is. A
worker that dies leaves whole batches, and whoever takes over goes on with what still waits. Two runners of one job take
turns at its row.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from uuid import UUID

import structlog

from convosphere.core.audit.actions import DOCUMENTS_WORKED_ON
from convosphere.core.audit.document_facts import BulkFacts
from convosphere.core.authorization import require
from convosphere.core.errors import ExpectedError, ForbiddenError, NotFoundError, UnavailableError
from convosphere.core.i18n import Message, t
from convosphere.core.identifiers import new_id
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, system_actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.files import service as files
from convosphere.identity.service.memberships import resolve_person
from convosphere.knowledge.bulk import queries
from convosphere.knowledge.bulk.actions import ACTIONS
from convosphere.knowledge.bulk.actions.base import BulkAction
from convosphere.knowledge.bulk.models import BulkItem, BulkJob, BulkState, Outcome
from convosphere.knowledge.bulk.schemas import Verdict, Verdicts
from convosphere.knowledge.bulk.service import bulk_topic

log = structlog.get_logger()


async def run(workspace_id: UUID, account_id: UUID, job_id: UUID) -> None:
    """Do a job to its end, with the rights that its person has by then; nothing is left to do for one that is over.

    Raises:
        UnavailableError: the database does not answer or has no room; the rest waits.
    """
    try:
        actor = await resolve_person(workspace_id, account_id)
        async with unit_of_work(actor) as uow:
            job = await queries.get_job(uow, job_id)
            action = ACTIONS[job.action]
            require(actor, action.permission)
    except NotFoundError:
        return  # Of the job, or of the person, whose jobs go with them.
    except ForbiddenError as error:
        await _end(workspace_id, account_id, job_id, error)
        return
    try:
        if job.receipt:  # Whoever began it may have died before the files of a batch were gone.
            await files.remove_left(actor)
        while await _step(actor, action, job_id):
            pass
    except UnavailableError as error:
        with suppress(UnavailableError):  # A full disk takes no note of it either.
            async with unit_of_work(actor) as uow:
                await queries.note_error(uow, job_id, error.message.as_dict())
                await uow.publish(bulk_topic(account_id))
        raise


async def _step(actor: Actor, action: BulkAction, job_id: UUID) -> bool:
    """Do one batch; False after the last.

    A batch in which something goes wrong is done one by one, so that one document spoils nothing for the others.
    """
    try:
        return await _batch(actor, action, job_id, action.at_once)
    except UnavailableError:
        raise
    except Exception as error:  # noqa: BLE001  # Whatever it is, most of the batch can do without it.
        log.warning("bulk_batch_failed", job=str(job_id), reason=str(error)[:300])
    for _ in range(action.at_once):
        if not await _single(actor, action, job_id):
            return False
    return True


async def _single(actor: Actor, action: BulkAction, job_id: UUID) -> bool:
    try:
        return await _batch(actor, action, job_id, 1)
    except UnavailableError:
        raise
    except Exception as error:  # noqa: BLE001  # It is told with the document, and logged.
        await _fail_next(actor, job_id, _told(error))
        return True


async def _batch(actor: Actor, action: BulkAction, job_id: UUID, at_once: int) -> bool:
    async with unit_of_work(actor) as uow:
        job = await queries.get_job(uow, job_id, lock=True)
        if job.state != BulkState.RUNNING:
            return False
        items = await queries.next_items(uow, job_id, at_once)
        if not items:
            _close(uow, job, BulkState.DONE)
            await uow.publish(bulk_topic(job.account_id))
            return False
        verdicts = await _apply(uow, action, job, items)
        await _write_down(uow, job, items, verdicts)
    if verdicts.released:
        await files.remove_unneeded(actor, verdicts.released)
    return True


async def _apply(uow: UnitOfWork, action: BulkAction, job: BulkJob, items: Sequence[BulkItem]) -> Verdicts:
    among = action.among if job.undoes_id is None else action.undone_among
    if among is None:
        raise LookupError("This act cannot be taken back.")
    ids = [item.document_id for item in items]
    documents = await queries.fetch(uow, ids, among, action.level)
    if not documents:
        verdicts = Verdicts()
    elif job.undoes_id is None:
        verdicts = await action.apply(uow, documents, job.parameters)
    else:
        verdicts = await action.undo(uow, documents, _befores(items))
    await uow.session.flush()
    await _judge_missing(uow, verdicts, set(ids) - {document.id for document in documents}, among)
    return verdicts


async def _judge_missing(uow: UnitOfWork, verdicts: Verdicts, missing: set[UUID], among: str) -> None:
    if not missing:
        return
    seen = await queries.list_seen(uow, sorted(missing), "trashed" if among == "trashed" else "listed")
    for each in missing:
        verdicts.of[each] = Verdict(Outcome.REFUSED if each in seen else Outcome.GONE)


def _befores(items: Sequence[BulkItem]) -> Mapping[UUID, Mapping[str, object]]:
    return {item.document_id: item.before or {} for item in items}


async def _write_down(uow: UnitOfWork, job: BulkJob, items: Sequence[BulkItem], verdicts: Verdicts) -> None:
    done = Verdict()
    said = {item.number: verdicts.of.get(item.document_id, done) for item in items}
    await queries.set_outcomes(uow, job.id, said)
    job.done += len(items)
    job.failed += sum(verdict.outcome in queries.IN_VAIN for verdict in said.values())
    job.error = None
    job.receipt = {key: job.receipt.get(key, 0) + verdicts.receipt.get(key, 0)
                   for key in {*job.receipt, *verdicts.receipt}}  # fmt: skip
    await uow.publish(bulk_topic(job.account_id))


def _close(uow: UnitOfWork, job: BulkJob, state: BulkState, error: ExpectedError | None = None) -> None:
    job.state, job.ended_at = state, utc_now()
    job.error = {"code": error.code, **error.message.as_dict()} if error else None
    act = job.action if job.undoes_id is None else f"undo_{job.action}"
    uow.record(DOCUMENTS_WORKED_ON, job.id, after=BulkFacts(act=act, total=job.total, done=job.done - job.failed))


async def _fail_next(actor: Actor, job_id: UUID, message: Message) -> None:
    """Write down that the next document cannot be done, and go on behind it."""
    async with unit_of_work(actor) as uow:
        job = await queries.get_job(uow, job_id, lock=True)
        items = await queries.next_items(uow, job_id, 1)
        if items and job.state == BulkState.RUNNING:
            verdicts = Verdicts({items[0].document_id: Verdict(Outcome.FAILED, message)})
            await _write_down(uow, job, items, verdicts)


async def _end(workspace_id: UUID, account_id: UUID, job_id: UUID, error: ExpectedError) -> None:
    """Close the job of somebody who may not do this any more."""
    person = Actor(account_id, workspace_id, system_actor(workspace_id).permissions)
    async with unit_of_work(person) as uow:
        job = await queries.get_job(uow, job_id, lock=True)
        if job.state == BulkState.RUNNING:
            _close(uow, job, BulkState.FAILED, error)
            await uow.publish(bulk_topic(account_id))


def _told(error: Exception) -> Message:
    if isinstance(error, ExpectedError):
        return error.message
    incident = str(new_id())
    log.error("bulk_item_failed", incident=incident, exc_info=error)
    return t("Something went wrong. If it happens again, tell your administrator this number: {id}", id=incident)
