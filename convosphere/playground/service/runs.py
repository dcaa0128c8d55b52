"""Runs of test cases: begun, stopped, gone on with, and two of them compared."""

from dataclasses import replace
from uuid import UUID

from convosphere.assistants.service.opening import check_may_change, open_version
from convosphere.core.authorization import require
from convosphere.core.errors import ConflictError, ForbiddenError
from convosphere.core.i18n import t
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.playground.errors import NoCasesError
from convosphere.playground.queries import cases as case_queries
from convosphere.playground.queries import runs as queries
from convosphere.playground.schemas import Compared, Outcome, ResultRow, RunComparison, RunRow, RunState, Verdict

RUN_TASK = "playground.run_cases"
LOW_PRIORITY = -1
"""Documents that somebody waits for come first."""
MOST_RUNS = 50
_ORDER: tuple[Outcome, ...] = ("worse", "better", "unclear", "changed", "new", "gone", "same")


def runs_topic(assistant_id: UUID) -> str:
    """The topic of the runs of an assistant."""
    return f"case_runs:{assistant_id}"


async def list_runs(actor: Actor, assistant_id: UUID) -> list[RunRow]:
    """The latest runs of an assistant, newest first.

    Raises:
        AssistantNotFoundError: the actor may change no such assistant.
    """
    require(actor, Permission.ASSISTANT_WRITE)
    async with unit_of_work(actor) as uow:
        await check_may_change(uow, assistant_id)
        return await queries.list_runs(uow, assistant_id, MOST_RUNS)


async def get_results(actor: Actor, assistant_id: UUID, run_id: UUID) -> tuple[RunRow, list[ResultRow]]:
    """A run and what became of its cases.

    What was answered from documents is for whoever started the run: it was found with their rights, and whoever else
    may change the assistant may have written the question.

    Raises:
        AssistantNotFoundError: the actor may change no such assistant.
        RunNotFoundError: it has no such run.
    """
    require(actor, Permission.ASSISTANT_WRITE)
    async with unit_of_work(actor) as uow:
        await check_may_change(uow, assistant_id)
        run, results = await queries.get_run(uow, assistant_id, run_id), await queries.list_results(uow, run_id)
        if await queries.reads_for_another(uow, run_id):
            results = [_without_words(result) for result in results]
        return run, results


async def start_run(actor: Actor, assistant_id: UUID, version: int = 0) -> UUID:
    """Ask a version all cases that there are; without a number the current one. A worker does it.

    Raises:
        AssistantNotFoundError: the actor may change no such assistant, or it has no such version.
        NoCasesError: there are no cases.
        ConflictError: a run of this assistant goes on.
    """
    require(actor, Permission.ASSISTANT_WRITE)
    async with unit_of_work(actor) as uow:
        opened = await open_version(uow, assistant_id, version)
        await _refuse_second(uow, assistant_id)
        if not await case_queries.count_cases(uow, assistant_id):
            raise NoCasesError
        run_id = await queries.add_run(uow, assistant_id, opened.version_id)
        await enqueue(uow, run_id)
        await uow.publish(runs_topic(assistant_id))
    return run_id


async def stop_run(actor: Actor, assistant_id: UUID, run_id: UUID) -> None:
    """End a run early; what it has found stays.

    Raises:
        AssistantNotFoundError: the actor may change no such assistant.
        RunNotFoundError: it has no such run.
    """
    require(actor, Permission.ASSISTANT_WRITE)
    async with unit_of_work(actor) as uow:
        await check_may_change(uow, assistant_id)
        run = await queries.hold_run(uow, run_id, assistant_id)
        if run.state in {RunState.QUEUED, RunState.RUNNING}:
            run.state, run.ended_at = RunState.STOPPED, utc_now()
            await uow.publish(runs_topic(assistant_id))


async def resume_run(actor: Actor, assistant_id: UUID, run_id: UUID) -> None:
    """Go on with a run that was stopped or failed: what is done is not asked again.

    Raises:
        AssistantNotFoundError: the actor may change no such assistant.
        RunNotFoundError: it has no such run.
        ForbiddenError: another person started it, and it reads documents for them.
        ConflictError: a run of this assistant goes on.
    """
    require(actor, Permission.ASSISTANT_WRITE)
    async with unit_of_work(actor) as uow:
        await check_may_change(uow, assistant_id)
        await _refuse_second(uow, assistant_id)
        run = await queries.hold_run(uow, run_id, assistant_id)
        if await queries.reads_for_another(uow, run_id):
            raise ForbiddenError
        if run.state in {RunState.STOPPED, RunState.FAILED}:
            run.state, run.reason, run.ended_at, run.started_by = RunState.QUEUED, None, None, uow.account_id
            await enqueue(uow, run_id)
            await uow.publish(runs_topic(assistant_id))


async def compare_runs(actor: Actor, assistant_id: UUID, before_id: UUID, after_id: UUID) -> RunComparison:
    """What became of each case from one run to another, those that came out worse first.

    Raises:
        AssistantNotFoundError: the actor may change no such assistant.
        RunNotFoundError: it has no such run.
    """
    before, was = await get_results(actor, assistant_id, before_id)
    after, became = await get_results(actor, assistant_id, after_id)
    return RunComparison(before, after, compare(was, became))


def compare(before: list[ResultRow], after: list[ResultRow]) -> tuple[Compared, ...]:
    """Results of two runs, case by case, those that came out worse first."""
    was = {result.case_id: result for result in before}
    pairs = [(was.pop(result.case_id, None), result) for result in after]
    compared = [Compared(_outcome(first, second), first, second) for first, second in pairs]
    compared += [Compared("gone", result, None) for result in was.values()]
    return tuple(sorted(compared, key=lambda case: _ORDER.index(case.outcome)))


def _outcome(before: ResultRow | None, after: ResultRow) -> Outcome:
    if before is None:
        return "new"
    if (before.question, before.expectations) != (after.question, after.expectations):
        return "changed"
    was, became = before.verdict, after.verdict
    if not {was, became} <= {Verdict.PASSED, Verdict.FAILED}:
        return "unclear"
    if was == became:
        return "same"
    return "better" if became == Verdict.PASSED else "worse"


def _without_words(result: ResultRow) -> ResultRow:
    return replace(result, answer="", checks=[{**check, "said": ""} for check in result.checks])


async def enqueue(uow: UnitOfWork, run_id: UUID) -> None:
    """Have a worker go on with a run of the actor's, when the unit commits."""
    args = {"workspace_id": str(uow.workspace_id), "account_id": str(uow.account_id), "run_id": str(run_id)}
    await uow.enqueue(RUN_TASK, args, lock=f"case-run:{run_id}", priority=LOW_PRIORITY)


async def _refuse_second(uow: UnitOfWork, assistant_id: UUID) -> None:
    await uow.take_turns(f"case-runs:{assistant_id}")
    if await queries.is_running(uow, assistant_id):
        raise ConflictError(t("A run of this assistant goes on already. Wait for it, or stop it."))
