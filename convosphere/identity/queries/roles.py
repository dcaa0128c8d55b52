"""The SQL of roles, and of who has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, text
from sqlmodel import col

from convosphere.core.errors import NotFoundError
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.models import Membership, Workspace, WorkspaceRole
from convosphere.identity.roles import Role


@dataclass(frozen=True)
class Standing:
    """A person in the workspace, as far as rights go."""

    membership: Membership
    name: str


async def lock_roles(uow: UnitOfWork) -> None:
    """Be the only one who changes who is what in the workspace, until the unit ends."""
    await uow.session.execute(select(col(Workspace.id)).where(col(Workspace.id) == uow.workspace_id).with_for_update())


async def list_roles(uow: UnitOfWork) -> dict[str, WorkspaceRole]:
    """What the workspace decides about roles, by key."""
    found = await uow.session.scalars(select(WorkspaceRole).order_by(func.lower(col(WorkspaceRole.name))))
    return {role.key: role for role in found}


async def find_role(uow: UnitOfWork, key: str) -> WorkspaceRole | None:
    """What the workspace decides about one role."""
    return await uow.session.get(WorkspaceRole, (uow.workspace_id, key))


async def count_by_role(uow: UnitOfWork) -> dict[str, int]:
    """How many active people have each role."""
    counted = (
        select(col(Membership.role), func.count().label("people"))
        .where(col(Membership.workspace_id) == uow.workspace_id, col(Membership.is_active).is_(True))
        .group_by(col(Membership.role))
    )
    return {row.role: row.people for row in await uow.session.execute(counted)}


async def list_holders(uow: UnitOfWork, built_in: Sequence[str], permission: str) -> list[UUID]:
    """Active people who have one of some roles, or one of the workspace's own that holds a permission."""
    found = text(
        "SELECT m.account_id FROM membership AS m JOIN account AS a ON a.id = m.account_id AND a.is_active"
        " LEFT JOIN role AS r ON r.workspace_id = m.workspace_id AND r.key = m.role AND r.is_custom"
        " WHERE m.workspace_id = :workspace_id AND m.is_active"
        " AND (m.role = ANY (:built_in) OR :permission = ANY (r.permissions))"
    )
    values = {"workspace_id": uow.workspace_id, "built_in": list(built_in), "permission": permission}
    return list(await uow.session.scalars(found, values))


async def count_having(uow: UnitOfWork, key: str) -> int:
    """How many people have a role, or are invited to it."""
    counted = text(
        "SELECT (SELECT count(*) FROM membership WHERE workspace_id = :workspace_id AND role = :key)"
        " + (SELECT count(*) FROM invitation WHERE workspace_id = :workspace_id AND role = :key"
        " AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now())"
    )
    return int(await uow.session.scalar(counted, {"workspace_id": uow.workspace_id, "key": key}) or 0)


async def count_other_owners(uow: UnitOfWork, account_id: UUID) -> int:
    """How many active owners there are beside a person."""
    counted = text(
        "SELECT count(*) FROM membership AS m JOIN account AS a ON a.id = m.account_id WHERE m.role = :owner"
        " AND m.workspace_id = :workspace_id AND m.is_active AND a.is_active AND m.account_id <> :account_id"
    )
    values = {"owner": Role.OWNER, "workspace_id": uow.workspace_id, "account_id": account_id}
    return int(await uow.session.scalar(counted, values) or 0)


async def get_standing(uow: UnitOfWork, account_id: UUID) -> Standing:
    """What a person of the workspace is.

    Raises:
        NotFoundError: there is no such person.
    """
    found = await uow.session.get(Membership, (uow.workspace_id, account_id))
    if found is None:
        raise NotFoundError
    name = await uow.session.scalar(text("SELECT name FROM account WHERE id = :id"), {"id": account_id})
    return Standing(found, str(name))
