"""Grants: who manages a thing gives it, denials win, and what is explained is what holds."""

import random
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from convosphere.core.errors import ForbiddenError, InvalidInputError, NotFoundError
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.grants import LEVELS, Level, may_access
from convosphere.identity.models import AccessGrant
from convosphere.identity.service import directory, groups, roles
from convosphere.identity.service.explanations import AccessRow, Reason, explain_access
from convosphere.identity.service.grants import (
    EVERYONE,
    GrantKinds,
    Subject,
    list_grants,
    remove_grant,
    set_grant,
)
from convosphere.knowledge.models import Document
from convosphere.knowledge.service import documents
from convosphere.knowledge.service.sharing import DOCUMENT_GRANTS
from tests.fixtures.documents import plant_document
from tests.fixtures.people import People

pytestmark = pytest.mark.usefixtures("database")
GrantKinds.register(DOCUMENT_GRANTS)


def person(actor: Actor) -> Subject:
    return Subject("person", identity(actor))


def identity(actor: Actor) -> UUID:
    assert actor.account_id
    return actor.account_id


async def level_of(actor: Actor, document_id: UUID) -> Level | None:
    """The most that the condition of every query lets somebody do."""
    held: Level | None = None
    async with unit_of_work(actor) as uow:
        for level in LEVELS:
            may = may_access(actor, "document", col(Document.id), col(Document.owner_id), level)
            if await uow.session.scalar(select(col(Document.id)).where(col(Document.id) == document_id, may)):
                held = level
    return held


async def explained(actor: Actor, document_id: UUID, name: str) -> AccessRow | None:
    rows = (await explain_access(actor, "document", document_id, name=name)).rows
    return next((row for row in rows if row.name == name), None)


async def test_what_is_given_holds_at_once_and_ends_at_once(people: People) -> None:
    ada, bob, eve = people.ada, people.bob, people.eve
    document_id = await plant_document(bob)
    await set_grant(bob, "document", document_id, person(eve), "use")
    assert await level_of(eve, document_id) == "use"
    assert await level_of(ada, document_id) is None, "an owner of the workspace owns no documents of others"
    await set_grant(bob, "document", document_id, person(eve), "manage")
    assert [(row.name, row.level) for row in (await list_grants(eve, "document", document_id)).grants] == [
        ("Eve", "manage")
    ]
    await remove_grant(eve, "document", document_id, person(eve))
    assert await level_of(eve, document_id) is None
    with pytest.raises(NotFoundError):
        await list_grants(eve, "document", document_id)


async def test_a_denial_wins_over_everyone_and_over_groups(people: People) -> None:
    bob, eve = people.bob, people.eve
    document_id = await plant_document(bob)
    team = await groups.create_group(people.ada, "Team")
    await groups.add_people(people.ada, team, [identity(eve)])
    await set_grant(bob, "document", document_id, EVERYONE, "use")
    await set_grant(bob, "document", document_id, Subject("group", team), "manage")
    await set_grant(bob, "document", document_id, person(eve), "edit", is_deny=True)
    assert await level_of(eve, document_id) == "use"
    await set_grant(bob, "document", document_id, person(eve), "view", is_deny=True)
    assert await level_of(eve, document_id) is None
    await documents.share_documents(bob, [document_id], with_everyone=False)
    left = (await list_grants(bob, "document", document_id)).grants
    assert [(row.name, row.is_deny) for row in left] == [("Eve", True)]


async def test_only_who_manages_gives(people: People) -> None:
    bob, eve, zoe = people.bob, people.eve, people.zoe
    document_id = await plant_document(bob)
    await set_grant(bob, "document", document_id, person(eve), "edit")
    for other in (eve, people.ada, zoe):
        for attempt in (
            set_grant(other, "document", document_id, EVERYONE, "view"),
            remove_grant(other, "document", document_id, person(eve)),
            list_grants(other, "document", document_id),
            explain_access(other, "document", document_id),
        ):
            with pytest.raises(NotFoundError):
                await attempt
    guest = replace(bob, permissions=bob.permissions - {Permission.DOCUMENT_SHARE})
    with pytest.raises(ForbiddenError):
        await set_grant(guest, "document", document_id, EVERYONE, "view")


async def test_nothing_strange_is_given(people: People) -> None:
    bob = people.bob
    document_id = await plant_document(bob)
    for subject in (person(people.zoe), Subject("person", new_id()), Subject("group", new_id()), Subject("group")):
        with pytest.raises(NotFoundError):
            await set_grant(bob, "document", document_id, subject, "view")
    with pytest.raises(InvalidInputError):
        await set_grant(bob, "document", document_id, person(bob), "view", is_deny=True)
    with pytest.raises(InvalidInputError):
        await set_grant(bob, "document", document_id, EVERYONE, "view", is_deny=True)
    with pytest.raises(InvalidInputError):
        await set_grant(bob, "document", document_id, EVERYONE, "everything")  # pyright: ignore[reportArgumentType]
    with pytest.raises(NotFoundError):
        await set_grant(bob, "account", identity(bob), EVERYONE, "manage")


async def test_the_trail_says_what_was_and_what_is(people: People) -> None:
    document_id = await plant_document(people.bob)
    await set_grant(people.bob, "document", document_id, person(people.eve), "view")
    await set_grant(people.bob, "document", document_id, person(people.eve), "edit")
    await set_grant(people.bob, "document", document_id, person(people.eve), "edit")
    await remove_grant(people.bob, "document", document_id, person(people.eve))
    async with unit_of_work(people.ada) as uow:
        found = await uow.session.execute(
            text("SELECT before ->> 'level', after ->> 'level', label FROM audit_entry ORDER BY sequence")
        )
        rows = [tuple(row) for row in found]
    assert rows == [(None, "view", "plan.md"), ("view", "edit", "plan.md"), ("edit", None, "plan.md")]


