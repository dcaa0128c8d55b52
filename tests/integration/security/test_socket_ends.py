"""A socket ends as soon as its session does, or what its person may do changes, whichever process did that."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text
from starlette.types import Message

from convosphere.core.events import AWAY, EventHub, current_event_hub
from convosphere.core.permissions import Actor, Permission, system_actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.queries import people as people_queries
from convosphere.identity.roles import PERMISSIONS, Role
from convosphere.identity.schemas import Client, SignedIn
from convosphere.identity.service import roles, sessions
from convosphere.identity.service.looking import start_looking
from convosphere.launch.lines import Line
from convosphere.launch.sockets import _end
from tests.fixtures.people import People
from tests.fixtures.waiting import until

SECONDS = 60
Stroke = Callable[[UnitOfWork, Actor], Awaitable[None]]


async def say_nothing(_message: Message) -> None:
    """Nobody is there."""


async def sign_in(actor: Actor) -> SignedIn:
    assert actor.workspace_id
    async with unit_of_work(system_actor(actor.workspace_id)) as uow:
        account = await people_queries.find_account(uow, actor.email)
        assert account
        return await sessions.open_session(uow, account, Role(actor.role), Client("", ""))


async def open_socket(token: str) -> asyncio.Task[None]:
    """A socket that waits for the end of its session."""
    session_id = (await sessions.resolve_actor(token)).session_id
    socket = asyncio.create_task(_end(token, Line("tab", say_nothing)))
    topic = f"session:{session_id}" if session_id else AWAY
    await until(lambda: is_waited_for(topic) or socket.done())
    assert not socket.done()
    return socket


def is_waited_for(topic: str) -> bool:
    """Whether somebody waits for word of something, and so has seen all that was before."""
    return any(queue._getters for queue in current_event_hub()._subscribers.get(topic, ()))  # pyright: ignore[reportAttributeAccessIssue]


async def demote(uow: UnitOfWork, actor: Actor) -> None:
    await change(uow, "UPDATE membership SET role = 'guest' WHERE account_id = :id", actor)


async def leave(uow: UnitOfWork, actor: Actor) -> None:
    await change(uow, "UPDATE membership SET is_active = false WHERE account_id = :id", actor)


async def block(uow: UnitOfWork, actor: Actor) -> None:
    await change(uow, "UPDATE account SET is_active = false WHERE id = :id", actor)


async def change(uow: UnitOfWork, statement: str, actor: Actor) -> None:
    await uow.session.execute(text(statement), {"id": actor.account_id})
    assert actor.account_id
    await sessions.tell_sessions(uow, actor.account_id)


async def end_everywhere(uow: UnitOfWork, actor: Actor) -> None:
    assert actor.account_id
    await sessions.end_sessions(uow, actor.account_id)


@pytest.mark.parametrize("stroke", [demote, leave, block, end_everywhere])
async def test_a_change_of_rights_ends_all_sockets_of_the_person(hub: EventHub, people: People, stroke: Stroke) -> None:
    mine = [await open_socket((await sign_in(people.bob)).token) for _ in range(2)]
    other = await open_socket((await sign_in(people.eve)).token)
    async with unit_of_work(people.ada) as uow:
        await stroke(uow, people.bob)
        await asyncio.sleep(0.2)
        assert not any(socket.done() for socket in mine)  # Nothing is told before it holds.
    await asyncio.wait_for(asyncio.gather(*mine), SECONDS)
    assert not other.done()
    other.cancel()


async def test_signing_out_ends_the_sockets_of_that_browser_alone(hub: EventHub, people: People) -> None:
    here, there = await sign_in(people.bob), await sign_in(people.bob)
    sockets = await open_socket(here.token), await open_socket(there.token)
    await sessions.sign_out(here.actor)
    await asyncio.wait_for(sockets[0], SECONDS)
    assert not sockets[1].done()
    sockets[1].cancel()


async def test_a_session_whose_time_is_over_takes_its_socket_along(hub: EventHub, people: People) -> None:
    signed_in = await sign_in(people.bob)
    async with unit_of_work(people.ada) as uow:
        statement = "UPDATE web_session SET expires_at = now() + interval '1 second' WHERE id = :id"
        await uow.session.execute(text(statement), {"id": signed_in.actor.session_id})
    await asyncio.wait_for(_end(signed_in.token, Line("tab", say_nothing)), SECONDS)
    assert await sessions.seconds_left(signed_in.token) == 0


async def test_looking_how_long_a_session_lasts_does_not_prolong_it(people: People) -> None:
    signed_in = await sign_in(people.bob)
    async with unit_of_work(people.ada) as uow:
        statement = "UPDATE web_session SET last_seen_at = now() - interval '100 hours' WHERE id = :id"
        await uow.session.execute(text(statement), {"id": signed_in.actor.session_id})
    first = await sessions.seconds_left(signed_in.token)
    assert 0 < await sessions.seconds_left(signed_in.token) <= first < 69 * 3600


async def test_sockets_end_with_the_database(hub: EventHub, people: People) -> None:
    socket = await open_socket((await sign_in(people.bob)).token)
    nobody = await open_socket("")
    hub._tell_away()
    await asyncio.wait_for(asyncio.gather(socket, nobody), SECONDS)


async def test_a_change_of_a_role_ends_the_sockets_of_all_who_have_it(hub: EventHub, people: People) -> None:
    """Nobody keeps in an open tab what their role allowed when it was opened (A3)."""
    key = await roles.create_role(people.ada, "Writer", "", PERMISSIONS[Role.MEMBER])
    mine, other = await sign_in(people.bob), await open_socket((await sign_in(people.eve)).token)
    assert people.bob.account_id
    await roles.give_role(people.ada, people.bob.account_id, key)
    socket = await open_socket(mine.token)
    await roles.change_role(people.ada, key, "Writer", "", {Permission.DOCUMENT_READ})
    await asyncio.wait_for(socket, SECONDS)
    socket = await open_socket(mine.token)
    await roles.require_second_factor(people.ada, key, is_required=True)
    await asyncio.wait_for(socket, SECONDS)
    assert (await sessions.resolve_actor(mine.token)).lacks_factor
    assert not other.done()
    other.cancel()


async def test_whoever_looks_as_somebody_sees_no_more_than_they_may_now(hub: EventHub, people: People) -> None:
    assert people.bob.account_id
    ada = await sessions.resolve_actor((await sign_in(people.ada)).token)
    looking = await start_looking(ada, people.bob.account_id)
    socket = await open_socket(looking.token)
    await roles.give_role(people.ada, people.bob.account_id, Role.GUEST)
    await asyncio.wait_for(socket, SECONDS)
    seen = (await sessions.resolve_actor(looking.token)).permissions
    assert seen == {permission for permission in PERMISSIONS[Role.GUEST] if permission.only_reads}
    socket = await open_socket(looking.token)
    await roles.give_role(people.ada, people.bob.account_id, Role.OWNER)
    async with unit_of_work(people.ada) as uow:
        await demote(uow, people.ada)
    await asyncio.wait_for(socket, SECONDS)
    assert (await sessions.resolve_actor(looking.token)).is_anonymous
