"""Looking at the people of a workspace, for those who administer them."""

from dataclasses import dataclass, replace
from uuid import UUID

from convosphere.core.authorization import require
from convosphere.core.i18n import Message
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.queries import roster as roster_queries
from convosphere.identity.queries.roster import (
    DeviceRow,
    Factors,
    PeopleCursor,
    PeopleQuery,
    PersonDetail,
    PersonRow,
)
from convosphere.identity.service.roles import role_names

MOST_ON_A_PAGE = 100


@dataclass(frozen=True)
class PeoplePage:
    """Some people in order, how many match, and the place from which the next page goes on."""

    rows: list[PersonRow]
    found: int
    next: PeopleCursor | None


@dataclass(frozen=True)
class PersonCard:
    """All that is shown of one person."""

    detail: PersonDetail
    groups: list[tuple[UUID, str]]
    devices: list[DeviceRow]
    factors: Factors


@dataclass(frozen=True)
class PeopleChoices:
    """What people can be looked for by: the names of roles by key, and groups with theirs."""

    roles: dict[str, Message]
    groups: list[tuple[UUID, str]]


async def list_choices(actor: Actor) -> PeopleChoices:
    """All roles and groups of the workspace; nothing is counted."""
    require(actor, Permission.PERSON_READ)
    async with unit_of_work(actor) as uow:
        return PeopleChoices(await role_names(uow), await roster_queries.list_group_names(uow))


async def list_people(actor: Actor, query: PeopleQuery) -> PeoplePage:
    """A page of the people of the workspace."""
    require(actor, Permission.PERSON_READ)
    size = min(max(query.limit, 1), MOST_ON_A_PAGE)
    query = replace(query, text=query.text.strip()[:200], limit=size + 1)
    async with unit_of_work(actor) as uow:
        rows = await roster_queries.list_people(uow, query)
        found = await roster_queries.count_people(uow, query)
    return PeoplePage(rows[:size], found, rows[size - 1].cursor if len(rows) > size else None)


async def get_person(actor: Actor, account_id: UUID) -> PersonCard:
    """One person of the workspace.

    Raises:
        NotFoundError: there is no such person in it.
    """
    require(actor, Permission.PERSON_READ)
    async with unit_of_work(actor) as uow:
        return PersonCard(
            await roster_queries.get_person(uow, account_id),
            await roster_queries.list_groups_of(uow, account_id),
            await roster_queries.list_devices(uow, account_id),
            await roster_queries.get_factors(uow, account_id),
        )