async def test_the_way_through_groups_is_told(people: People) -> None:
    ada, bob, eve = people.ada, people.bob, people.eve
    document_id = await plant_document(bob)
    inner, middle, outer = [await groups.create_group(ada, name) for name in ("Inner", "Middle", "Outer")]
    await groups.add_subgroup(ada, outer, middle)
    await groups.add_subgroup(ada, middle, inner)
    await groups.add_people(ada, inner, [identity(eve)])
    await set_grant(bob, "document", document_id, Subject("group", outer), "view")
    row = await explained(bob, document_id, "Eve")
    assert row
    assert row.email == "", "a member is told no addresses"
    assert (row.level, row.reasons) == ("view", (Reason("group", "view", groups=("Inner", "Middle", "Outer")),))
    owner = await explained(bob, document_id, "Bob")
    assert owner
    assert owner.reasons == (Reason("owner", "manage"),)
    assert await explained(bob, document_id, "Ada") is None


async def test_a_role_that_sees_no_documents_is_told(people: People) -> None:
    document_id = await plant_document(people.bob)
    key = await roles.create_role(people.ada, "Writer", "", {Permission.CONVERSATION_READ})
    await roles.give_role(people.ada, identity(people.eve), key)
    await set_grant(people.bob, "document", document_id, EVERYONE, "use")
    row = await explained(people.bob, document_id, "Eve")
    assert row
    assert (row.level, [reason.way for reason in row.reasons]) == (None, ["everyone", "role"])


async def test_pages_of_it_follow_each_other(people: People) -> None:
    document_id = await plant_document(people.eve)
    await set_grant(people.eve, "document", document_id, EVERYONE, "view")
    pages = [await explain_access(people.eve, "document", document_id, skip=n, most=1) for n in range(4)]
    assert [row.name for page in pages for row in page.rows] == ["Eve", "Ada", "Bob"]
    assert {page.people for page in pages} == {3}


@pytest.mark.parametrize("seed", range(4))
async def test_what_is_explained_is_what_holds(people: People, seed: int) -> None:
    """Whatever is given and denied in whatever groups: the condition and the explanation never part."""
    dice = random.Random(seed)
    ours: Sequence[Actor] = (people.ada, people.bob, people.eve)
    teams = [await groups.create_group(people.ada, f"{n}") for n in range(4)]
    for inner, outer in [(i, o) for i in range(4) for o in range(i) if dice.random() < 0.4]:
        await groups.add_subgroup(people.ada, teams[outer], teams[inner])
    for team in teams:
        await groups.add_people(people.ada, team, [identity(one) for one in ours if dice.random() < 0.4])
    document_id = await plant_document(people.bob)
    subjects = [EVERYONE, person(people.ada), person(people.eve), *(Subject("group", team) for team in teams)]
    for _ in range(6):
        subject = dice.choice(subjects)
        is_deny = subject is not EVERYONE and dice.random() < 0.4
        await set_grant(people.bob, "document", document_id, subject, dice.choice(LEVELS), is_deny=is_deny)
        for one in ours:
            row = await explained(people.bob, document_id, one.name)
            assert (row.level if row else None) == await level_of(one, document_id)


async def test_what_a_group_was_given_goes_with_the_group(people: People) -> None:
    document_id = await plant_document(people.bob)
    team = await groups.create_group(people.ada, "Team")
    await set_grant(people.bob, "document", document_id, Subject("group", team), "view")
    assert [(row.grants, row.people) for row in await groups.list_groups(people.ada)] == [(1, 0)]
    await groups.delete_group(people.ada, team)
    async with unit_of_work(people.ada) as uow:
        assert await uow.session.scalar(select(col(AccessGrant.id))) is None


async def test_people_are_found_without_their_addresses(people: People) -> None:
    found = await directory.look_up(people.bob, "ev", with_groups=True)
    assert [(row.name, row.email) for row in found] == [("Eve", "")]
    assert [row.name for row in await directory.look_up(people.bob, "eve@example.org", with_groups=True)] == ["Eve"]
    assert await directory.look_up(people.bob, "example.org", with_groups=True) == []
    assert await directory.look_up(people.bob, "e", with_groups=True) == [], "a sign is no name"
    assert len(await directory.look_up(people.ada, "example.org", with_groups=True)) == 3
    assert await directory.look_up(people.ada, "zoe", with_groups=True) == []
    await groups.create_group(people.ada, "Everest")
    found = await directory.look_up(people.bob, "eve", with_groups=True)
    assert [(row.name, row.is_group) for row in found] == [("Everest", True), ("Eve", False)]
    guest = replace(people.bob, permissions=frozenset({Permission.ACCOUNT_WRITE, Permission.DOCUMENT_READ}))
    with pytest.raises(ForbiddenError):
        await directory.look_up(guest, "eve", with_groups=True)


async def test_a_member_who_manages_a_group_sees_that_one(people: People) -> None:
    ada, bob = people.ada, people.bob
    mine, other = [await groups.create_group(ada, name) for name in ("Mine", "Other")]
    assert not await groups.manages_groups(bob)
    await groups.add_people(ada, mine, [identity(bob)], as_managers=True)
    assert await groups.manages_groups(bob)
    assert [(row.name, row.is_manager) for row in await groups.list_groups(bob)] == [("Mine", True)]
    assert [(row.name, row.email) for row in await groups.list_members(bob, mine)] == [("Bob", "")]
    with pytest.raises(NotFoundError):
        await groups.list_members(bob, other)
    assert await groups.list_groups(people.eve) == []
