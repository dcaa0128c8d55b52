"""Roles: nobody gives what they do not have, the last owner stays, and a change counts with the next thing done."""

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlmodel import col

from convosphere.core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.errors import LastOwnerError, NameTakenError
from convosphere.identity.models import Account, WebSession
from convosphere.identity.roles import ALWAYS, PERMISSIONS, Role
from convosphere.identity.schemas import Client
from convosphere.identity.service import roles
from convosphere.identity.service.sessions import open_session, resolve_actor
from tests.fixtures.people import People

pytestmark = pytest.mark.usefixtures("database")

READERS = {Permission.DOCUMENT_READ, Permission.CONVERSATION_READ}


def identity(actor: Actor) -> UUID:
    assert actor.account_id
    return actor.account_id


async def signed_in(actor: Actor) -> str:
    """A fresh session's token."""
    async with unit_of_work(actor) as uow:
        account = await uow.session.get(Account, identity(actor))
        assert account
        return (await open_session(uow, account, Role(actor.role), Client("127.0.0.1", "test"))).token


async def test_a_custom_role_counts_with_the_next_thing_done(people: People) -> None:
    token = await signed_in(people.bob)
    key = await roles.create_role(people.ada, "Reader", "only reads", READERS)
    await roles.give_role(people.ada, identity(people.bob), key)
    assert (await resolve_actor(token)).permissions == READERS | ALWAYS
    await roles.change_role(people.ada, key, "Reader", "", {Permission.DOCUMENT_READ})
    assert (await resolve_actor(token)).permissions == {Permission.DOCUMENT_READ} | ALWAYS
    row = next(row for row in await roles.list_roles(people.ada) if row.is_custom)
    assert (str(row.name), row.people) == ("Reader", 1)
    with pytest.raises(ConflictError):
        await roles.delete_role(people.ada, key)
    await roles.give_role(people.ada, identity(people.bob), Role.MEMBER)
    await roles.delete_role(people.ada, key)
    assert (await resolve_actor(token)).permissions == PERMISSIONS[Role.MEMBER]


async def test_nobody_gives_what_they_do_not_have(people: People) -> None:
    await roles.give_role(people.ada, identity(people.bob), Role.ADMIN)
    admin = replace(people.bob, role=Role.ADMIN, permissions=PERMISSIONS[Role.ADMIN])
    with pytest.raises(ForbiddenError):
        await roles.give_role(admin, identity(people.eve), Role.OWNER)
    with pytest.raises(ForbiddenError):
        await roles.give_role(admin, identity(people.ada), Role.MEMBER)
    little = replace(people.eve, permissions=frozenset({Permission.ROLE_MANAGE, Permission.PERSON_MANAGE}) | ALWAYS)
    with pytest.raises(ForbiddenError):
        await roles.create_role(little, "Mine", "", {Permission.AUDIT_READ})
    with pytest.raises(ForbiddenError):
        await roles.give_role(little, identity(people.eve), Role.ADMIN)
    with pytest.raises(ForbiddenError):
        await roles.require_second_factor(admin, Role.OWNER, is_required=True)


async def test_strange_roles_and_permissions_are_not_there(people: People) -> None:
    with pytest.raises(NotFoundError):
        await roles.give_role(people.ada, identity(people.bob), "custom-nothing")
    with pytest.raises(NotFoundError):
        await roles.give_role(people.ada, identity(people.zoe), Role.MEMBER)
    for name in ("everything:do", "public:use"):
        with pytest.raises(InvalidInputError):
            await roles.create_role(people.ada, "Odd", "", [name])
    with pytest.raises(NotFoundError):
        await roles.change_role(people.ada, Role.MEMBER, "Member", "", [])


@pytest.mark.parametrize("name", ["reader", "Owner", "administrator", "Gast"])
async def test_names_do_not_mislead(people: People, name: str) -> None:
    await roles.create_role(people.ada, "Reader", "", READERS)
    with pytest.raises(NameTakenError):
        await roles.create_role(people.ada, name, "", READERS)


async def test_the_last_owner_stays_also_when_two_go_at_once(people: People) -> None:
    with pytest.raises(LastOwnerError):
        await roles.give_role(people.ada, identity(people.ada), Role.MEMBER)
    await roles.give_role(people.ada, identity(people.bob), Role.OWNER)
    bob = replace(people.bob, role=Role.OWNER, permissions=PERMISSIONS[Role.OWNER])
    ended = await asyncio.gather(
        roles.give_role(people.ada, identity(people.ada), Role.MEMBER),
        roles.give_role(bob, identity(bob), Role.MEMBER),
        return_exceptions=True,
    )
    assert {type(end) for end in ended} == {type(None), LastOwnerError}


async def test_a_role_that_asks_for_a_second_factor_allows_nothing_else_before(people: People) -> None:
    token = await signed_in(people.bob)
    await roles.require_second_factor(people.ada, Role.MEMBER, is_required=True)
    actor = await resolve_actor(token)
    assert actor.lacks_factor
    assert actor.permissions == ALWAYS
    async with unit_of_work(people.bob) as uow:
        await uow.session.execute(
            update(WebSession).where(col(WebSession.id) == actor.session_id).values(method="password+totp")
        )
    assert (await resolve_actor(token)).permissions == PERMISSIONS[Role.MEMBER]


async def test_looking_as_somebody_shows_and_changes_nothing(people: People) -> None:
    token = await signed_in(people.ada)
    session_id = (await resolve_actor(token)).session_id
    async with unit_of_work(people.ada) as uow:
        looking = update(WebSession).where(col(WebSession.id) == session_id)
        await uow.session.execute(looking.values(looking_as=identity(people.bob)))
    actor = await resolve_actor(token)
    assert (actor.name, actor.real_name) == ("Bob", "Ada")
    assert actor.permissions
    assert all(permission.only_reads for permission in actor.permissions)
    async with unit_of_work(people.ada) as uow:
        owner = await uow.session.get_one(WebSession, session_id)
        assert owner.account_id == people.ada.account_id
    await roles.give_role(people.ada, identity(people.eve), Role.OWNER)
    eve = replace(people.eve, role=Role.OWNER, permissions=PERMISSIONS[Role.OWNER])
    await roles.give_role(eve, identity(people.ada), Role.MEMBER)
    assert (await resolve_actor(token)).is_anonymous, "who may not look any more sees nothing"
