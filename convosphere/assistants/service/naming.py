"""What assistants are called, for packages that know them by their ids alone."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from convosphere.core.unit_of_work import UnitOfWork

_NAME = text("SELECT id, name FROM assistant WHERE id = ANY (:ids)")


@dataclass(frozen=True)
class _Named:
    id: UUID
    name: str


async def name_assistants(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, str]:
    """Names by id, whoever may use them; those that are gone have none."""
    return {row.id: row.name for row in await uow.rows(_Named, _NAME, {"ids": list(ids)})}
