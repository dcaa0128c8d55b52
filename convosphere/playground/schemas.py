"""What test cases are made of, and what their doors take and give."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Literal
from uuid import UUID

from convosphere.core.i18n import Message

LONGEST_QUESTION: Final = 4_000
MOST_EXPECTATIONS: Final = 8
MOST_CASES: Final = 200

Kind = Literal["contains", "not_contains", "regex", "json_schema", "judge"]
LONGEST: Final[Mapping[Kind, int]] = {
    "contains": 500, "not_contains": 500, "regex": 500, "json_schema": 10_000, "judge": 1_000,
}  # fmt: skip
"""The kinds of expectations, and how long what is expected may be."""


class Verdict(StrEnum):
    """What came out of an expectation, or of all of a case."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_JUDGED = "not_judged"
    """Nobody can say: there is no answer, or no verdict that could be read."""


class RunState(StrEnum):
    """Where a run is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    """Somebody stopped it, or a budget is used up; it can go on."""
    FAILED = "failed"
    """It could not go on, for a reason that is named; it can be tried again."""


@dataclass(frozen=True)
class Expectation:
    """What is expected of an answer: a text in it, a pattern, a schema, or a criterion in words for a model."""

    kind: Kind
    value: str


@dataclass(frozen=True)
class Check:
    """What came of an expectation. `reason` is a message as a record, `said` what the judge wrote."""

    kind: str
    value: str
    verdict: Verdict
    reason: Mapping[str, Any] | None = None
    said: str = ""

    @classmethod
    def of(cls, expectation: Expectation, verdict: Verdict, reason: Message | None = None, said: str = "") -> "Check":
        """What came of this one."""
        return cls(expectation.kind, expectation.value, verdict, reason.as_dict() if reason else None, said)


@dataclass(frozen=True)
class CaseDraft:
    """A case as somebody writes it."""

    question: str
    expectations: tuple[Expectation, ...]


@dataclass(frozen=True)
class CaseRow:
    """A case in the list of an assistant's."""

    id: UUID
    question: str
    expectations: list[dict[str, str]]


@dataclass(frozen=True)
class RunRow:
    """A run in the list of an assistant's; `cost_nanos` is None where no answer's cost is known."""

    id: UUID
    number: int
    state: str
    reason: dict[str, Any] | None
    author_name: str
    created_at: datetime
    total: int
    done: int
    passed: int
    failed: int
    not_judged: int
    cost_nanos: int | None
    currency: str


@dataclass(frozen=True)
class ResultRow:
    """What became of a case in a run; `expectations` are those of that time."""

    case_id: UUID
    question: str
    expectations: list[dict[str, str]]
    state: str
    verdict: str
    answer: str
    checks: list[dict[str, Any]]
    error: dict[str, Any] | None
    model: str
    first_token_ms: int | None
    total_ms: int | None
    prompt_tokens: int | None
    completion_tokens: int | None
    cost_nanos: int | None
    currency: str


Outcome = Literal["better", "worse", "same", "unclear", "new", "gone", "changed"]


@dataclass(frozen=True)
class Compared:
    """A case in two runs; one that was changed between them, or not judged in one, says nothing of the versions."""

    outcome: Outcome
    before: ResultRow | None
    after: ResultRow | None


@dataclass(frozen=True)
class RunComparison:
    """Two runs, case by case, what changed first."""

    before: RunRow
    after: RunRow
    cases: tuple[Compared, ...] = field(default=())

    def count(self, outcome: Outcome) -> int:
        """How many cases came out so."""
        return sum(case.outcome == outcome for case in self.cases)
