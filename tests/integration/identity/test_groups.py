"""Groups hold people and groups; whoever is in one has what was granted to it, and no longer than that."""

import asyncio
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text
from sqlmodel import col

from convosphere.core.errors import ConflictError, ForbiddenError, NotFoundError
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.errors import NameTakenError
from convosphere.identity.models import EffectiveGroup, GroupMember
from convosphere.identity.queries import groups as group_queries
from convosphere.identity.service import directory, groups
from tests.fixtures.people import People

pytestmark = pytest.mark.usefixtures("database")

TRAIL = text("SELECT action, account_name FROM audit_entry WHERE object_id = :id ORDER BY sequence")


def identity(actor: Actor) -> UUID:
    assert actor.account_id
    return actor.account_id


async def groups_of(actor: Actor) -> set[UUID]:
    async with unit_of_work(actor) as uow:
        found = select(col(EffectiveGroup.group_id)).where(col(EffectiveGroup.account_id) == actor.account_id)
        return set(await uow.session.scalars(found))


async def test_groups_are_listed_from_the_first_and_found_by_their_names(people: People) -> None:
    for name in ("Sales", "finance", "Salamanders", "100% owls"):
        await groups.create_group(people.ada, name)
    assert [row.name for row in await groups.list_groups(people.ada, most=2)] == ["100% owls", "finance"]
    assert [row.name for row in await groups.list_groups(people.ada, "SAL")] == ["Salamanders", "Sales"]
    assert [row.name for row in await groups.list_groups(people.ada, "%")] == ["100% owls"]
    assert await groups.list_groups(people.bob, "sal") == [], "who reads about nobody sees what they manage"


async def test_a_group_in_a_group_brings_its_people_along(people: People) -> None:
    ada, bob = people.ada, people.bob
    sales, berlin, team = [await groups.create_group(ada, name) for name in ("Sales", "Berlin", "Team 3")]
    await groups.add_subgroup(ada, sales, berlin)
    await groups.add_subgroup(ada, berlin, team)
    await groups.add_people(ada, team, [identity(bob)])
    assert await groups_of(bob) == {sales, berlin, team}
    assert {row.name: (row.members, row.people) for row in await groups.list_groups(ada)} == {
        "Berlin": (1, 1), "Sales": (1, 1), "Team 3": (1, 1),
    }  # fmt: skip
    await groups.remove_member(ada, sales, berlin)
    assert await groups_of(bob) == {berlin, team}
    await groups.delete_group(ada, berlin)
    assert await groups_of(bob) == {team}


async def test_a_group_never_holds_itself(people: People) -> None:
    one, two, three = [await groups.create_group(people.ada, name) for name in ("1", "2", "3")]
    await groups.add_subgroup(people.ada, one, two)
    await groups.add_subgroup(people.ada, two, three)
    for inner, outer in ((one, one), (one, two), (one, three)):
        with pytest.raises(ConflictError):
            await groups.add_subgroup(people.ada, outer, inner)


async def test_two_at_once_cannot_close_a_circle(people: People) -> None:
    one, two = [await groups.create_group(people.ada, name) for name in ("1", "2")]
    tries = [groups.add_subgroup(people.ada, one, two), groups.add_subgroup(people.ada, two, one)] * 4
    ended = await asyncio.gather(*tries, return_exceptions=True)
    assert {type(end) for end in ended} == {type(None), ConflictError}
    assert len(await groups.list_members(people.ada, one)) + len(await groups.list_members(people.ada, two)) == 1


async def test_a_name_is_there_once_whatever_its_capitals(people: People) -> None:
    sales = await groups.create_group(people.ada, "Sales")
    with pytest.raises(NameTakenError):
        await groups.create_group(people.ada, " sales ")
    other = await groups.create_group(people.ada, "Other")
    with pytest.raises(NameTakenError):
        await groups.change_group(people.ada, other, "SALES", "")
    await groups.change_group(people.ada, sales, "Sales", "who sells")
    assert await groups.create_group(people.zoe, "Sales"), "another workspace has names of its own"


async def test_a_manager_of_a_group_changes_its_people_and_nothing_else(people: People) -> None:
    ada, bob, eve = people.ada, people.bob, people.eve
    sales, other = [await groups.create_group(ada, name) for name in ("Sales", "Other")]
    await groups.add_people(ada, sales, [identity(bob)], as_managers=True)
    assert await groups.add_people(bob, sales, [identity(eve)]) == 1
    await groups.remove_member(bob, sales, identity(eve))
    with pytest.raises(ForbiddenError):
        await groups.add_people(bob, other, [identity(eve)])
    with pytest.raises(ForbiddenError):
        await groups.delete_group(bob, sales)
    with pytest.raises(ForbiddenError):
        await groups.add_people(eve, sales, [identity(eve)])


async def test_another_workspaces_groups_and_people_are_not_there(people: People) -> None:
    sales = await groups.create_group(people.ada, "Sales")
    for attempt in (
        groups.list_members(people.zoe, sales),
        groups.add_people(people.zoe, sales, [identity(people.zoe)]),
        groups.change_group(people.zoe, sales, "Mine", ""),
        groups.delete_group(people.zoe, sales),
        groups.remove_member(people.zoe, sales, identity(people.bob)),
    ):
        with pytest.raises(NotFoundError):
            await attempt
    assert await groups.add_people(people.ada, sales, [identity(people.zoe)]) == 0
    assert await groups.list_groups(people.zoe) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edges=st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda edge: edge[0] < edge[1])))
async def test_who_is_in_what_is_what_a_walk_finds(people: People, edges: set[tuple[int, int]]) -> None:
    async with unit_of_work(people.ada) as uow:
        await uow.session.execute(delete(GroupMember))
        known = {row.name: row.id for row in await group_queries.list_groups(uow)}
        ids = [known.get(str(n)) or (await group_queries.add_group(uow, str(n), "")).id for n in range(6)]
        workspace_id = uow.workspace_id
        uow.session.add(GroupMember(workspace_id=workspace_id, group_id=ids[0], account_id=identity(people.bob)))
        for inner, outer in edges:
            uow.session.add(GroupMember(workspace_id=workspace_id, group_id=ids[outer], subgroup_id=ids[inner]))
        await uow.session.flush()
        await group_queries.refresh_effective_groups(uow)
    reached = {0}
    for inner, outer in sorted(edges):
        reached |= {outer} if inner in reached else set()
    assert await groups_of(people.bob) == {ids[n] for n in reached}


async def test_changes_are_in_the_trail(people: People) -> None:
    sales = await groups.create_group(people.ada, "Sales")
    await groups.add_people(people.ada, sales, [identity(people.bob)])
    async with unit_of_work(people.ada) as uow:
        found = await uow.session.execute(TRAIL, {"id": sales})
        assert [tuple(row) for row in found] == [("group:create", "Ada"), ("group:add_member", "Ada")]


async def test_ids_are_named_to_whoever_may_read_about_people(people: People) -> None:
    group = await groups.create_group(people.ada, "Crew", "")
    ids = [group, identity(people.bob), identity(people.zoe), new_id()]
    named = await directory.names_of(people.ada, ids)
    assert {row.name: row.is_group for row in named} == {"Crew": True, "Bob": False}, "Zoe is in another workspace"
    assert await directory.names_of(people.bob, [group]) == []
