"""Tables of the ledger and of budgets. The sums of days (`usage_day`) are read and written in SQL alone."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Column, Integer
from sqlmodel import Field

from convosphere.core.identifiers import new_id
from convosphere.core.model import Table, id_array_column, timestamp_column


class ModelCall(Table, table=True):
    """One call to a model, whole, stopped or failed. Unknown numbers are NULL, never 0."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID
    account_id: UUID | None = None
    group_ids: list[UUID] = id_array_column()
    """The groups that the person was in."""
    purpose: str
    """`answer`, `title`, `embedding` ..."""
    conversation_id: UUID | None = None
    message_id: UUID | None = None
    assistant_id: UUID | None = None
    assistant_version_id: UUID | None = None
    model: str
    asked_model: str = ""
    """The model that was wanted, where another one answered."""
    provider: str = ""
    status: str
    error_code: str = ""
    prompt_tokens: int | None = None
    cached_tokens: int | None = None
    completion_tokens: int | None = None
    thinking_tokens: int | None = None
    is_estimated: bool = False
    """Whether the provider gave no numbers, as when an answer was stopped."""
    cost_nanos: int | None = None
    """Billionths of the currency."""
    currency: str = "USD"
    counted_nanos: int | None = None
    """What budgets count: the cost, or an estimate of what is not known for sure."""
    counted_tokens: int = 0
    first_token_ms: int | None = None
    last_token_ms: int | None = None
    total_ms: int
    created_at: datetime = timestamp_column(default_now=True)


class Budget(Table, table=True):
    """How much may be used in a day or a month, by whom."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID
    name: str
    subject_type: str
    """`workspace`, `group`, `person` or `assistant`."""
    subject_id: UUID | None = None
    is_per_person: bool = False
    """Whether each person of the subject has as much for themselves, rather than all together."""
    period: str
    """`day` or `month`, of the workspace's time zone."""
    unit: str
    """`money` or `tokens`."""
    currency: str = ""
    amount: int = Field(sa_column=Column(BigInteger, nullable=False))
    """Billionths of the currency, or tokens."""
    warn_at: list[int] = Field(default_factory=list, sa_column=Column(ARRAY(Integer), nullable=False))
    """Per cent at which to warn."""
    is_hard: bool = True
    """Whether it refuses what is more, rather than only warning."""
    created_by: UUID | None = None
    created_at: datetime = timestamp_column(default_now=True)
    updated_at: datetime = timestamp_column(default_now=True)


class BudgetPeriod(Table, table=True):
    """What was used of a budget in one day or month; `holder_id` is all zeros where it is shared."""

    budget_id: UUID = Field(primary_key=True)
    holder_id: UUID = Field(primary_key=True)
    period_start: date = Field(primary_key=True)
    workspace_id: UUID
    spent: int = Field(sa_column=Column(BigInteger, nullable=False))


class BudgetReservation(Table, table=True):
    """What a call that runs may use of a budget; after `expires_at` its process is believed dead."""

    id: UUID = Field(primary_key=True)
    budget_id: UUID = Field(primary_key=True)
    holder_id: UUID
    period_start: date
    workspace_id: UUID
    amount: int = Field(sa_column=Column(BigInteger, nullable=False))
    expires_at: datetime = timestamp_column()
