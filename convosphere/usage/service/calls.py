"""Booking calls, in the transaction of what they were made for."""

from dataclasses import asdict
from uuid import UUID

from convosphere.core.identifiers import new_id
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.usage.queries import calls as call_queries
from convosphere.usage.schemas import CallRecord


def book_call(
    uow: UnitOfWork,
    call: CallRecord,
    *,
    conversation_id: UUID | None = None,
    message_id: UUID | None = None,
    reservation_id: UUID | None = None,
) -> None:
    """Add a call of the unit's actor to the ledger, to the sums and to all budgets that hold, when the unit commits.

    `reservation_id` is what was reserved for it, which is settled by that.
    """
    known = (call.prompt_tokens or 0) + (call.completion_tokens or 0)
    counted_tokens = known if call.counted_tokens is None else call.counted_tokens
    counted_nanos = call.cost_nanos if call.counted_nanos is None else call.counted_nanos
    row = {
        **asdict(call), "counted_tokens": counted_tokens, "counted_nanos": counted_nanos, "id": new_id(),
        "workspace_id": uow.workspace_id, "account_id": uow.actor.account_id, "conversation_id": conversation_id,
        "message_id": message_id,
    }  # fmt: skip
    call_queries.add_call(uow, row, reservation_id)
