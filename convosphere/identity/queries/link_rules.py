"""The SQL of what a workspace says of links."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import text

from convosphere.core.unit_of_work import UnitOfWork

ALLOWS_ANYONE: Final = (
    "coalesce((SELECT r.allows_anyone FROM link_rule AS r WHERE r.workspace_id = l.workspace_id), false)"
)
"""True in SQL where the workspace of a link `l` has links that open for anybody."""
_GET_RULE = text("SELECT allows_anyone FROM link_rule WHERE workspace_id = :workspace_id")
_SET_RULE = text(
    """
    INSERT INTO link_rule (workspace_id, allows_anyone) VALUES (:workspace_id, :allows_anyone)
    ON CONFLICT (workspace_id) DO UPDATE SET allows_anyone = excluded.allows_anyone, updated_at = now()
    """
)


@dataclass(frozen=True)
class _Rule:
    allows_anyone: bool


async def allows_anyone(uow: UnitOfWork) -> bool:
    """Whether links of the workspace may open for anybody."""
    row = await uow.row(_Rule, _GET_RULE, {"workspace_id": uow.workspace_id})
    return row is not None and row.allows_anyone


def set_rule(uow: UnitOfWork, *, allows: bool) -> None:
    """Say whether links of the workspace may open for anybody."""
    uow.defer(_SET_RULE, {"workspace_id": uow.workspace_id, "allows_anyone": allows})
