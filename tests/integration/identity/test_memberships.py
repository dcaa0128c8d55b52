"""Who is shut out is out on every way at once; nobody goes beyond what they may; the last owner stays."""

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import text

from convosphere.core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from convosphere.core.identifiers import new_id
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.errors import CredentialRefusedError, LastOwnerError, LinkInvalidError
from convosphere.identity.models import Account
from convosphere.identity.queries.roster import PeopleCursor, PeopleQuery
from convosphere.identity.roles import PERMISSIONS, Role
from convosphere.identity.schemas import Client, NewAccount, TokenPair
from convosphere.identity.service import groups, invitations, keys, memberships, roster, tokens
from convosphere.identity.service.credentials import resolve_authorization
from convosphere.identity.service.inviting import NewInvitation, invite, list_open
from convosphere.identity.service.memberships import Outcome
from convosphere.identity.service.roles import give_role
from convosphere.identity.service.sessions import open_session, resolve_actor
from tests.fixtures.people import People

pytestmark = pytest.mark.usefixtures("database")

CLIENT = Client("127.0.0.1", "test")
CARL = NewAccount("Carl", "carl@example.org", "a heron nests at dawn", "en")


def identity(actor: Actor) -> UUID:
    assert actor.account_id
    return actor.account_id


async def signed_in(actor: Actor) -> str:
    async with unit_of_work(actor) as uow:
        account = await uow.session.get(Account, identity(actor))
        assert account
        return (await open_session(uow, account, actor.role, CLIENT)).token


async def as_role(people: People, actor: Actor, role: Role) -> Actor:
    await give_role(people.ada, identity(actor), role)
    return replace(actor, role=role, permissions=PERMISSIONS[role])


async def no_program_gets_in(key: str, pair: TokenPair) -> None:
    for value in (key, pair.access):
        with pytest.raises(CredentialRefusedError):
            await resolve_authorization([f"Bearer {value}"], "127.0.0.1")
    with pytest.raises(CredentialRefusedError):
        await tokens.refresh(pair.refresh, "")


async def test_whoever_is_deactivated_is_out_on_every_way(people: People) -> None:
    admin = await as_role(people, people.bob, Role.ADMIN)
    token, link = await signed_in(admin), await invite(admin, NewInvitation("admin"))
    assert people.ada.workspace_id
    key = await keys.create_key(replace(admin, authenticated_at=utc_now()), "sync", ["document:read"], None)
    pair = await tokens.issue_for_key(key.value, "", "127.0.0.1")
    for value in (key.value, pair.access):
        assert (await resolve_authorization([f"Bearer {value}"], "127.0.0.1")).account_id == admin.account_id
    await memberships.deactivate(people.ada, identity(admin))
    assert (await resolve_actor(token)).is_anonymous
    with pytest.raises(NotFoundError):
        await memberships.resolve_person(people.ada.workspace_id, identity(admin))
    with pytest.raises(LinkInvalidError):
        await invitations.sign_up(
            link.token, NewAccount("Again", "again@example.org", "a long pass word", "en"), CLIENT
        )
    await no_program_gets_in(key.value, pair)
    await memberships.reactivate(people.ada, identity(admin))
    await no_program_gets_in(key.value, pair)
    assert (await memberships.resolve_person(people.ada.workspace_id, identity(admin))).role == Role.ADMIN
    assert (await resolve_actor(token)).is_anonymous, "they sign in anew"


async def test_the_last_owner_stays_whoever_asks_and_how(people: People) -> None:
    admin = await as_role(people, people.bob, Role.ADMIN)
    for actor, wrong in ((admin, ForbiddenError), (people.ada, ForbiddenError)):
        with pytest.raises(wrong):
            await memberships.deactivate(actor, identity(people.ada))
    second = await as_role(people, people.eve, Role.OWNER)
    tries = [
        memberships.deactivate(people.ada, identity(second)), memberships.deactivate(second, identity(people.ada)),
    ] * 3  # fmt: skip
    ended = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(end is None for end in ended) >= 1
    assert {type(end) for end in ended} <= {type(None), LastOwnerError}
    page = await roster.list_people(people.ada, PeopleQuery(role=Role.OWNER, standing="active"))
    assert len(page.rows) == 1


async def test_many_at_once_change_as_far_as_the_actor_may(people: People) -> None:
    admin = await as_role(people, people.bob, Role.ADMIN)
    everybody = [identity(actor) for actor in (people.ada, people.bob, people.eve, people.zoe)]
    assert await memberships.give_roles(admin, everybody, Role.GUEST) == Outcome(2, 2)
    admin = await as_role(people, people.bob, Role.ADMIN)
    assert await memberships.deactivate_all(admin, everybody) == Outcome(1, 3)
    rows = {row.name: row for row in (await roster.list_people(people.ada, PeopleQuery())).rows}
    assert {name: (row.role, row.is_active) for name, row in rows.items()} == {
        "Ada": (Role.OWNER, True), "Bob": (Role.ADMIN, True), "Eve": (Role.GUEST, False),
    }  # fmt: skip
    with pytest.raises(ForbiddenError):
        await memberships.give_roles(admin, [identity(people.eve)], Role.OWNER)
    with pytest.raises(InvalidInputError):
        await memberships.deactivate_all(people.ada, [new_id() for _ in range(501)])
    async with unit_of_work(people.ada) as uow:
        found = await uow.session.execute(
            text("SELECT label FROM audit_entry WHERE action = 'person:deactivate' ORDER BY sequence")
        )
        assert [row[0] for row in found] == ["Eve"]


