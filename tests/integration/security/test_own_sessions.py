"""A person's sessions: which there are, what prolongs them, ending them, and their new tokens."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import text
from starlette.types import Message, Receive, Scope, Send

from convosphere.core.errors import ForbiddenError, NotFoundError
from convosphere.core.events import EventHub
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.cookies import cookie_name, session_token
from convosphere.identity.roles import Role
from convosphere.identity.schemas import SignedIn
from convosphere.identity.service import own_sessions, roles, sessions
from convosphere.identity.service.renewal import confirm_renewal, renew_due, was_just_renewed
from convosphere.launch.sockets import Sockets
from tests.fixtures.people import People
from tests.fixtures.waiting import until
from tests.integration.security.test_socket_ends import open_socket, sign_in

HOST, SECONDS = "here", 60


async def age(signed_in: SignedIn, hours: int) -> None:
    async with unit_of_work(signed_in.actor) as uow:
        statement = "UPDATE web_session SET last_seen_at = last_seen_at - make_interval(hours => :hours) WHERE id = :id"
        await uow.session.execute(text(statement), {"hours": hours, "id": signed_in.actor.session_id})


async def test_all_browsers_are_listed_this_one_first(people: People) -> None:
    here, there = await sign_in(people.bob), await sign_in(people.bob)
    await sign_in(people.eve)
    rows = await own_sessions.list_devices(here.actor)
    assert [(row.id, row.is_this) for row in rows] == [
        (here.actor.session_id, True), (there.actor.session_id, False),
    ]  # fmt: skip
    await age(there, get_settings().session_idle_hours + 1)
    assert len(await own_sessions.list_devices(here.actor)) == 1


async def test_one_and_all_others_can_be_ended_and_their_sockets_close(hub: EventHub, people: People) -> None:
    here, *others = [await sign_in(people.bob) for _ in range(4)]
    eve = await sign_in(people.eve)
    sockets = [await open_socket(one.token) for one in (here, *others, eve)]
    assert others[0].actor.session_id
    await own_sessions.end_device(here.actor, others[0].actor.session_id)
    await asyncio.wait_for(sockets[1], SECONDS)
    assert [socket.done() for socket in sockets] == [False, True, False, False, False]
    assert await own_sessions.end_other_devices(here.actor) == 2
    await asyncio.wait_for(asyncio.gather(*sockets[2:4]), SECONDS)
    assert not sockets[0].done()
    assert not sockets[4].done()
    assert (await sessions.resolve_actor(others[2].token)).is_anonymous
    for socket in (sockets[0], sockets[4]):
        socket.cancel()


async def test_nobody_ends_a_session_of_somebody_else(people: People) -> None:
    bob, eve = await sign_in(people.bob), await sign_in(people.eve)
    for session_id in (eve.actor.session_id, new_id()):
        assert session_id
        with pytest.raises(NotFoundError):
            await own_sessions.end_device(bob.actor, session_id)
    looking = replace(bob.actor, permissions=frozenset({p for p in bob.actor.permissions if p.only_reads}))
    assert bob.actor.session_id
    with pytest.raises(ForbiddenError):
        await own_sessions.end_device(looking, bob.actor.session_id)
    assert (await sessions.resolve_actor(eve.token)).name == "Eve"


async def test_only_what_a_person_does_prolongs_a_session(people: People) -> None:
    bob = await sign_in(people.bob)
    await age(bob, 100)
    idle = get_settings().session_idle_hours
    for _ in range(2):  # Looking, as pages do by themselves, changes nothing.
        await sessions.resolve_actor(bob.token)
        assert (await own_sessions.time_left(bob.actor)).seconds < (idle - 99) * 3600
    assert (await own_sessions.stay(bob.actor)).seconds > (idle - 1) * 3600


async def test_nothing_but_a_proof_prolongs_a_session_beyond_its_last_day(people: People) -> None:
    bob = await sign_in(people.bob)
    assert not (await own_sessions.time_left(bob.actor)).is_final
    async with unit_of_work(bob.actor) as uow:
        await uow.session.execute(text("UPDATE web_session SET expires_at = now() + interval '1 minute'"))
    left = await own_sessions.stay(bob.actor)
    assert left.is_final
    assert left.seconds <= 60


async def test_a_session_gets_another_token_once_its_person_may_do_more(people: People) -> None:
    ada, bob = await sign_in(people.ada), await sign_in(people.bob)
    assert people.bob.account_id
    assert await renew_due(bob.token) is None
    await roles.give_role(ada.actor, people.bob.account_id, Role.ADMIN)
    assert await renew_due("") is None
    renewed = await renew_due(bob.token)
    assert renewed
    assert (await sessions.resolve_actor(bob.token)).is_anonymous
    assert await was_just_renewed(bob.token)
    now = await sessions.resolve_actor(renewed[0])
    assert (now.role, now.session_id) == (Role.ADMIN, bob.actor.session_id)
    assert await renew_due(renewed[0]) is None
    await move_renewal(bob.actor, "1 minute")
    assert await renew_due(bob.token) is None, "the browser came with the other one"


async def test_a_new_token_that_got_lost_is_given_again(people: People) -> None:
    ada, bob = await sign_in(people.ada), await sign_in(people.bob)
    await raise_role(ada.actor, people.bob)
    lost = await renew_due(bob.token)
    assert lost
    assert await renew_due(bob.token) is None, "the first may still be on its way"
    await move_renewal(bob.actor, "4 seconds")
    await raise_role(ada.actor, people.bob)
    again = await renew_due(bob.token)
    assert again
    assert (await sessions.resolve_actor(again[0])).role == Role.ADMIN
    assert (await sessions.resolve_actor(lost[0])).is_anonymous
    await confirm_renewal(again[0])
    await move_renewal(bob.actor, "1 minute")
    assert await renew_due(bob.token) is None
    assert (await sessions.resolve_actor(bob.token)).is_anonymous


async def move_renewal(actor: Actor, back: str) -> None:
    """Let a renewal have been so long ago."""
    async with unit_of_work(actor) as uow:
        back_then = text(
            "UPDATE web_session SET renewed_at = renewed_at - cast(:back AS text)::interval WHERE id = :id"
        )
        await uow.session.execute(back_then, {"back": back, "id": actor.session_id})


class Server:
    """What stands behind the gate of sockets: takes a connection and says which cookie it came with."""

    def __init__(self) -> None:
        self.tokens: list[str] = []
        self.tabs: list[bytes] = []
        self.said = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        cookies = [value.decode() for name, value in scope["headers"] if name == b"cookie"]
        self.tokens.append(session_token(cookies[0]))
        self.tabs.append(scope["query_string"])
        await receive()
        await send({"type": "websocket.accept"})
        while (await receive())["type"] != "websocket.disconnect":
            self.said += 1


class Socket:
    """A browser's end of a connection."""

    def __init__(self, server: Server, token: str) -> None:
        cookie = f"a=b; {cookie_name()}={token}".encode()
        headers = [(b"host", HOST.encode()), (b"origin", f"http://{HOST}".encode()), (b"cookie", cookie)]
        scope = {"type": "websocket", "path": "/_event", "headers": headers, "query_string": b"token=tab"}
        self.sent: list[Message] = []
        self._said: asyncio.Queue[Message] = asyncio.Queue()
        self._said.put_nowait({"type": "websocket.connect"})
        self._task = asyncio.create_task(Sockets(server, ())(scope, self._said.get, self._take))

    async def _take(self, message: Message) -> None:
        self.sent.append(message)

    async def until(self, kind: str) -> Message:
        await until(lambda: kind in [message["type"] for message in self.sent])
        return next(message for message in self.sent if message["type"] == kind)

    def say(self, text: str) -> None:
        self._said.put_nowait({"type": "websocket.receive", "text": text})

    async def over(self) -> None:
        await asyncio.sleep(0.3)  # It listens by now, and asks the database nothing.
        self._said.put_nowait({"type": "websocket.disconnect", "code": 1000})
        await asyncio.wait_for(self._task, SECONDS)


