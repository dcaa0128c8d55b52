"""Giving others rights to a thing, whatever kind of thing it is."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol
from uuid import UUID

from convosphere.core.audit.actions import Action, SharingFacts
from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError, NotFoundError
from convosphere.core.i18n import t
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.grants import LEVELS, Level
from convosphere.identity.models import AccessGrant
from convosphere.identity.queries import grants as grant_queries
from convosphere.identity.queries import groups as group_queries
from convosphere.identity.queries.grants import GrantRow, SubjectType

MOST_GRANTS = 200
"""Of one thing: whoever needs more makes a group."""


class GrantedThing(Protocol):
    """A thing that has an owner and may be shared."""

    @property
    def id(self) -> UUID: ...
    @property
    def name(self) -> str: ...
    @property
    def owner_id(self) -> UUID: ...


@dataclass(frozen=True)
class GrantKind:
    """What a package tells of the things that it lets people share.

    Args:
        object_type: as in `access_grant`.
        seen_with, shared_with: what somebody needs to see such things at all, and to share them.
        action: what the trail calls it.
        fetch: gives the thing, locked, if the unit's actor may `manage` it; raises `NotFoundError` if not.
        announce: tells others, when the unit commits, that who sees the thing has changed.
        least: what is given to whoever is added, unless more is chosen.
        has_file: a thing has a file, which is got with `use` and not with `view`.
        is_private: the trail does not keep what such things are called.
    """

    object_type: str
    seen_with: Permission
    shared_with: Permission
    action: Action[SharingFacts]
    fetch: Callable[[UnitOfWork, UUID], Awaitable[GrantedThing]]
    announce: Callable[[UnitOfWork, UUID], Awaitable[None]]
    least: Level = "use"
    has_file: bool = False
    is_private: bool = False

    def label(self, thing: "GrantedThing") -> str:
        """What the trail calls a thing."""
        return "" if self.is_private else thing.name


class GrantKinds:
    """What can be shared, and who hears of it; the composition root registers both."""

    _kinds: ClassVar[dict[str, GrantKind]] = {}
    _listeners: ClassVar[dict[str, "GrantListener"]] = {}

    @classmethod
    def register(cls, kind: GrantKind) -> None:
        """Let things of a kind be shared."""
        cls._kinds[kind.object_type] = kind

    @classmethod
    def get(cls, object_type: str) -> GrantKind:
        """The kind of a thing.

        Raises:
            NotFoundError: nothing of this kind is shared.
        """
        if object_type not in cls._kinds:
            raise NotFoundError
        return cls._kinds[object_type]

    @classmethod
    def listen(cls, name: str, listener: "GrantListener") -> None:
        """Tell somebody, in the same unit, of everything that people are newly given."""
        cls._listeners[name] = listener

    @classmethod
    async def tell(cls, uow: UnitOfWork, kind: GrantKind, thing: GrantedThing, subject: "Subject") -> None:
        """Tell all listeners."""
        for listener in cls._listeners.values():
            await listener(uow, kind, thing, subject)


@dataclass(frozen=True)
class Subject:
    """Who is given something: a person, a group, or everyone in the workspace."""

    type: SubjectType
    id: UUID | None = None


EVERYONE = Subject("everyone")
GrantListener = Callable[[UnitOfWork, GrantKind, GrantedThing, Subject], Awaitable[None]]
"""Hears which thing was given to whom."""


@dataclass(frozen=True)
class Sharing:
    """Who was given what of a thing beside its owner."""

    name: str
    owner_id: UUID
    grants: Sequence[GrantRow]
    least: Level = "use"
    has_file: bool = False


async def list_grants(actor: Actor, object_type: str, object_id: UUID) -> Sharing:
    """What was given of a thing that the actor manages.

    Raises:
        NotFoundError: the actor manages no such thing.
    """
    kind = GrantKinds.get(object_type)
    require(actor, kind.shared_with)
    async with unit_of_work(actor) as uow:
        thing = await kind.fetch(uow, object_id)
        grants = await grant_queries.list_grants(uow, object_type, object_id)
        return Sharing(thing.name, thing.owner_id, grants, kind.least, kind.has_file)


async def set_grant(
    actor: Actor, object_type: str, object_id: UUID, subject: Subject, level: Level, *, is_deny: bool = False
) -> None:
    """Let somebody do `level` with a thing and all below it, in place of what they had; or keep them from it.

    Raises:
        NotFoundError: the actor manages no such thing, or there is no such person or group.
        InvalidInputError: it is for the owner, keeps everyone out, or is no level; or there are too many.
    """
    kind = GrantKinds.get(object_type)
    require(actor, kind.shared_with)
    if level not in LEVELS or (is_deny and subject.type == "everyone"):
        raise InvalidInputError(t("This cannot be given."))
    async with unit_of_work(actor) as uow:
        thing = await kind.fetch(uow, object_id)
        await _check_subject(uow, thing, subject)
        grant = await grant_queries.find_grant(uow, object_type, object_id, subject.type, subject.id)
        before = _facts(grant, subject)
        if grant is None:
            await _check_number(uow, object_type, object_id)
            grant = AccessGrant(
                workspace_id=uow.workspace_id, object_type=object_type, object_id=object_id, level=level,
                subject_type=subject.type, subject_id=subject.id, created_by=uow.account_id,
            )  # fmt: skip
            uow.session.add(grant)
        grant.level, grant.is_deny = level, is_deny
        after = _facts(grant, subject)
        if before != after:
            uow.record(kind.action, object_id, label=kind.label(thing), before=before, after=after)
            await kind.announce(uow, object_id)
        if before is None and not is_deny:
            await GrantKinds.tell(uow, kind, thing, subject)


async def remove_grant(actor: Actor, object_type: str, object_id: UUID, subject: Subject) -> None:
    """Take back what somebody was given of a thing, or is kept from.

    Raises:
        NotFoundError: the actor manages no such thing, or nothing was given.
    """
    kind = GrantKinds.get(object_type)
    require(actor, kind.shared_with)
    async with unit_of_work(actor) as uow:
        thing = await kind.fetch(uow, object_id)
        grant = await grant_queries.find_grant(uow, object_type, object_id, subject.type, subject.id)
        if grant is None:
            raise NotFoundError
        uow.record(kind.action, object_id, label=kind.label(thing), before=_facts(grant, subject))
        await uow.session.delete(grant)
        await kind.announce(uow, object_id)


async def _check_subject(uow: UnitOfWork, thing: GrantedThing, subject: Subject) -> None:
    if (subject.type == "everyone") != (subject.id is None):
        raise NotFoundError
    if subject.type == "person" and subject.id == thing.owner_id:
        raise InvalidInputError(t("Whoever something belongs to may do everything with it."))
    if subject.type == "person" and subject.id and not await group_queries.find_people(uow, [subject.id]):
        raise NotFoundError
    if subject.type == "group" and subject.id:
        await group_queries.get_group(uow, subject.id)


async def _check_number(uow: UnitOfWork, object_type: str, object_id: UUID) -> None:
    if len(await grant_queries.list_grants(uow, object_type, object_id)) >= MOST_GRANTS:
        raise InvalidInputError(
            t("This is shared with {count} people and groups already. Please use a group.", count=MOST_GRANTS)
        )


def _facts(grant: AccessGrant | None, subject: Subject) -> SharingFacts | None:
    if grant is None:
        return None
    facts = SharingFacts(shared_with=subject.type, level=grant.level, is_denied=grant.is_deny)
    return facts | {"subject": subject.id} if subject.id else facts
