"""The rules of belonging: who is what, who is let in, and what ends when somebody is not any more."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from convosphere.core.audit.actions import PERSON_DEACTIVATED, PERSON_REACTIVATED, ROLE_GIVEN, SESSION_ENDED
from convosphere.core.authorization import require
from convosphere.core.errors import ConflictError, ExpectedError, ForbiddenError, InvalidInputError, NotFoundError
from convosphere.core.i18n import t
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.queries import memberships as membership_queries
from convosphere.identity.queries import roles as role_queries
from convosphere.identity.queries.roles import Standing
from convosphere.identity.roles import Role, permissions_of
from convosphere.identity.service.notices import tell_role_changed
from convosphere.identity.service.roles import check_may_act_on, check_may_give, check_not_last_owner
from convosphere.identity.service.sessions import tell_sessions

MOST_AT_ONCE = 500
"""People whom one act may be about."""
SHUT_OUT = "shut-out"
"""The kind of topic, with the ids of the workspace and the account, that ends what goes on for whoever is let in no
more."""


@dataclass(frozen=True)
class Outcome:
    """How many people something was done for, and for how many it was refused or there was nothing to do."""

    done: int
    left: int


def people_topic(workspace_id: UUID) -> str:
    """The topic of everybody in a workspace and of invitations to it."""
    return f"people:{workspace_id}"


async def resolve_person(workspace_id: UUID, account_id: UUID) -> Actor:
    """Somebody as they are now, for a job that they asked for earlier.

    Raises:
        NotFoundError: they are not an active member of the workspace any more.
    """
    async with unit_of_work(Actor(account_id, workspace_id, frozenset())) as uow:
        found = await people_now(uow, [account_id])
    if not found:
        raise NotFoundError
    return found[account_id]


async def people_now(uow: UnitOfWork, account_ids: Collection[UUID]) -> dict[UUID, Actor]:
    """Those of some people who are active in the workspace, as actors with what they may do now."""
    found = await membership_queries.list_present(uow, account_ids) if account_ids else {}
    return {
        key: Actor(
            key, uow.workspace_id, permissions_of(each.role, each.custom_permissions), name=each.name,
            email=each.email, role=each.role, locale=each.locale,
        )
        for key, each in found.items()
    }  # fmt: skip


async def give_roles(actor: Actor, account_ids: Sequence[UUID], key: str) -> Outcome:
    """Make several people the same. Those whom the actor may not change, and the last owner, stay what they are.

    Raises:
        NotFoundError: there is no such role.
        ForbiddenError: the role allows more than the actor may.
    """
    require(actor, Permission.PERSON_MANAGE)
    async with unit_of_work(actor) as uow:
        standings = await _hold(uow, account_ids)
        await check_may_give(uow, key)
        done = 0
        for standing in standings:
            done += await _give(uow, standing, key)
        await uow.publish(people_topic(uow.workspace_id))
    return Outcome(done, len(set(account_ids)) - done)


async def deactivate(actor: Actor, account_id: UUID) -> None:
    """Shut somebody out at once, on every way in; their things stay.

    Raises:
        NotFoundError: there is no such person.
        ForbiddenError: they may do more than the actor, or are the actor.
        LastOwnerError: nobody would be left who owns the workspace.
    """
    require(actor, Permission.PERSON_MANAGE)
    async with unit_of_work(actor) as uow:
        standings = await _hold(uow, [account_id])
        if not standings:
            raise NotFoundError
        await check_may_shut_out(uow, standings[0])
        await shut_out(uow, standings)
        await uow.publish(people_topic(uow.workspace_id))


async def deactivate_all(actor: Actor, account_ids: Sequence[UUID]) -> Outcome:
    """The same for several; those whom the actor may not shut out stay."""
    require(actor, Permission.PERSON_MANAGE)
    async with unit_of_work(actor) as uow:
        done = 0
        for standing in await _hold(uow, account_ids):
            if standing.membership.is_active and await _may_shut_out(uow, standing):
                await shut_out(uow, [standing])
                await uow.session.flush()  # Whoever owned the workspace counts no more for the next one.
                done += 1
        await uow.publish(people_topic(uow.workspace_id))
    return Outcome(done, len(set(account_ids)) - done)


async def reactivate(actor: Actor, account_id: UUID) -> None:
    """Let somebody in again; they sign in anew, and keys that ended stay ended.

    Raises:
        NotFoundError: there is no such person.
        ForbiddenError: they would be able to do more than the actor.
        ConflictError: they are being deleted.
    """
    require(actor, Permission.PERSON_MANAGE)
    async with unit_of_work(actor) as uow:
        standings = await _hold(uow, [account_id])
        if not standings:
            raise NotFoundError
        membership = standings[0].membership
        await check_may_act_on(uow, account_id, membership.role)
        if await membership_queries.find_deletion(uow, account_id):
            raise ConflictError(t("This account is being deleted."))
        if not membership.is_active:
            membership.is_active = True
            uow.record(PERSON_REACTIVATED, account_id, label=standings[0].name)
            await uow.publish(people_topic(uow.workspace_id))


async def end_devices(actor: Actor, account_id: UUID, session_id: UUID | None = None) -> int:
    """Sign somebody out everywhere, or from one browser; gives of how many.

    Raises:
        NotFoundError: there is no such person.
        ForbiddenError: they may do more than the actor.
    """
    require(actor, Permission.PERSON_MANAGE)
    async with unit_of_work(actor) as uow:
        standing = await role_queries.get_standing(uow, account_id)
        await check_may_act_on(uow, account_id, standing.membership.role)
        ended = await membership_queries.end_sessions(uow, account_id, session_id)
        for ended_id in ended:
            uow.record(SESSION_ENDED, ended_id, label=standing.name)
        await uow.publish(*(f"session:{ended_id}" for ended_id in ended))
    return len(ended)


async def check_may_shut_out(uow: UnitOfWork, standing: Standing) -> None:
    """Refuse to shut out oneself, somebody who may do more, the last owner, or who is to be given something.

    Raises:
        ForbiddenError, LastOwnerError, ConflictError: accordingly.
    """
    account_id = standing.membership.account_id
    if account_id == uow.actor.account_id:
        raise ForbiddenError(t("This cannot be done to one's own account here."))
    await check_may_act_on(uow, account_id, standing.membership.role)
    await check_may_go(uow, standing)


async def check_may_go(uow: UnitOfWork, standing: Standing) -> None:
    """Refuse to lose the last owner, and whoever is about to be given what somebody leaves behind.

    Raises:
        LastOwnerError, ConflictError: accordingly.
    """
    account_id = standing.membership.account_id
    if standing.membership.role == Role.OWNER:
        await check_not_last_owner(uow, account_id)
    if await membership_queries.is_heir(uow, [account_id]):
        raise ConflictError(
            t("This person is being given what somebody leaves behind. Please wait until that is done.")
        )


async def shut_out(uow: UnitOfWork, standings: Sequence[Standing]) -> None:
    """End every way in of some people, for a unit that holds the lock of roles and may do so."""
    for standing in standings:
        standing.membership.is_active = False
        uow.record(PERSON_DEACTIVATED, standing.membership.account_id, label=standing.name)
    ended = await membership_queries.end_credentials(uow, [standing.membership.account_id for standing in standings])
    people = [standing.membership.account_id for standing in standings]
    await uow.publish(
        *(f"session:{session_id}" for session_id in ended),
        *(f"{SHUT_OUT}:{uow.workspace_id}:{account_id}" for account_id in people),
    )


async def _hold(uow: UnitOfWork, account_ids: Sequence[UUID]) -> list[Standing]:
    if len(account_ids) > MOST_AT_ONCE:
        raise InvalidInputError(t("At most {count} people at once.", count=MOST_AT_ONCE))
    await role_queries.lock_roles(uow)
    return await membership_queries.list_standings(uow, account_ids)


async def _give(uow: UnitOfWork, standing: Standing, key: str) -> bool:
    membership = standing.membership
    try:
        await check_may_act_on(uow, membership.account_id, membership.role)
        if membership.role == Role.OWNER and key != Role.OWNER:
            await check_not_last_owner(uow, membership.account_id)
    except ExpectedError:
        return False
    before, membership.role = membership.role, key
    if before == key:
        return False
    uow.record(ROLE_GIVEN, membership.account_id, label=standing.name, before={"role": before}, after={"role": key})
    await uow.session.flush()
    await tell_role_changed(uow, membership.account_id)
    await tell_sessions(uow, membership.account_id)
    return True


async def _may_shut_out(uow: UnitOfWork, standing: Standing) -> bool:
    try:
        await check_may_shut_out(uow, standing)
    except ExpectedError:
        return False
    return True