STROKES = ["UPDATE account SET is_active = false WHERE id = :id", "DELETE FROM membership WHERE account_id = :id"]


@pytest.mark.parametrize("stroke", STROKES)
async def test_a_socket_closes_when_its_person_may_not_any_more(hub: EventHub, people: People, stroke: str) -> None:
    bob = await sign_in(people.bob)
    socket = Socket(Server(), bob.token)
    await socket.until("websocket.accept")
    assert people.bob.account_id
    async with unit_of_work(people.ada) as uow:
        await uow.session.execute(text(stroke), {"id": people.bob.account_id})
        await sessions.tell_sessions(uow, people.bob.account_id)
    await socket.until("websocket.close")
    await socket.over()
    again = Socket(Server(), bob.token)
    await again.until("websocket.accept")  # Like anybody's who is not signed in: it may load the page of sign-in.
    await again.over()
    assert (await sessions.resolve_actor(bob.token)).is_anonymous


async def test_a_rise_reaches_the_browser_as_another_cookie_of_the_same_tab(hub: EventHub, people: People) -> None:
    ada, bob = await sign_in(people.ada), await sign_in(people.bob)
    server = Server()
    before = Socket(server, bob.token)
    assert "headers" not in await before.until("websocket.accept")
    await raise_role(ada.actor, people.bob)
    await before.until("websocket.close")
    await before.over()

    after = Socket(server, bob.token)
    accepted = await after.until("websocket.accept")
    ((name, cookie),) = accepted["headers"]
    token = session_token(cookie.decode())
    assert name == b"set-cookie"
    assert server.tokens == [bob.token, token]
    assert token != bob.token
    assert server.tabs[0] == server.tabs[1], "what the tab shows stays"
    assert (await sessions.resolve_actor(token)).role == Role.ADMIN

    late = Socket(server, bob.token)  # Another tab, which does not have the new cookie yet.
    assert (await late.until("websocket.close"))["code"] == 1013
    for socket in (after, late):
        await socket.over()


async def test_a_browser_that_left_while_it_was_answered_comes_back_signed_in(hub: EventHub, people: People) -> None:
    ada, bob = await sign_in(people.ada), await sign_in(people.bob)
    await raise_role(ada.actor, people.bob)
    server = Server()
    gone = Socket(server, bob.token)
    await gone.until("websocket.accept")
    await gone.over()
    await move_renewal(bob.actor, "4 seconds")

    back = Socket(server, bob.token)
    ((_, cookie),) = (await back.until("websocket.accept"))["headers"]
    token = session_token(cookie.decode())
    assert (await sessions.resolve_actor(token)).session_id == bob.actor.session_id
    back.say("40/_event,")
    await until(lambda: server.said > 0)
    await move_renewal(bob.actor, "4 seconds")
    assert await renew_due(bob.token) is None, "it has shown the new one"
    await back.over()


async def raise_role(actor: Actor, person: Actor) -> None:
    assert person.account_id
    await roles.give_role(actor, person.account_id, Role.ADMIN)
