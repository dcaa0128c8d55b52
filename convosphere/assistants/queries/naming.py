"""What assistants are called, for whoever sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from convosphere.assistants.queries.access import MAY_VIEW
from convosphere.core.unit_of_work import UnitOfWork

_LIST = text(
    f"""
    SELECT a.id, a.name FROM assistant AS a
    WHERE a.id = ANY (:ids) AND a.deleted_at IS NULL
        AND ({MAY_VIEW} OR (:is_reviewer AND a.gallery_state = 'requested'))
    """  # noqa: S608  # Of constants.
)


@dataclass(frozen=True)
class _Named:
    id: UUID
    name: str


async def list_names(uow: UnitOfWork, assistant_ids: Sequence[UUID], *, is_reviewer: bool) -> dict[UUID, str]:
    """Those of some assistants that the actor sees, also what waits for a reviewer, with their names."""
    given = {"ids": list(assistant_ids), "account_id": uow.account_id, "is_reviewer": is_reviewer}
    return {row.id: row.name for row in await uow.rows(_Named, _LIST, given)}
