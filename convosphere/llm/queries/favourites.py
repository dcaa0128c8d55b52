"""The SQL of models that people want to find first."""

from dataclasses import dataclass

from sqlalchemy import text

from convosphere.core.unit_of_work import UnitOfWork

_LIST = text("SELECT model_id FROM model_favourite WHERE workspace_id = :workspace_id AND account_id = :account_id")
_TOGGLE_ON = text(
    """
    INSERT INTO model_favourite (workspace_id, account_id, model_id) VALUES (:workspace_id, :account_id, :model_id)
    ON CONFLICT DO NOTHING
    """
)
_TOGGLE_OFF = text(
    """
    DELETE FROM model_favourite
    WHERE workspace_id = :workspace_id AND account_id = :account_id AND model_id = :model_id
    """
)


@dataclass(frozen=True)
class _Favourite:
    model_id: str


async def list_favourites(uow: UnitOfWork) -> frozenset[str]:
    """Ids of the actor's, among them those of models that are not offered to them now."""
    rows = await uow.rows(_Favourite, _LIST, {"workspace_id": uow.workspace_id, "account_id": uow.account_id})
    return frozenset(row.model_id for row in rows)


def set_favourite(uow: UnitOfWork, model_id: str, *, is_favourite: bool) -> None:
    """Let the actor find a model first, or no longer."""
    given = {"workspace_id": uow.workspace_id, "account_id": uow.account_id, "model_id": model_id}
    uow.defer(_TOGGLE_ON if is_favourite else _TOGGLE_OFF, given)
