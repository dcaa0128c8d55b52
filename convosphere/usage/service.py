"""Booking calls, in the transaction of what they were made for."""

from dataclasses import dataclass
from uuid import UUID

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.usage.models import ModelCall


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
    uow.session.add(
        ModelCall(
            workspace_id=uow.workspace_id,
            account_id=uow.actor.account_id,
            conversation_id=conversation_id,
            message_id=message_id,
            **call.__dict__,
        )
    )
