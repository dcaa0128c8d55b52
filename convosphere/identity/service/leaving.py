"""Leaving for good: what somebody has is deleted or handed over, part by part, then the account goes.

Packages above know what somebody has. Each registers a part here, in the composition roots; they are asked what there
is before anything is lost, and run by one job, which may be repeated.
"""

from dataclasses import dataclass
from typing import ClassVar, Protocol
from uuid import UUID

from convosphere.core.audit.actions import PERSON_DELETED, PERSON_DELETION_ASKED
from convosphere.core.authorization import require
from convosphere.core.errors import ForbiddenError, InvalidInputError, NotFoundError
from convosphere.core.i18n import Message, t
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission, system_actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.models import PersonDeletion
from convosphere.identity.queries import groups as group_queries
from convosphere.identity.queries import memberships as membership_queries
from convosphere.identity.queries import roles as role_queries
from convosphere.identity.queries.roles import Standing
from convosphere.identity.service.memberships import check_may_go, check_may_shut_out, people_topic, shut_out
from convosphere.identity.service.recent import require_recent

DELETE_TASK = "identity.delete_person"


@dataclass(frozen=True)
class Holding:
    """Something that a person has, and how much of it: lost with them, or to be handed over if it is shared."""

    label: Message
    count: int
    is_shared: bool = False


class PersonDeletionPart(Protocol):
    """What a package does when somebody leaves for good."""

    async def count(self, uow: UnitOfWork, account_id: UUID) -> list[Holding]:
        """What the person has; kinds of which there is nothing may be left out."""
        ...

    async def run(self, workspace_id: UUID, account_id: UUID, heir_id: UUID | None) -> None:
        """Delete what is private, and hand over or delete what is shared. Does no harm when it is run again."""
        ...


class PersonDeletionParts:
    """The parts that the composition root has registered, by name, in their order."""

    _parts: ClassVar[dict[str, PersonDeletionPart]] = {}

    @classmethod
    def register(cls, name: str, part: PersonDeletionPart) -> None:
        """Have a part asked and run."""
        cls._parts[name] = part

    @classmethod
    def all(cls) -> list[PersonDeletionPart]:
        """All of them."""
        return list(cls._parts.values())


async def list_holdings(actor: Actor, account_id: UUID) -> list[Holding]:
    """What would be lost or handed over if somebody were deleted.

    Raises:
        NotFoundError: there is no such person.
    """
    if account_id != actor.account_id:
        require(actor, Permission.PERSON_MANAGE)
    else:
        require(actor, Permission.ACCOUNT_USE)
    async with unit_of_work(actor) as uow:
        await role_queries.get_standing(uow, account_id)
    workspace_id = uow.workspace_id
    # Only how many there are is told; whose they are is no right to see them.
    async with unit_of_work(system_actor(workspace_id)) as uow:
        found = [holding for part in PersonDeletionParts.all() for holding in await part.count(uow, account_id)]
    return [holding for holding in found if holding.count]


async def delete_person(actor: Actor, account_id: UUID, heir_id: UUID | None) -> None:
    """Delete somebody: shut out at once, the rest by a job. What they share goes to an heir, or is deleted.

    Asked again, an unfinished deletion is taken up again, as it was asked for first.

    Raises:
        NotFoundError: there is no such person, or no such heir.
        ForbiddenError: they may do more than the actor, or are the actor.
        LastOwnerError: nobody would be left who owns the workspace.
    """
    require(actor, Permission.PERSON_MANAGE)
    async with unit_of_work(actor) as uow:
        standing = await _hold(uow, account_id)
        await check_may_shut_out(uow, standing)
        await _ask(uow, standing, heir_id)


async def delete_own_account(actor: Actor, *, hands_over: bool) -> None:
    """Leave for good. What one shares goes to an owner of the workspace, or is deleted.

    Raises:
        ReauthenticationRequiredError: the person has not proved who they are for a while.
        LastOwnerError: nobody would be left who owns the workspace.
    """
    require(actor, Permission.ACCOUNT_WRITE)
    require_recent(actor)
    if actor.account_id is None:
        raise ForbiddenError
    async with unit_of_work(actor) as uow:
        standing = await _hold(uow, actor.account_id)
        await check_may_go(uow, standing)
        heir_id = await membership_queries.find_owner_beside(uow, actor.account_id) if hands_over else None
        await _ask(uow, standing, heir_id)


async def finish_deletion(workspace_id: UUID, deletion_id: UUID) -> None:
    """Do what was asked for, from the beginning or from wherever it was left; a finished one stays finished.

    Raises:
        InUseError: something of the person came to be meanwhile; to be run again.
    """
    system = system_actor(workspace_id)
    async with unit_of_work(system) as uow:
        deletion = await membership_queries.get_deletion(uow, deletion_id)
    if deletion.finished_at:
        return
    for part in PersonDeletionParts.all():
        await part.run(workspace_id, deletion.account_id, deletion.heir_id)
    await _finish(system, deletion)


async def _hold(uow: UnitOfWork, account_id: UUID) -> Standing:
    await role_queries.lock_roles(uow)
    standings = await membership_queries.list_standings(uow, [account_id])
    if not standings:
        raise NotFoundError
    return standings[0]


async def _ask(uow: UnitOfWork, standing: Standing, heir_id: UUID | None) -> None:
    account_id = standing.membership.account_id
    deletion = await membership_queries.find_deletion(uow, account_id)
    if deletion is None:
        await _check_heir(uow, account_id, heir_id)
        deletion = PersonDeletion(
            workspace_id=uow.workspace_id, account_id=account_id, name=standing.name, heir_id=heir_id,
            requested_by=uow.actor.account_id,
        )  # fmt: skip
        uow.session.add(deletion)
        await shut_out(uow, [standing])
        uow.record(PERSON_DELETION_ASKED, account_id, label=standing.name, after={"heir": heir_id})
    values = {"workspace_id": str(uow.workspace_id), "deletion_id": str(deletion.id)}
    await uow.enqueue(DELETE_TASK, values, lock=f"person:{account_id}")
    await uow.publish(people_topic(uow.workspace_id))


async def _check_heir(uow: UnitOfWork, account_id: UUID, heir_id: UUID | None) -> None:
    if heir_id is None:
        return
    if heir_id == account_id:
        raise InvalidInputError(t("Please choose somebody else to hand things over to."))
    if await membership_queries.find_present(uow, heir_id) is None:
        raise NotFoundError


async def _finish(system: Actor, deletion: PersonDeletion) -> None:
    """As the person, to see whether they belong to another workspace; the trail is told that the system did it."""
    leaving = Actor(deletion.account_id, deletion.workspace_id, frozenset(), role="system")
    async with unit_of_work(leaving) as uow:
        await group_queries.lock_groups(uow)
        await group_queries.remove_from_groups(uow, deletion.account_id)
        await group_queries.refresh_effective_groups(uow)
        await membership_queries.forget_person(uow, deletion.account_id)
        kept = await membership_queries.get_deletion(uow, deletion.id)
        kept.finished_at = utc_now()
        uow.record(
            PERSON_DELETED, deletion.account_id, label=deletion.name, after={"heir": deletion.heir_id}, by=system
        )
        await uow.publish(people_topic(uow.workspace_id))
