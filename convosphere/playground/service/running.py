"""Doing a run: some cases at a time, each stored when it is answered and again when it is judged.

A worker that dies loses at most the answers that were being given; whoever takes the job over asks only those again.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from uuid import UUID

from convosphere.assistants.errors import AssistantNotFoundError
from convosphere.assistants.service.opening import open_version
from convosphere.core.errors import ExpectedError, NotFoundError, UnavailableError
from convosphere.core.i18n import Message, t
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission, system_actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.service.memberships import resolve_person
from convosphere.llm.opening import open_gateway
from convosphere.notifications.service.telling import notify
from convosphere.playground.errors import RunNotFoundError
from convosphere.playground.models import AssistantCaseResult
from convosphere.playground.queries import runs as queries
from convosphere.playground.queries.runs import Answered
from convosphere.playground.schemas import Check, Expectation, RunState, Verdict
from convosphere.playground.service.checking import look_up
from convosphere.playground.service.judging import judge
from convosphere.playground.service.runs import enqueue, runs_topic
from convosphere.playground.service.telling import RUN_ENDED
from convosphere.playground.service.trying import Attempt, Subject, attempt, book
from convosphere.usage.errors import BudgetUsedUpError

AT_ONCE = 3
"""Cases of one run that are asked at the same time."""
IN_ONE_JOB = 12
"""After so many the job is given back, so that other work of the worker gets its turn."""
LOOK_SECONDS = 1.0
"""How often a run looks whether somebody stopped it."""


class _StoppedError(Exception):
    """Somebody stopped the run."""


async def run_cases(workspace_id: UUID, account_id: UUID, run_id: UUID, *, is_last_attempt: bool) -> None:
    """Do the next cases of a run for whoever wants it, with the rights that they have now.

    Raises:
        UnavailableError: the database is away; to be tried again unless this is the last attempt.
    """
    system = system_actor(workspace_id)
    try:
        actor = await resolve_person(workspace_id, account_id)
        await open_gateway()
        await _go_on(actor, run_id)
    except (RunNotFoundError, _StoppedError):
        return
    except ExpectedError as error:
        if isinstance(error, UnavailableError) and not is_last_attempt:
            raise
        await _end(system, run_id, *_ending(error))
    except Exception:
        await _end(system, run_id, RunState.FAILED, t("Something went wrong. Please try again."))
        raise


def _ending(error: ExpectedError) -> tuple[RunState, Message]:
    """How a run ends that cannot go on, and why."""
    if isinstance(error, BudgetUsedUpError):
        return RunState.STOPPED, error.message
    if isinstance(error, NotFoundError):
        return RunState.FAILED, t("Whoever started this run may not change the assistant any more.")
    return RunState.FAILED, error.message


async def _go_on(actor: Actor, run_id: UUID) -> None:
    subject, waiting = await _begin(actor, run_id)
    async with _stoppable(actor, run_id):
        await _do(actor, subject, waiting[:IN_ONE_JOB])
    if len(waiting) > IN_ONE_JOB:
        async with unit_of_work(actor) as uow:
            await enqueue(uow, run_id)
    else:
        await _end(actor, run_id, RunState.DONE)


async def _begin(actor: Actor, run_id: UUID) -> tuple[Subject, list[AssistantCaseResult]]:
    async with unit_of_work(actor) as uow:
        run = await queries.hold_run(uow, run_id)
        if run.state not in {RunState.QUEUED, RunState.RUNNING}:
            raise _StoppedError
        if not actor.may(Permission.ASSISTANT_WRITE):
            raise AssistantNotFoundError
        run.state = RunState.RUNNING
        opened = await open_version(uow, run.assistant_id, version_id=run.version_id)
        waiting = await queries.list_open(uow, run_id, IN_ONE_JOB + 1)
        await uow.publish(runs_topic(run.assistant_id))
    return Subject(opened.assistant_id, opened.definition, opened.version_id), waiting


@asynccontextmanager
async def _stoppable(actor: Actor, run_id: UUID) -> AsyncIterator[None]:
    """Break off what is done inside once somebody has stopped the run.

    Raises:
        _StoppedError: somebody did.
    """

    async def look() -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            async with unit_of_work(actor) as uow:
                if await queries.get_state(uow, run_id) != RunState.RUNNING:
                    raise _StoppedError

    try:
        async with asyncio.TaskGroup() as group:
            looking = group.create_task(look())
            yield
            looking.cancel()
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None


async def _do(actor: Actor, subject: Subject, waiting: Sequence[AssistantCaseResult]) -> None:
    """Do some cases, a few at once.

    Raises:
        BudgetUsedUpError: a budget has not enough left for the next one.
    """
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(case: AssistantCaseResult) -> None:
        async with turns:
            await _answer(actor, subject, case)
            await _judge(actor, subject, case)

    try:
        async with asyncio.TaskGroup() as group:
            for case in waiting:
                group.create_task(one(case))
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None


async def _answer(actor: Actor, subject: Subject, case: AssistantCaseResult) -> None:
    if case.state != "pending":
        return
    done = Attempt()
    try:
        await attempt(actor, subject, case.question, done)
    except asyncio.CancelledError:
        async with unit_of_work(actor) as uow:
            book(uow, subject, done)
        raise
    if done.refusal:
        raise done.refusal
    case.answer, case.error = done.text, done.error.as_dict() if done.error else None
    async with unit_of_work(actor) as uow:
        book(uow, subject, done)
        queries.store_answer(uow, case.id, _answered(done))


async def _judge(actor: Actor, subject: Subject, case: AssistantCaseResult) -> None:
    expectations = [Expectation(**each) for each in case.expectations]
    checks = [await _check(actor, subject, case, each) for each in expectations]
    verdict = verdict_of(checks)
    async with unit_of_work(actor) as uow:
        queries.store_verdict(uow, case.id, verdict, [asdict(check) for check in checks])
        await uow.publish(runs_topic(subject.assistant_id))


async def _check(actor: Actor, subject: Subject, case: AssistantCaseResult, expectation: Expectation) -> Check:
    if case.error is not None:
        return Check.of(expectation, Verdict.NOT_JUDGED, t("There is no whole answer."))
    if expectation.kind == "judge":
        return await judge(actor, subject, case.question, case.answer, expectation)
    # Aside, as a large schema may take its time.
    return await asyncio.to_thread(look_up, case.answer, expectation)


def verdict_of(checks: Sequence[Check]) -> Verdict:
    """One that failed fails the case; it passes only when each one has passed."""
    found = {check.verdict for check in checks}
    if Verdict.FAILED in found:
        return Verdict.FAILED
    return Verdict.PASSED if found == {Verdict.PASSED} else Verdict.NOT_JUDGED


def _answered(done: Attempt) -> Answered:
    usage = done.usage
    return Answered(
        answer=done.text,
        error=done.error.as_dict() if done.error else None,
        model=done.model.id if done.model else "",
        first_token_ms=done.first_token_ms,
        total_ms=done.total_ms,
        prompt_tokens=done.prompt_tokens if done.model else None,
        completion_tokens=done.output_tokens,
        cost_nanos=usage.cost_nanos if usage else None,
        currency=usage.currency if usage else "USD",
    )


async def _end(actor: Actor, run_id: UUID, state: RunState, reason: Message | None = None) -> None:
    async with unit_of_work(actor) as uow:
        run = await queries.hold_run(uow, run_id)
        if run.state in {RunState.QUEUED, RunState.RUNNING}:
            run.state, run.ended_at = state, utc_now()
            run.reason = reason.as_dict() if reason else None
            if run.started_by:
                notify(uow, RUN_ENDED, [run.started_by], key=str(run.id), subject_id=run.assistant_id)
            await uow.publish(runs_topic(run.assistant_id))
