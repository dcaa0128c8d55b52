"""The SQL of runs. Whoever calls has made sure that the actor may change the assistant."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import func, select, text
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.playground.errors import RunNotFoundError
from convosphere.playground.models import AssistantCaseResult, AssistantCaseRun
from convosphere.playground.schemas import ResultRow, RunRow, RunState

_RUNS = """
    SELECT r.id, v.number, r.state, r.reason, coalesce(o.name, '') AS author_name, r.created_at,
        count(*)::integer AS total, (count(*) FILTER (WHERE c.state = 'done'))::integer AS done,
        (count(*) FILTER (WHERE c.verdict = 'passed'))::integer AS passed,
        (count(*) FILTER (WHERE c.verdict = 'failed'))::integer AS failed,
        (count(*) FILTER (WHERE c.verdict = 'not_judged'))::integer AS not_judged,
        sum(c.cost_nanos)::bigint AS cost_nanos, max(c.currency) AS currency
    FROM assistant_case_run AS r JOIN assistant_version AS v ON v.id = r.version_id
    JOIN assistant_case_result AS c ON c.run_id = r.id
    LEFT JOIN account AS o ON o.id = r.started_by
    WHERE r.assistant_id = :assistant_id AND (CAST(:run_id AS uuid) IS NULL OR r.id = CAST(:run_id AS uuid))
    GROUP BY r.id, v.number, o.name ORDER BY r.id DESC LIMIT :limit
