"""Rows as the browser gets them: texts and numbers only."""

from dataclasses import dataclass, field
from typing import Any

from convosphere.playground.schemas import CaseRow, Compared, ResultRow, RunRow
from convosphere.playground.service.trying import Attempt

NANOS = 1_000_000_000
SHORT = 300


@dataclass(frozen=True)
class Fact:
    """How an answer does beside its text; what is not known is empty."""

    status: str = ""
    model: str = ""
    first_token: str = ""
    seconds: str = ""
    tokens: str = ""
    cost: float = 0
    currency: str = ""
    error: dict[str, Any] = field(default_factory=dict)
    note: dict[str, Any] = field(default_factory=dict)
    """Why another model answers than the one that was asked."""


@dataclass(frozen=True)
class ExpectationItem:
    """What is expected, and after a run what came of it."""

    kind: str = "contains"
    value: str = ""
    verdict: str = ""
    said: str = ""
    reason: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CaseItem:
    """A test case in the list."""

    id: str = ""
    question: str = ""
    expectations: list[ExpectationItem] = field(default_factory=list)


@dataclass(frozen=True)
class RunItem:
    """A run in the list."""

    id: str = ""
    version: int = 0
    state: str = ""
    author: str = ""
    created_at: str = ""
    total: int = 0
    done: int = 0
    passed: int = 0
    failed: int = 0
    not_judged: int = 0
    cost: float = 0
    currency: str = ""
    reason: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class AnswerItem:
    """An answer to a case in a run."""

    verdict: str = ""
    text: str = ""
    fact: Fact = field(default_factory=Fact)
    checks: list[ExpectationItem] = field(default_factory=list)


@dataclass(frozen=True)
class ResultItem:
    """A case in a run, and in the run before it if two are compared."""

    id: str
    question: str
    outcome: str
    after: AnswerItem
    before: AnswerItem
    is_compared: bool


def fact_of(attempt: Attempt) -> Fact:
    """How an answer does that is being given."""
    usage = attempt.usage
    tokens = (attempt.prompt_tokens or 0) + (attempt.output_tokens or 0) if attempt.is_over and attempt.model else 0
    has_cost = usage is not None and usage.cost_nanos is not None
    return Fact(
        status=attempt.status,
        model=attempt.model.name if attempt.model else "",
        first_token=_seconds(attempt.first_token_ms),
        seconds=_seconds(attempt.total_ms) if attempt.is_over else "",
        tokens=str(tokens or ""),
        cost=(usage.cost_nanos or 0) / NANOS if usage else 0,
        currency=usage.currency if usage and has_cost else "",
        error=attempt.error.as_dict() if attempt.error else {},
        note=attempt.note.as_dict() if attempt.note else {},
    )


def case_item(row: CaseRow) -> CaseItem:
    """A row of the list of cases."""
    return CaseItem(
        str(row.id), row.question, [ExpectationItem(each["kind"], each["value"]) for each in row.expectations]
    )


def run_item(row: RunRow) -> RunItem:
    """A row of the list of runs."""
    return RunItem(
        id=str(row.id),
        version=row.number,
        state=row.state,
        author=row.author_name,
        created_at=row.created_at.isoformat(),
        total=row.total,
        done=row.done,
        passed=row.passed,
        failed=row.failed,
        not_judged=row.not_judged,
        cost=(row.cost_nanos or 0) / NANOS,
        currency="" if row.cost_nanos is None else row.currency,
        reason=row.reason or {},
    )


def result_item(row: ResultRow) -> ResultItem:
    """A result of one run."""
    return ResultItem(str(row.case_id), row.question, "", _answer(row), AnswerItem(), is_compared=False)


def compared_item(case: Compared) -> ResultItem | None:
    """A case in two runs; None for one that is in neither."""
    shown = case.after or case.before
    if shown is None:
        return None
    return ResultItem(
        str(shown.case_id), shown.question, case.outcome, _answer(case.after), _answer(case.before), is_compared=True
    )


def _answer(row: ResultRow | None) -> AnswerItem:
    if row is None:
        return AnswerItem()
    tokens = (row.prompt_tokens or 0) + (row.completion_tokens or 0)
    fact = Fact(
        status=row.state,
        model=row.model,
        first_token=_seconds(row.first_token_ms),
        seconds=_seconds(row.total_ms),
        tokens=str(tokens or ""),
        cost=(row.cost_nanos or 0) / NANOS,
        currency="" if row.cost_nanos is None else row.currency,
        error=row.error or {},
    )
    checks = [ExpectationItem(**{**check, "reason": check["reason"] or {}}) for check in row.checks]
    return AnswerItem(row.verdict, row.answer, fact, checks)


def _seconds(milliseconds: int | None) -> str:
    return "" if milliseconds is None else f"{milliseconds / 1000:.3f}"
