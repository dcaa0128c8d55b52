"""The rules of groups: people who get something together."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from convosphere.core.audit.actions import (
    GROUP_CHANGED,
    GROUP_CREATED,
    GROUP_DELETED,
    GROUP_MEMBER_ADDED,
    GROUP_MEMBER_REMOVED,
)
from convosphere.core.authorization import require
from convosphere.core.errors import ConflictError, ForbiddenError, NotFoundError
from convosphere.core.i18n import t
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.models import GroupMember
from convosphere.identity.queries import groups as group_queries
from convosphere.identity.queries.groups import GroupRow, MemberRow
from convosphere.identity.service.people import checked_name

DESCRIPTION_LENGTH = 500


async def list_groups(actor: Actor, part: str = "", most: int | None = None) -> list[GroupRow]:
    """The first groups of the workspace by name; for whoever may not read about people, of those that they manage.

    Args:
        part: what their names contain.
        most: how many at the most; None is all.
    """
    _require_factor(actor)
    managed_only = not actor.may(Permission.PERSON_READ)
    async with unit_of_work(actor) as uow:
        return await group_queries.list_groups(uow, managed_only=managed_only, part=part, most=most)


async def manages_groups(actor: Actor) -> bool:
    """Whether there is a group that the actor manages."""
    require(actor, Permission.ACCOUNT_USE)
    async with unit_of_work(actor) as uow:
        return not actor.lacks_factor and await group_queries.manages_groups(uow)


async def list_members(actor: Actor, group_id: UUID) -> list[MemberRow]:
    """Who is directly in a group; addresses only for whoever may read about people.

    Raises:
        NotFoundError: there is no such group, or the actor neither reads about people nor manages it.
    """
    _require_factor(actor)
    reads = actor.may(Permission.PERSON_READ)
    async with unit_of_work(actor) as uow:
        await group_queries.get_group(uow, group_id)
        if not reads and not await group_queries.is_manager(uow, group_id):
            raise NotFoundError
        members = await group_queries.list_members(uow, group_id)
    return members if reads else [replace(member, email="") for member in members]


async def create_group(actor: Actor, name: str, description: str = "") -> UUID:
    """Make an empty group.

    Raises:
        NameTakenError: there is one of this name.
    """
    require(actor, Permission.GROUP_MANAGE)
    async with unit_of_work(actor) as uow:
        group = await group_queries.add_group(uow, checked_name(name), description.strip()[:DESCRIPTION_LENGTH])
        uow.record(GROUP_CREATED, group.id, label=group.name)
        await _tell(uow)
        return group.id


async def change_group(actor: Actor, group_id: UUID, name: str, description: str) -> None:
    """Rename or describe a group.

    Raises:
        NotFoundError: there is no such group.
        NameTakenError: another one has this name.
    """
    require(actor, Permission.GROUP_MANAGE)
    async with unit_of_work(actor) as uow:
        group = await group_queries.get_group(uow, group_id)
        before = group.name
        group.name, group.description = checked_name(name), description.strip()[:DESCRIPTION_LENGTH]
        await group_queries.flush_name(uow)
        uow.record(GROUP_CHANGED, group.id, label=group.name, before={"name": before}, after={"name": group.name})
        await _tell(uow)


async def delete_group(actor: Actor, group_id: UUID) -> None:
    """Remove a group; what was granted to it is granted to nobody any more.

    Raises:
        NotFoundError: there is no such group.
    """
    require(actor, Permission.GROUP_MANAGE)
    async with unit_of_work(actor) as uow:
        await group_queries.lock_groups(uow)
        group = await group_queries.get_group(uow, group_id)
        uow.record(GROUP_DELETED, group.id, label=group.name)
        await uow.session.delete(group)
        await uow.session.flush()
        await group_queries.forget_grants(uow, group_id)
        await group_queries.refresh_effective_groups(uow)
        await _tell(uow)


async def add_people(actor: Actor, group_id: UUID, account_ids: Sequence[UUID], *, as_managers: bool = False) -> int:
    """Put people into a group; gives how many were new or changed. Unknown ones are left out.

    Raises:
        NotFoundError: there is no such group.
        ForbiddenError: the actor neither manages groups nor this one.
    """
    async with unit_of_work(actor) as uow:
        await _may_change(uow, group_id)
        await group_queries.lock_groups(uow)
        known = await group_queries.find_people(uow, account_ids)
        return await put_into(uow, group_id, known, as_managers=as_managers)


async def put_into(uow: UnitOfWork, group_id: UUID, account_ids: Sequence[UUID], *, as_managers: bool = False) -> int:
    """Put people of the workspace into a group, for a unit that holds the lock of groups and may do so."""
    changed = 0
    for account_id in account_ids:
        member = await group_queries.find_member(uow, group_id, account_id)
        if member and member.is_manager == as_managers:
            continue
        if member is None:
            member = GroupMember(workspace_id=uow.workspace_id, group_id=group_id, account_id=account_id)
            uow.session.add(member)
        member.is_manager = as_managers
        uow.record(GROUP_MEMBER_ADDED, group_id, after={"member": account_id, "is_manager": as_managers})
        changed += 1
    await uow.session.flush()
    await group_queries.refresh_effective_groups(uow)
    await _tell(uow)
    return changed


async def add_subgroup(actor: Actor, group_id: UUID, subgroup_id: UUID) -> None:
    """Put a group into a group: whoever is in it is in the other one, too.

    Raises:
        NotFoundError: one of them does not exist.
        ConflictError: it would hold itself.
    """
    require(actor, Permission.GROUP_MANAGE)
    async with unit_of_work(actor) as uow:
        await group_queries.lock_groups(uow)
        await group_queries.get_group(uow, group_id)
        subgroup = await group_queries.get_group(uow, subgroup_id)
        if await group_queries.is_above(uow, subgroup_id, group_id):
            raise ConflictError(t("A group cannot hold itself, not even through others."))
        if await group_queries.find_member(uow, group_id, subgroup_id) is None:
            uow.session.add(GroupMember(workspace_id=uow.workspace_id, group_id=group_id, subgroup_id=subgroup_id))
            await uow.session.flush()
            uow.record(GROUP_MEMBER_ADDED, group_id, label=subgroup.name, after={"member": subgroup_id})
            await group_queries.refresh_effective_groups(uow)
            await _tell(uow)


async def remove_member(actor: Actor, group_id: UUID, member_id: UUID) -> None:
    """Take a person or a group out of a group.

    Raises:
        NotFoundError: there is no such group, or nobody like that in it.
        ForbiddenError: the actor neither manages groups nor this one.
    """
    async with unit_of_work(actor) as uow:
        await _may_change(uow, group_id)
        await group_queries.lock_groups(uow)
        member = await group_queries.find_member(uow, group_id, member_id)
        if member is None:
            raise NotFoundError
        await uow.session.delete(member)
        await uow.session.flush()
        uow.record(GROUP_MEMBER_REMOVED, group_id, before={"member": member_id})
        await group_queries.refresh_effective_groups(uow)
        await _tell(uow)


async def _may_change(uow: UnitOfWork, group_id: UUID) -> None:
    await group_queries.get_group(uow, group_id)
    if not uow.actor.may(Permission.GROUP_MANAGE):
        require(uow.actor, Permission.ACCOUNT_WRITE)
        _require_factor(uow.actor)
        if not await group_queries.is_manager(uow, group_id):
            raise ForbiddenError


def _require_factor(actor: Actor) -> None:
    """What a manager of a group may do hangs on no permission, so a factor that is lacking is asked for here."""
    require(actor, Permission.ACCOUNT_USE)
    if actor.lacks_factor:
        raise ForbiddenError


async def _tell(uow: UnitOfWork) -> None:
    await uow.publish(f"groups:{uow.workspace_id}")
