"""What is told to the ledger, and what it and budgets say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_CEILING, Decimal
from typing import Literal
from uuid import UUID

from convosphere.core.identifiers import new_id

SubjectType = Literal["workspace", "group", "person", "assistant"]
Period = Literal["day", "month"]
Unit = Literal["money", "tokens"]
CallPurpose = Literal["answer", "title", "summary", "follow_ups", "rewriting", "embedding", "rerank", "speech",
                      "describing", "image", "playground", "judging", "test"]  # fmt: skip

_MILLION = Decimal(1_000_000)


@dataclass(frozen=True)
class CallRecord:
    """What is known of a call when it has ended, however it ended.

    `counted_…` is what budgets count where the cost or the tokens are not known for sure; without it they count what
    is known.
    """

    purpose: CallPurpose
    model: str
    status: str
    total_ms: int
    first_token_ms: int | None = None
    last_token_ms: int | None = None
    prompt_tokens: int | None = None
    cached_tokens: int | None = None
    completion_tokens: int | None = None
    thinking_tokens: int | None = None
    is_estimated: bool = False
    cost_nanos: int | None = None
    currency: str = "USD"
    counted_nanos: int | None = None
    counted_tokens: int | None = None
    provider: str = ""
    asked_model: str = ""
    error_code: str = ""
    assistant_id: UUID | None = None
    assistant_version_id: UUID | None = None


@dataclass(frozen=True)
class PlannedPrice:
    """Billionths of the currency for a million tokens."""

    input_nanos: int
    output_nanos: int
    currency: str

    def nanos(self, prompt_tokens: int, output_tokens: int) -> int:
        """What so many tokens cost, rounded up."""
        exact = (self.input_nanos * prompt_tokens + self.output_nanos * output_tokens) / _MILLION
        return int(exact.to_integral_value(ROUND_CEILING))

    @property
    def per_output_token(self) -> Decimal:
        """What one more token of an answer costs."""
        return self.output_nanos / _MILLION


@dataclass(frozen=True)
class PlannedCall:
    """A call before it is made, estimated on the safe side. Without a `price` it counts in budgets of tokens alone.

    `most_output` is what its answer may take; of less than `least_output` there would be no use. `beside_…` is set
    aside for a small call that follows it, such as that of a title. `flat_nanos`, in the currency of the `price`, is
    what it costs besides its tokens, such as by the second.
    """

    prompt_tokens: int
    most_output: int
    least_output: int = 256
    price: PlannedPrice | None = None
    assistant_id: UUID | None = None
    beside_prompt: int = 0
    beside_output: int = 0
    flat_nanos: int = 0

    @property
    def beside_nanos(self) -> int:
        """What the call beside it costs."""
        return self.price.nanos(self.beside_prompt, self.beside_output) if self.price else 0

    @property
    def least_tokens(self) -> int:
        """What it takes at least."""
        return self.prompt_tokens + min(self.least_output, self.most_output) + self.beside_prompt + self.beside_output

    @property
    def least_nanos(self) -> int | None:
        """What it costs at least."""
        if self.price is None:
            return None
        tokens = self.price.nanos(self.prompt_tokens, min(self.least_output, self.most_output))
        return tokens + self.beside_nanos + self.flat_nanos

    def fits(self, left: Mapping[str, int]) -> bool:
        """Whether it may be made where so much is left, by currency and under `tokens`."""
        if self.least_tokens > left.get("tokens", self.least_tokens):
            return False
        if self.price is None or not self.least_nanos:
            return True
        return self.least_nanos <= left.get(self.price.currency, self.least_nanos)


@dataclass(frozen=True)
class BudgetStanding:
    """A budget that holds for somebody, and what is used of it in this period; running calls may use what is `held`."""

    budget_id: UUID
    holder_id: UUID
    period_start: date
    name: str
    subject_type: str
    is_per_person: bool
    period: str
    unit: str
    currency: str
    amount: int
    warn_at: list[int]
    is_hard: bool
    spent: int
    held: int
    renews_at: datetime

    @property
    def left(self) -> int:
        """What may still be used."""
        return max(0, self.amount - self.spent - self.held)

    @property
    def is_shared(self) -> bool:
        """Whether several people use it together."""
        return not self.is_per_person and self.subject_type != "person"

    @property
    def kind(self) -> str:
        """What is counted: `tokens`, or a currency."""
        return self.currency or "tokens"

    @property
    def percent(self) -> int:
        """How much of it is used."""
        return min(999, 100 * (self.spent + self.held) // self.amount)

    @property
    def is_warning(self) -> bool:
        """Whether the person should know."""
        return any(self.percent >= level for level in self.warn_at) or self.percent >= 100


@dataclass(frozen=True)
class Reservation:
    """What is set aside for a call, and for the one beside it.

    `output_tokens` is how long its answer may be so that it stays inside; None where no budget holds. `warning` is the
    budget that is nearest to its end, if it is near.
    """

    id: UUID = field(default_factory=new_id)
    beside_id: UUID | None = None
    output_tokens: int | None = None
    warning: BudgetStanding | None = None


@dataclass(frozen=True)
class BudgetDraft:
    """A budget as somebody wants it."""

    name: str
    subject_type: SubjectType
    subject_id: UUID | None
    is_per_person: bool
    period: Period
    unit: Unit
    currency: str
    amount: int
    warn_at: tuple[int, ...]
    is_hard: bool


@dataclass(frozen=True)
class BudgetRow(BudgetStanding):
    """A budget as a list shows it. `people` counts those who have used up theirs, of one that each has for themselves,
    and `spent` is then the most that one of them has used."""

    subject_id: UUID | None = None
    subject_name: str = ""
    people: int = 0


@dataclass(frozen=True)
class UsageLine:
    """What was used, all together or of one day, person, model ... whose `key` it is.

    Costs are billionths by currency, which are never added to one another. `counted` are the same with estimates where
    the cost is not known for sure; `unpriced` calls have no known cost.
    """

    key: str = ""
    name: str = ""
    calls: int = 0
    failed: int = 0
    stopped: int = 0
    unpriced: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    thinking_tokens: int = 0
    costs: Mapping[str, int] = field(default_factory=dict)
    counted: Mapping[str, int] = field(default_factory=dict)
    first_token_ms: int | None = None

    @property
    def tokens(self) -> int:
        """All of them."""
        return self.prompt_tokens + self.completion_tokens


@dataclass(frozen=True)
class UsageReport:
    """What was used from a day to another, in all ways of looking at it; each the most expensive first."""

    since: date
    until: date
    total: UsageLine
    days: list[UsageLine]
    people: list[UsageLine]
    groups: list[UsageLine]
    assistants: list[UsageLine]
    models: list[UsageLine]
    purposes: list[UsageLine]
