"""The SQL of the ledger."""

from collections.abc import Mapping

from sqlalchemy import text

from convosphere.core.identifiers import new_id
from convosphere.core.unit_of_work import UnitOfWork

_ADD_CALL = text(
    """
    INSERT INTO model_call (id, workspace_id, account_id, purpose, conversation_id, message_id, model, status,
                            prompt_tokens, completion_tokens, cost_nanos, currency, first_token_ms, total_ms)
    VALUES (:id, :workspace_id, :account_id, :purpose, :conversation_id, :message_id, :model, :status,
            :prompt_tokens, :completion_tokens, :cost_nanos, :currency, :first_token_ms, :total_ms)
    """
)


def add_call(uow: UnitOfWork, call: Mapping[str, object]) -> None:
    """Store a call, given as values of its columns, as made for the unit's actor."""
    own = {"id": new_id(), "workspace_id": uow.workspace_id, "account_id": uow.actor.account_id}
    uow.defer(_ADD_CALL, {**call, **own})
