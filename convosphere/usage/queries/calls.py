"""The SQL of the ledger."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import text

from convosphere.core.unit_of_work import UnitOfWork

_ADD_CALL = text(
    """
    INSERT INTO model_call (
        id, workspace_id, account_id, group_ids, purpose, conversation_id, message_id, assistant_id,
        assistant_version_id, model, asked_model, provider, status, error_code, prompt_tokens, cached_tokens,
        completion_tokens, thinking_tokens, is_estimated, cost_nanos, currency, counted_nanos, counted_tokens,
        first_token_ms, last_token_ms, total_ms
    )
    VALUES (
        :id, :workspace_id, :account_id,
        ARRAY(SELECT group_id FROM effective_group WHERE account_id = :account_id ORDER BY group_id),
        :purpose, :conversation_id, :message_id, :assistant_id,
        :assistant_version_id, :model, :asked_model, :provider, :status, :error_code, :prompt_tokens, :cached_tokens,
        :completion_tokens, :thinking_tokens, :is_estimated, :cost_nanos, :currency, :counted_nanos, :counted_tokens,
        :first_token_ms, :last_token_ms, :total_ms
    )
    """
)
_SETTLE = text("SELECT settle_call(:id, :reservation_id)")


def add_call(uow: UnitOfWork, call: Mapping[str, object], reservation_id: UUID | None) -> None:
    """Store a call, given as values of its columns, and count it in budgets and sums, all with the commit."""
    uow.defer(_ADD_CALL, call)
    uow.defer(_SETTLE, {"id": call["id"], "reservation_id": reservation_id})
