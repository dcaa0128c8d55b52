"""Looking at the people of a workspace, for those who administer them."""

from dataclasses import dataclass, replace
from uuid import UUID

from convosphere.core.authorization import require
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
