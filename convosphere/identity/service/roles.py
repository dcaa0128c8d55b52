"""The rules of roles: what there is, what each allows, and who may give which."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from convosphere.core.audit.actions import ROLE_CHANGED, ROLE_CREATED, ROLE_DELETED, ROLE_GIVEN
from convosphere.core.authorization import require
from convosphere.core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from convosphere.core.i18n import Message, t
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.errors import LastOwnerError, NameTakenError
from convosphere.identity.models import WorkspaceRole
from convosphere.identity.queries import roles as role_queries
from convosphere.identity.roles import ALWAYS, PERMISSIONS, ROLE_NAMES, Role, permissions_of
from convosphere.identity.service.notices import tell_role_changed
from convosphere.identity.service.people import checked_name
from convosphere.identity.service.sessions import tell_role, tell_sessions

CUSTOM_ROLES = 50


@dataclass(frozen=True)
class RoleRow:
    """A role as a list shows it."""

    key: str
    name: Message
    description: str
    permissions: frozenset[Permission]
    is_custom: bool
    requires_second_factor: bool
    people: int


async def list_roles(actor: Actor) -> list[RoleRow]:
    """The built-in roles from the most to the least, then those of the workspace by name."""
    require(actor, Permission.PERSON_READ)
    async with unit_of_work(actor) as uow:
        stored, counts = await role_queries.list_roles(uow), await role_queries.count_by_role(uow)
    custom = [key for key, role in stored.items() if role.is_custom]
    return [_row(key, stored.get(key), counts.get(key, 0)) for key in (*Role, *custom)]


async def list_role_names(actor: Actor) -> dict[str, Message]:
    """What roles are called, by key, for who sees them named in a list."""
    if not actor.may(Permission.PERSON_INVITE):
        require(actor, Permission.AUDIT_READ)
    async with unit_of_work(actor) as uow:
        return await role_names(uow)


async def role_names(uow: UnitOfWork) -> dict[str, Message]:
    """The names of the built-in roles from the most to the least, then of those of the workspace, by key."""
    stored = await role_queries.list_roles(uow)
    custom = {key: Message(role.name) for key, role in stored.items() if role.is_custom}
    return {**{role.value: name for role, name in ROLE_NAMES.items()}, **custom}


async def create_role(actor: Actor, name: str, description: str, permissions: Collection[str]) -> str:
    """Make a role of the workspace's own; gives its key.

    Raises:
        ForbiddenError: it would allow more than the actor may.
        NameTakenError: there is one of this name.
    """
    require(actor, Permission.ROLE_MANAGE)
    allowed = _checked(actor, permissions)
    async with unit_of_work(actor) as uow:
        await role_queries.lock_roles(uow)
        stored = await role_queries.list_roles(uow)
        _check_name(name, stored, "")
        if len(stored) >= CUSTOM_ROLES:
            raise ConflictError(t("There are {count} roles already. Please remove one first.", count=CUSTOM_ROLES))
        role = WorkspaceRole(
            workspace_id=uow.workspace_id, key=f"custom-{secrets.token_hex(6)}", is_custom=True,
            name=checked_name(name), description=description.strip()[:500], permissions=sorted(allowed),
        )  # fmt: skip
        uow.session.add(role)
        uow.record(ROLE_CREATED, label=role.name, after={"permissions": _listed(allowed)})
        return role.key


async def change_role(actor: Actor, key: str, name: str, description: str, permissions: Collection[str]) -> None:
    """Change a role of the workspace's own; whoever has it may do so much at once.

    Raises:
        NotFoundError: there is no such role, or it is a built-in one.
        ForbiddenError: it allows, or would allow, more than the actor may.
    """
    require(actor, Permission.ROLE_MANAGE)
    allowed = _checked(actor, permissions)
    async with unit_of_work(actor) as uow:
        await role_queries.lock_roles(uow)
        stored = await role_queries.list_roles(uow)
        role = _custom(stored, key)
        before = _checked(actor, role.permissions)
        _check_name(name, stored, key)
        role.name, role.description = checked_name(name), description.strip()[:500]
        role.permissions = sorted(allowed)
        uow.record(
            ROLE_CHANGED, label=role.name, before={"permissions": _listed(before)},
            after={"permissions": _listed(allowed)},
        )  # fmt: skip
        await tell_role(uow, key)


async def delete_role(actor: Actor, key: str) -> None:
    """Remove a role that nobody has.

    Raises:
        NotFoundError: there is no such role, or it is a built-in one.
        ConflictError: somebody has it, or is invited to it.
    """
    require(actor, Permission.ROLE_MANAGE)
    async with unit_of_work(actor) as uow:
        await role_queries.lock_roles(uow)
        role = _custom(await role_queries.list_roles(uow), key)
        if await role_queries.count_having(uow, key):
            raise ConflictError(t("Somebody still has this role. Please give them another one first."))
        uow.record(ROLE_DELETED, label=role.name)
        await uow.session.delete(role)


async def require_second_factor(actor: Actor, key: str, *, is_required: bool) -> None:
    """Say whether those who have a role need a second factor; who has none is asked to add one before anything else.

    Raises:
        NotFoundError: there is no such role.
    """
    require(actor, Permission.ROLE_MANAGE)
    async with unit_of_work(actor) as uow:
        await role_queries.lock_roles(uow)
        role = await role_queries.find_role(uow, key)
        if role is None:
            if key not in frozenset(Role):
                raise NotFoundError
            role = WorkspaceRole(workspace_id=uow.workspace_id, key=key, is_custom=False)
            uow.session.add(role)
        if key == Role.OWNER and actor.role != Role.OWNER:
            raise ForbiddenError
        role.requires_second_factor = is_required
        uow.record(ROLE_CHANGED, label=role.name or key, after={"requires_second_factor": is_required})
        await tell_role(uow, key)


async def give_role(actor: Actor, account_id: UUID, key: str) -> None:
    """Make somebody something else, with effect on what they do next, in every tab.

    Raises:
        NotFoundError: there is no such person or role.
        ForbiddenError: the one role or the other allows more than the actor may.
        LastOwnerError: nobody would be left who owns the workspace.
    """
    require(actor, Permission.PERSON_MANAGE)
    async with unit_of_work(actor) as uow:
        await role_queries.lock_roles(uow)
        await check_may_give(uow, key)
        standing = await role_queries.get_standing(uow, account_id)
        membership = standing.membership
        await check_may_act_on(uow, account_id, membership.role)
        if membership.role == Role.OWNER and key != Role.OWNER:
            await check_not_last_owner(uow, account_id)
        before, membership.role = membership.role, key
        uow.record(ROLE_GIVEN, account_id, label=standing.name, before={"role": before}, after={"role": key})
        await tell_role_changed(uow, account_id)
        await tell_sessions(uow, account_id)


async def list_holders(uow: UnitOfWork, permission: Permission) -> list[UUID]:
    """Everybody in the unit's workspace who holds a permission."""
    built_in = [role.value for role, permissions in PERMISSIONS.items() if permission in permissions]
    return await role_queries.list_holders(uow, built_in, permission)


