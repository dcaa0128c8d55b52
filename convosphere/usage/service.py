"""Booking calls, in the transaction of what they were made for."""

from dataclasses import asdict, dataclass
from uuid import UUID

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.usage import queries


@dataclass(frozen=True)
class CallRecord:
    """What is known of a call when it has ended, however it ended."""

    purpose: str
    model: str
    status: str
    total_ms: int
    first_token_ms: int | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cost_nanos: int | None = None
    currency: str = "USD"


def book_call(
    uow: UnitOfWork, call: CallRecord, *, conversation_id: UUID | None = None, message_id: UUID | None = None
) -> None:
    """Add a call to the ledger when the unit commits."""
    queries.add_call(uow, {**asdict(call), "conversation_id": conversation_id, "message_id": message_id})
