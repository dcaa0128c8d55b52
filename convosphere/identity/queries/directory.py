"""The SQL of looking people and groups up, to name them somewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from convosphere.core.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class DirectoryRow:
    """A person or a group; a group has no address."""

    id: UUID
    name: str
    email: str
    is_group: bool


_PEOPLE = """
    SELECT a.id, a.name, a.email, false AS is_group
    FROM membership AS m JOIN account AS a ON a.id = m.account_id
    WHERE m.workspace_id = :workspace_id AND m.is_active AND a.is_active
        AND (strpos(lower(a.name), :text) > 0 OR a.email = :text OR (:by_address AND strpos(a.email, :text) > 0))
"""
_GROUPS = """
    SELECT id, name, '' AS email, true AS is_group FROM person_group WHERE strpos(lower(name), :text) > 0
"""
_FIND = text(f"SELECT * FROM ({_GROUPS} UNION ALL {_PEOPLE}) AS found ORDER BY is_group DESC, lower(name) LIMIT :most")  # noqa: S608  # Nothing of it comes from outside.
_FIND_PEOPLE = text(f"{_PEOPLE} ORDER BY lower(a.name) LIMIT :most")

_NAMED = text(
    """
    SELECT id, name, '' AS email, true AS is_group FROM person_group WHERE id = ANY(:ids)
    UNION ALL
    SELECT a.id, a.name, a.email, false FROM membership AS m JOIN account AS a ON a.id = m.account_id
    WHERE m.workspace_id = :workspace_id AND a.id = ANY(:ids)
    """
)


async def find(uow: UnitOfWork, wanted: str, *, by_address: bool, with_groups: bool, most: int) -> list[DirectoryRow]:
    """Active people and groups whose name contains a text, or whose address it is; with `by_address` also parts."""
    values = {"workspace_id": uow.workspace_id, "text": wanted, "by_address": by_address, "most": most}
    return await uow.rows(DirectoryRow, _FIND if with_groups else _FIND_PEOPLE, values)


async def list_named(uow: UnitOfWork, ids: Sequence[UUID]) -> list[DirectoryRow]:
    """Those of some ids that are people, also deactivated ones, or groups of the workspace."""
    return await uow.rows(DirectoryRow, _NAMED, {"workspace_id": uow.workspace_id, "ids": list(ids)})