"""
_LIST = text(_RUNS)
_LIST_RUNNING = text(
    """
    SELECT r.assistant_id, a.name, count(*)::integer AS total,
        (count(*) FILTER (WHERE c.state = 'done'))::integer AS done
    FROM assistant_case_run AS r JOIN assistant AS a ON a.id = r.assistant_id AND a.deleted_at IS NULL
    JOIN assistant_case_result AS c ON c.run_id = r.id
    WHERE r.started_by = :account_id AND r.workspace_id = :workspace_id AND r.state IN ('queued', 'running')
    GROUP BY r.id, a.name ORDER BY r.id DESC LIMIT :limit
    """
)
_RESULTS = text(
    """
    SELECT case_id, question, expectations, state, verdict, answer, checks, error, model, first_token_ms, total_ms,
        prompt_tokens, completion_tokens, cost_nanos, currency
    FROM assistant_case_result WHERE run_id = :run_id ORDER BY position
    """
)
_IS_ANOTHERS = text(
    """
    SELECT r.started_by IS DISTINCT FROM :account_id AND v.definition #>> '{knowledge,scope}' <> 'none' AS is_so
    FROM assistant_case_run AS r JOIN assistant_version AS v ON v.id = r.version_id WHERE r.id = :run_id
    """
)
_FILL = text(
    """
    INSERT INTO assistant_case_result (id, workspace_id, run_id, case_id, position, question, expectations)
    SELECT gen_random_uuid(), c.workspace_id, :run_id, c.id, row_number() OVER (ORDER BY c.id), c.question,
        c.expectations
    FROM assistant_case AS c WHERE c.assistant_id = :assistant_id
    """
)
_ANSWER = text(
    """
    UPDATE assistant_case_result SET state = 'answered', answer = :answer, error = :error, model = :model,
        first_token_ms = :first_token_ms, total_ms = :total_ms, prompt_tokens = :prompt_tokens,
        completion_tokens = :completion_tokens, cost_nanos = :cost_nanos, currency = :currency
    WHERE id = :id AND state = 'pending'
    """
)
_JUDGE = text(
    "UPDATE assistant_case_result SET state = 'done', verdict = :verdict, checks = :checks"
    " WHERE id = :id AND state = 'answered'"
)


@dataclass(frozen=True)
class RunningRow:
    """A run that goes on, of which assistant, and how far it is."""

    assistant_id: UUID
    name: str
    total: int
    done: int


@dataclass(frozen=True)
class _Is:
    is_so: bool


@dataclass(frozen=True)
class Answered:
    """An answer to a case, with what it took."""

    answer: str
    error: dict[str, Any] | None
    model: str
    first_token_ms: int | None
    total_ms: int
    prompt_tokens: int | None
    completion_tokens: int | None
    cost_nanos: int | None
    currency: str


async def add_run(uow: UnitOfWork, assistant_id: UUID, version_id: UUID) -> UUID:
    """Store a run of all cases that there are now."""
    run = AssistantCaseRun(
        workspace_id=uow.workspace_id, assistant_id=assistant_id, version_id=version_id,
        started_by=uow.actor.account_id,
    )  # fmt: skip
    uow.session.add(run)
    await uow.session.flush()
    await uow.session.execute(_FILL, {"run_id": run.id, "assistant_id": assistant_id})
    return run.id


async def list_runs(uow: UnitOfWork, assistant_id: UUID, limit: int) -> list[RunRow]:
    """The latest runs of an assistant, newest first."""
    return await uow.rows(RunRow, _LIST, {"assistant_id": assistant_id, "run_id": None, "limit": limit})


async def list_running(uow: UnitOfWork, limit: int) -> list[RunningRow]:
    """Runs that the actor started and that go on."""
    given = {"account_id": uow.account_id, "workspace_id": uow.workspace_id, "limit": limit}
    return await uow.rows(RunningRow, _LIST_RUNNING, given)


async def get_run(uow: UnitOfWork, assistant_id: UUID, run_id: UUID) -> RunRow:
    """A run of an assistant.

    Raises:
        RunNotFoundError: it has no such run.
    """
    found = await uow.row(RunRow, _LIST, {"assistant_id": assistant_id, "run_id": run_id, "limit": 1})
    if found is None:
        raise RunNotFoundError
    return found


async def hold_run(uow: UnitOfWork, run_id: UUID, assistant_id: UUID | None = None) -> AssistantCaseRun:
    """A run that nobody else changes meanwhile.

    Raises:
        RunNotFoundError: there is no such run, or not of that assistant.
    """
    found = await uow.session.scalar(
        select(AssistantCaseRun).where(col(AssistantCaseRun.id) == run_id).with_for_update()
    )
    if found is None or assistant_id not in {None, found.assistant_id}:
        raise RunNotFoundError
    return found


async def get_state(uow: UnitOfWork, run_id: UUID) -> str:
    """Where a run is; "" where it is gone."""
    return await uow.session.scalar(select(col(AssistantCaseRun.state)).where(col(AssistantCaseRun.id) == run_id)) or ""


async def is_running(uow: UnitOfWork, assistant_id: UUID) -> bool:
    """Whether a run of an assistant goes on."""
    going_on = col(AssistantCaseRun.state).in_([RunState.QUEUED, RunState.RUNNING])
    counted = select(func.count()).where(col(AssistantCaseRun.assistant_id) == assistant_id, going_on)
    return bool(await uow.session.scalar(counted))


async def list_results(uow: UnitOfWork, run_id: UUID) -> list[ResultRow]:
    """What became of the cases of a run, in their order."""
    return await uow.rows(ResultRow, _RESULTS, {"run_id": run_id})


async def reads_for_another(uow: UnitOfWork, run_id: UUID) -> bool:
    """Whether the answers of a run may hold what documents say that another person sees, rather than the actor."""
    row = await uow.row(_Is, _IS_ANOTHERS, {"run_id": run_id, "account_id": uow.actor.account_id})
    return row is not None and row.is_so


async def list_open(uow: UnitOfWork, run_id: UUID, limit: int) -> list[AssistantCaseResult]:
    """The next cases of a run that are not done."""
    waiting = select(AssistantCaseResult).where(
        col(AssistantCaseResult.run_id) == run_id, col(AssistantCaseResult.state) != "done"
    )
    return list(await uow.session.scalars(waiting.order_by(col(AssistantCaseResult.position)).limit(limit)))


def store_answer(uow: UnitOfWork, result_id: UUID, answered: Answered) -> None:
    """Keep an answer, when the unit commits, unless there is one."""
    error = Jsonb(answered.error) if answered.error else None
    uow.defer(_ANSWER, {**answered.__dict__, "error": error, "id": result_id})


def store_verdict(uow: UnitOfWork, result_id: UUID, verdict: str, checks: list[Mapping[str, Any]]) -> None:
    """Keep what came of a case, when the unit commits."""
    uow.defer(_JUDGE, {"verdict": verdict, "checks": Jsonb(checks), "id": result_id})
