"""Looking as somebody: only at people who may do no more, read only, in the trail, and over after an hour."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlmodel import col

from convosphere.chat.models import Conversation
from convosphere.chat.service import conversations
from convosphere.core.errors import ConflictError, ForbiddenError, NotFoundError
from convosphere.core.identifiers import hash_token
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.errors import ReauthenticationRequiredError
from convosphere.identity.models import Account, WebSession
from convosphere.identity.roles import PERMISSIONS, Role
from convosphere.identity.schemas import Client
from convosphere.identity.service import roles, sessions
from convosphere.identity.service.looking import LOOK_TIME, end_run_out, start_looking, stop_looking
from convosphere.identity.service.sessions import open_session, resolve_actor
from tests.fixtures.people import People
from tests.integration.identity.test_grants import identity

pytestmark = pytest.mark.usefixtures("database")


async def sign_in(actor: Actor) -> Actor:
    async with unit_of_work(actor) as uow:
        account = await uow.session.get(Account, identity(actor))
        assert account
        token = (await open_session(uow, account, Role(actor.role), Client("192.0.2.1", "test"))).token
    return await resolve_actor(token)


async def test_there_and_back_each_time_another_session(people: People) -> None:
    ada = await sign_in(people.ada)
    there = await start_looking(ada, identity(people.bob))
    looking = await resolve_actor(there.token)
    assert (looking.account_id, looking.real_account_id) == (people.bob.account_id, ada.account_id)
    assert looking.permissions
    assert all(permission.only_reads for permission in looking.permissions)
    assert there.expires_at <= datetime.now(UTC) + LOOK_TIME
    back = await stop_looking(looking)
    again = await resolve_actor(back.token)
    assert (again.account_id, again.real_account_id, again.permissions) == (ada.account_id, None, ada.permissions)
    assert len({ada.session_id, looking.session_id, again.session_id}) == 3
    assert (await resolve_actor(there.token)).is_anonymous
    assert again.authenticated_at == ada.authenticated_at, "looking proves nothing"
    async with unit_of_work(people.ada) as uow:
        found = await uow.session.execute(
            text("SELECT action, label, account_name, real_name FROM audit_entry WHERE action LIKE 'person:look%'"
                 " ORDER BY sequence")
        )  # fmt: skip
        assert [tuple(row) for row in found] == [
            ("person:look_as", "Bob", "Ada", ""), ("person:look_back", "Bob", "Bob", "Ada"),
        ]  # fmt: skip


async def test_what_runs_out_is_in_the_trail_once(people: People) -> None:
    looking = await resolve_actor((await start_looking(await sign_in(people.ada), identity(people.bob))).token)
    assert await end_run_out() == 0
    async with unit_of_work(people.ada) as uow:
        await uow.session.execute(
            update(WebSession)
            .where(col(WebSession.id) == looking.session_id)
            .values(expires_at=datetime.now(UTC) - timedelta(seconds=1))
        )
    await sign_in(people.ada)  # Forgets sessions that have ended, but this one.
    assert [await end_run_out() for _ in range(2)] == [1, 0]
    async with unit_of_work(people.ada) as uow:
        found = await uow.session.execute(
            text("SELECT label, account_name, real_name, session_id FROM audit_entry WHERE action = 'person:look_back'")
        )
        assert [tuple(row) for row in found] == [("Bob", "Bob", "Ada", looking.session_id)]


async def test_reading_their_chats_is_in_the_trail(people: People) -> None:
    async with unit_of_work(people.bob) as uow:
        conversation = Conversation(workspace_id=uow.workspace_id, owner_id=uow.account_id, title="Owls")
        uow.session.add(conversation)
    await conversations.get_conversation(people.bob, conversation.id)
    looking = await resolve_actor((await start_looking(await sign_in(people.ada), identity(people.bob))).token)
    await conversations.get_conversation(looking, conversation.id)
    async with unit_of_work(people.ada) as uow:
        found = await uow.session.execute(
            text("SELECT account_name, real_name, label FROM audit_entry WHERE action = 'conversation:read'")
        )
        assert [tuple(row) for row in found] == [("Bob", "Ada", "")]


async def test_not_at_people_who_may_do_more(people: People) -> None:
    await roles.give_role(people.ada, identity(people.bob), Role.ADMIN)
    admin, member = await sign_in(replace(people.bob, role=Role.ADMIN)), await sign_in(people.eve)
    with pytest.raises(ForbiddenError):
        await start_looking(admin, identity(people.ada))
    with pytest.raises(ConflictError):
        await start_looking(admin, identity(admin))
    for nobody in (people.zoe, await deactivated(people)):
        with pytest.raises(NotFoundError):
            await start_looking(admin, identity(nobody))
    with pytest.raises(ForbiddenError):
        await start_looking(member, identity(people.bob))


async def deactivated(people: People) -> Actor:
    async with unit_of_work(people.ada) as uow:
        await uow.session.execute(
            text("UPDATE membership SET is_active = false WHERE account_id = :id"), {"id": identity(people.eve)}
        )
    return people.eve


async def test_it_ends_when_the_person_may_do_more_than_who_looks(people: People) -> None:
    await roles.give_role(people.ada, identity(people.bob), Role.ADMIN)
    admin = await sign_in(replace(people.bob, role=Role.ADMIN))
    there = await start_looking(admin, identity(people.eve))
    await roles.give_role(people.ada, identity(people.eve), Role.OWNER)
    assert (await resolve_actor(there.token)).is_anonymous


async def test_a_proof_of_long_ago_is_not_enough(people: People) -> None:
    ada = await sign_in(people.ada)
    assert ada.authenticated_at
    stale = replace(ada, authenticated_at=ada.authenticated_at - timedelta(hours=1))
    with pytest.raises(ReauthenticationRequiredError):
        await start_looking(stale, identity(people.bob))


async def test_nobody_looks_through_two_pairs_of_eyes(people: People) -> None:
    """Who looks has no right to look further, whomever they look as."""
    await roles.give_role(people.ada, identity(people.bob), Role.ADMIN)
    looking = await resolve_actor((await start_looking(await sign_in(people.ada), identity(people.bob))).token)
    assert Permission.PERSON_LOOK in PERMISSIONS[Role.ADMIN]
    with pytest.raises(ForbiddenError):
        await start_looking(looking, identity(people.eve))


async def test_only_who_looks_can_stop(people: People) -> None:
    with pytest.raises(ConflictError):
        await stop_looking(await sign_in(people.bob))


async def test_signing_out_ends_it_for_good(people: People) -> None:
    there = await start_looking(await sign_in(people.ada), identity(people.bob))
    await sessions.sign_out(await resolve_actor(there.token))
    assert (await resolve_actor(there.token)).is_anonymous
    async with unit_of_work(people.ada) as uow:
        assert await uow.session.scalar(select(col(WebSession.id))) is None


async def test_after_its_hour_nothing_is_left(people: People) -> None:
    there = await start_looking(await sign_in(people.ada), identity(people.bob))
    async with unit_of_work(people.ada) as uow:
        of_token = col(WebSession.token_hash) == hash_token(there.token)
        await uow.session.execute(update(WebSession).where(of_token).values(expires_at=text("now()")))
    assert (await resolve_actor(there.token)).is_anonymous
