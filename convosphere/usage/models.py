"""Table of the ledger."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from convosphere.core.identifiers import new_id
from convosphere.core.model import Table, timestamp_column


class ModelCall(Table, table=True):
    """One call to a model, whole, stopped or failed. Unknown numbers are NULL, never 0."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID
    account_id: UUID | None = None
    purpose: str
    """`answer` or `title`."""
    conversation_id: UUID | None = None
    message_id: UUID | None = None
    model: str
    status: str
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cost_nanos: int | None = None
    """Billionths of the currency."""
    currency: str = "USD"
    first_token_ms: int | None = None
    total_ms: int
    created_at: datetime = timestamp_column(default_now=True)
