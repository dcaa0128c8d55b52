"""Who can see a thing, and why."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from convosphere.core.authorization import require
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.grants import LEVELS, Level
from convosphere.identity.queries import grants as grant_queries
from convosphere.identity.queries.grants import GrantRow, GroupEdge, ReachedRow
from convosphere.identity.roles import permissions_of
from convosphere.identity.service.grants import GrantKind, GrantKinds

MOST_ROWS = 100

Way = Literal["owner", "person", "group", "everyone", "role"]


@dataclass(frozen=True)
class Reason:
    """One of the ways by which a thing reaches a person, or is kept from them.

    `groups` lead from the one that the person is in to the one that was given it; `role` keeps people from all things
    of a kind.
    """

    way: Way
    level: Level
    is_deny: bool = False
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class AccessRow:
    """What a person may do with a thing, None for nothing, and all that speaks for it or against it.

    The address is told to whoever may read about people.
    """

    account_id: UUID
    name: str
    email: str
    level: Level | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Access:
    """A page of the people whom a thing's grants speak of, and how many there are."""

    rows: Sequence[AccessRow]
    people: int


async def explain_access(
    actor: Actor, object_type: str, object_id: UUID, *, name: str = "", skip: int = 0, most: int = 20
) -> Access:
    """People whom a thing that the actor manages was given or denied, with the reasons; some by a part of their name.

    Raises:
        NotFoundError: the actor manages no such thing.
    """
    kind = GrantKinds.get(object_type)
    require(actor, kind.shared_with)
    async with unit_of_work(actor) as uow:
        thing = await kind.fetch(uow, object_id)
        reached, people = await grant_queries.list_reached(
            uow, object_type, object_id, thing.owner_id, name=name.strip(), skip=max(skip, 0),
            most=max(1, min(most, MOST_ROWS)),
        )  # fmt: skip
        grants = await grant_queries.list_grants(uow, object_type, object_id)
        groups = await _Groups.around(uow, reached)
    if not actor.may(Permission.PERSON_READ):
        reached = [replace(person, email="") for person in reached]
    return Access([_explained(person, kind, thing.owner_id, grants, groups) for person in reached], people)


class _Groups:
    """Which groups lead from a person to a group."""

    def __init__(self, edges: Sequence[GroupEdge], names: Mapping[UUID, str]) -> None:
        self._names = names
        self._above: dict[UUID, list[UUID]] = {}
        for edge in edges:
            self._above.setdefault(edge.member_id, []).append(edge.group_id)

    @classmethod
    async def around(cls, uow: UnitOfWork, people: Sequence[ReachedRow]) -> "_Groups":
        """Those around some people; without any in a group nothing is asked."""
        if not any(person.groups for person in people):
            return cls([], {})
        edges = await grant_queries.list_edges(uow, [person.account_id for person in people])
        return cls(edges, await grant_queries.list_group_names(uow, list({edge.group_id for edge in edges})))

    def way(self, account_id: UUID, group_id: UUID) -> tuple[str, ...]:
        """The shortest one, by names."""
        came_from: dict[UUID, UUID] = {}
        waiting = deque([account_id])
        while waiting:
            here = waiting.popleft()
            if here == group_id:
                break
            for above in self._above.get(here, []):
                if above not in came_from:
                    came_from[above] = here
                    waiting.append(above)
        names, step = [], group_id
        while step != account_id and step in came_from:
            names.append(self._names.get(step, ""))
            step = came_from[step]
        return tuple(reversed(names))


def _explained(
    person: ReachedRow, kind: GrantKind, owner_id: UUID, grants: Sequence[GrantRow], groups: _Groups
) -> AccessRow:
    reasons = [Reason("owner", "manage")] if person.account_id == owner_id else []
    for grant in grants:
        if grant.subject_type == "everyone" or grant.subject_id == person.account_id:
            reasons.append(Reason(grant.subject_type, grant.level, grant.is_deny))
        elif grant.subject_id and grant.subject_id in person.groups:
            way = groups.way(person.account_id, grant.subject_id)
            reasons.append(Reason("group", grant.level, grant.is_deny, way))
    if kind.seen_with not in permissions_of(person.role, person.permissions):
        reasons.append(Reason("role", "view", is_deny=True))
    return AccessRow(person.account_id, person.name, person.email, _level(reasons), tuple(reasons))


def _level(reasons: Sequence[Reason]) -> Level | None:
    """The most that is given and not denied; nothing is kept from an owner but by the role."""
    if any(reason.way == "role" for reason in reasons):
        return None
    if any(reason.way == "owner" for reason in reasons):
        return "manage"
    given = [LEVELS.index(reason.level) for reason in reasons if not reason.is_deny]
    denied = [LEVELS.index(reason.level) for reason in reasons if reason.is_deny]
    most = min(max(given, default=-1), min(denied, default=len(LEVELS)) - 1)
    return LEVELS[most] if most >= 0 else None
