"""What conversations and folders are called, for whoever sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from convosphere.chat.queries.access import MAY
from convosphere.chat.queries.folder_access import MAY_VIEW_FOLDER
from convosphere.core.unit_of_work import UnitOfWork

# Of a temporary one nothing is told, not even a name that somebody has given it.
_LIST_TITLES = text(
    f"""
    SELECT c.id, CASE WHEN c.expires_at IS NULL THEN c.title ELSE '' END AS name FROM conversation AS c
    WHERE c.id = ANY (:ids) AND {MAY["view"]} AND c.deleted_at IS NULL
        AND (c.expires_at IS NULL OR c.expires_at > now())
    """  # noqa: S608
)
_LIST_FOLDERS = text(f"SELECT f.id, f.name FROM conversation_folder AS f WHERE f.id = ANY (:ids) AND {MAY_VIEW_FOLDER}")  # noqa: S608  # Of constants.


@dataclass(frozen=True)
class _Named:
    id: UUID
    name: str


async def list_titles(uow: UnitOfWork, conversation_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Those of some conversations that the actor sees, with their titles."""
    given = {"ids": list(conversation_ids), "account_id": uow.account_id}
    return {row.id: row.name for row in await uow.rows(_Named, _LIST_TITLES, given)}


async def list_folder_names(uow: UnitOfWork, folder_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Those of some folders that the actor sees, with their names."""
    given = {"ids": list(folder_ids), "account_id": uow.account_id}
    return {row.id: row.name for row in await uow.rows(_Named, _LIST_FOLDERS, given)}