async def check_may_give(uow: UnitOfWork, key: str) -> None:
    """Refuse a role that allows more than the actor may: nobody gives what they do not have.

    Raises:
        NotFoundError: there is no such role.
        ForbiddenError: it allows more, or it is the owner's and the actor owns nothing.
    """
    stored = await role_queries.find_role(uow, key)
    if key not in frozenset(Role) and (stored is None or not stored.is_custom):
        raise NotFoundError
    custom = stored.permissions if stored and stored.is_custom else None
    _check_within(uow.actor, key, permissions_of(key, custom))


async def check_may_act_on(uow: UnitOfWork, account_id: UUID, role: str) -> None:
    """Refuse to act on somebody who may do more than the actor.

    Raises:
        ForbiddenError: they may.
    """
    if account_id != uow.actor.account_id:
        stored = await role_queries.find_role(uow, role)
        custom = stored.permissions if stored and stored.is_custom else None
        _check_within(uow.actor, role, permissions_of(role, custom))


async def check_not_last_owner(uow: UnitOfWork, account_id: UUID) -> None:
    """Refuse to lose the last owner; the unit holds the lock of roles.

    Raises:
        LastOwnerError: there is no other.
    """
    if not await role_queries.count_other_owners(uow, account_id):
        raise LastOwnerError


def _check_within(actor: Actor, key: str, permissions: frozenset[Permission]) -> None:
    if actor.role == "system":
        return
    if (key == Role.OWNER and actor.role != Role.OWNER) or not permissions <= actor.permissions:
        raise ForbiddenError(t("This role allows more than yours does."))


def _checked(actor: Actor, permissions: Collection[str]) -> frozenset[Permission]:
    known = frozenset(Permission)
    if strange := [name for name in permissions if name not in known or name == Permission.PUBLIC]:
        raise InvalidInputError(t("There is no permission called {name}.", name=strange[0][:60]))
    allowed = ALWAYS | {Permission(name) for name in permissions}
    _check_within(actor, "", allowed)
    return allowed


def _check_name(name: str, stored: dict[str, WorkspaceRole], own_key: str) -> None:
    wanted = checked_name(name).casefold()
    taken = {role.name.casefold() for role in stored.values() if role.is_custom and role.key != own_key}
    built_in = {text.in_locale(locale).casefold() for text in ROLE_NAMES.values() for locale in ("en", "de")}
    if wanted in taken | built_in:
        raise NameTakenError


def _custom(stored: dict[str, WorkspaceRole], key: str) -> WorkspaceRole:
    role = stored.get(key)
    if role is None or not role.is_custom:
        raise NotFoundError
    return role


def _row(key: str, stored: WorkspaceRole | None, people: int) -> RoleRow:
    custom = stored if stored and stored.is_custom else None
    return RoleRow(
        key=key,
        name=Message(custom.name) if custom else ROLE_NAMES[Role(key)],
        description=custom.description if custom else "",
        permissions=permissions_of(key, custom.permissions if custom else None),
        is_custom=custom is not None,
        requires_second_factor=stored.requires_second_factor if stored else False,
        people=people,
    )


def _listed(permissions: frozenset[Permission]) -> str:
    return " ".join(sorted(permissions))