async def test_another_workspaces_people_are_not_there(people: People) -> None:
    bob = identity(people.bob)
    for attempt in (
        memberships.deactivate(people.zoe, bob),
        memberships.reactivate(people.zoe, bob),
        memberships.end_devices(people.zoe, bob),
        roster.get_person(people.zoe, bob),
    ):
        with pytest.raises(NotFoundError):
            await attempt
    assert await memberships.give_roles(people.zoe, [bob], Role.GUEST) == Outcome(0, 1)
    theirs = await roster.list_people(people.zoe, PeopleQuery())
    assert ([row.name for row in theirs.rows], theirs.found) == (["Zoe"], 1)
    for attempt in (roster.list_people(people.bob, PeopleQuery()), roster.get_person(people.bob, bob)):
        with pytest.raises(ForbiddenError):
            await attempt


async def test_sessions_of_somebody_end_one_by_one_or_together(people: People) -> None:
    tokens = [await signed_in(people.bob) for _ in range(3)]
    devices = (await roster.get_person(people.ada, identity(people.bob))).devices
    assert len(devices) == 3
    assert await memberships.end_devices(people.ada, identity(people.bob), devices[0].id) == 1
    assert await memberships.end_devices(people.ada, identity(people.eve), devices[1].id) == 0
    left = [await resolve_actor(token) for token in tokens]
    assert sum(not actor.is_anonymous for actor in left) == 2
    assert await memberships.end_devices(people.ada, identity(people.bob)) == 2


@pytest.mark.parametrize("sort", ["name", "role", "active"])
@pytest.mark.parametrize("is_descending", [False, True])
async def test_pages_by_key_show_everybody_once(people: People, sort: str, is_descending: bool) -> None:
    await signed_in(people.eve)
    await groups.add_people(people.ada, await groups.create_group(people.ada, "Sales"), [identity(people.bob)])
    query = PeopleQuery(sort=sort, is_descending=is_descending, limit=1)  # pyright: ignore[reportArgumentType]
    seen: list[str] = []
    after: PeopleCursor | None = None
    for _ in range(4):
        page = await roster.list_people(people.ada, replace(query, after=after))
        seen += [row.name for row in page.rows]
        after = page.next
        if after is None:
            break
    wanted = {"name": ["Ada", "Bob", "Eve"], "role": ["Ada", "Bob", "Eve"]}
    assert sorted(seen) == ["Ada", "Bob", "Eve"]
    if sort in wanted:
        assert seen == (wanted[sort][::-1] if is_descending else wanted[sort])
    else:
        assert seen[0 if is_descending else -1] == "Eve"


async def test_search_and_filters_find_people(people: People) -> None:
    sales = await groups.create_group(people.ada, "Sales")
    await groups.add_people(people.ada, sales, [identity(people.bob)])
    await memberships.deactivate(people.ada, identity(people.eve))

    async def names(query: PeopleQuery) -> list[str]:
        page = await roster.list_people(people.ada, query)
        assert page.found == len(page.rows)
        return [row.name for row in page.rows]

    assert await names(PeopleQuery(text="EVE@ex")) == ["Eve"]
    assert await names(PeopleQuery(text="100%_")) == []
    assert await names(PeopleQuery(group_id=sales)) == ["Bob"]
    assert await names(PeopleQuery(standing="inactive")) == ["Eve"]
    assert await names(PeopleQuery(role="member", standing="active")) == ["Bob"]
    assert (await roster.list_people(people.ada, PeopleQuery(text="bob"))).rows[0].groups == "Sales"
    choices = await roster.list_choices(people.ada)
    assert list(choices.roles)[: len(Role)] == [*Role]
    assert [name for _, name in choices.groups] == ["Sales"]
    assert (await roster.list_choices(people.zoe)).groups == []
    with pytest.raises(ForbiddenError):
        await roster.list_choices(people.bob)


async def test_an_invitation_gives_what_its_maker_may_give_now(people: People) -> None:
    admin = await as_role(people, people.bob, Role.ADMIN)
    sales = await groups.create_group(people.ada, "Sales")
    link = await invite(admin, NewInvitation("admin", group_ids=[sales]))
    with pytest.raises(ForbiddenError):
        await invite(admin, NewInvitation("owner", email="x@example.org"))
    with pytest.raises(NotFoundError):
        await invite(people.zoe, NewInvitation("member", group_ids=[sales]))
    manager = await as_role(people, people.bob, Role.MANAGER)
    with pytest.raises(LinkInvalidError):
        await invitations.sign_up(link.token, CARL, CLIENT)
    link = await invite(manager, NewInvitation("member", group_ids=[sales], days=30))
    joined = await invitations.sign_up(link.token, CARL, CLIENT)
    assert joined
    assert [row.name for row in await groups.list_members(people.ada, sales)] == ["Carl"]
    assert [row.role for row in (await list_open(people.ada)).rows] == ["admin"]
    with pytest.raises(ConflictError):
        await invite(manager, NewInvitation("member", email="carl@example.org"))
