"""What the trail keeps of coming in, sharing and being refused; and never a password, a token or what people wrote."""

from collections.abc import AsyncIterator
from uuid import UUID

import psycopg
import pytest
from starlette.types import Message

from convosphere.chat.models import Conversation
from convosphere.chat.service import conversations
from convosphere.core.audit import service
from convosphere.core.audit.refusals import RefusalWriter
from convosphere.core.audit.schemas import EntryFilter
from convosphere.core.audit.service import list_entries
from convosphere.core.errors import ForbiddenError
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.cookies import session_token
from convosphere.identity.models import Account, Installation
from convosphere.identity.roles import Role
from convosphere.identity.schemas import Client
from convosphere.identity.service import founding
from convosphere.identity.service.inviting import NewInvitation, invite
from convosphere.identity.service.sessions import end_sessions, open_session, resolve_actor
from convosphere.knowledge.service import documents, removal
from convosphere.knowledge.service.uploads import upload
from convosphere.launch.postgres import DatabaseAddresses
from convosphere.launch.sockets import Sockets
from tests.fixtures.people import People
from tests.integration.security.conftest import Browser

PASSWORD, GUESS, WRITTEN = "nine brown owls fly", "my real bank password", b"The blue heron nests at dawn."
OWNER = {"workspace": "Ours", "name": "Ada", "email": "ada@example.org", "password": PASSWORD}


async def chunks() -> AsyncIterator[bytes]:
    yield WRITTEN


async def write_to_a_conversation(actor: Actor) -> UUID:
    async with unit_of_work(actor) as uow:
        conversation = Conversation(workspace_id=uow.workspace_id, owner_id=uow.account_id, title=WRITTEN.decode())
        uow.session.add(conversation)
    return conversation.id


async def test_a_day_leaves_its_trail_and_no_secrets(browser: Browser, addresses: DatabaseAddresses) -> None:
    secrets = [PASSWORD, GUESS, WRITTEN.decode()]
    async with RefusalWriter().running() as writer:
        set_up = await founding.issue_set_up_token()
        ada = browser("192.0.2.1", **{"user-agent": "Firefox 140"})
        answer = await ada.post("/auth/set-up", json={**OWNER, "token": set_up})
        owner_token = session_token(answer.headers["set-cookie"])
        owner = await resolve_actor(owner_token)
        # Passwords get typed into the field for the address as well.
        for fields in ({"email": GUESS, "password": "x"}, {"email": "ada@example.org", "password": GUESS}):
            assert (await browser("192.0.2.9").post("/auth/sign-in", json=fields)).status_code == 401
        link = await invite(owner, NewInvitation("member", email="bob@example.org"))
        bob = browser("192.0.2.2")
        person = {"name": "Bob", "email": "bob@example.org", "password": PASSWORD}
        answer = await bob.post("/auth/sign-up", json={**person, "token": link.token})
        member_token = session_token(answer.headers["set-cookie"])
        member = await resolve_actor(member_token)
        assert (await bob.post("/auth/sign-up", json={**person, "token": link.token})).status_code == 410
        with pytest.raises(ForbiddenError):
            await invite(member, NewInvitation("admin"))
        document = await upload(
            member, chunks(), size=len(WRITTEN), name="heron.md", folder_path="birds", is_shared=True
        )
        await documents.share_documents(member, [document.id], with_everyone=False)
        await removal.delete_documents(member, [document.id])
        conversation_id = await write_to_a_conversation(member)
        await conversations.delete(member, conversation_id)
        await conversations.restore(member, conversation_id)
        await bob.post("/auth/sign-out")
        await writer.write()
    secrets += [set_up or "", link.token, owner_token, member_token]

    ours = (await list_entries(owner, most=100)).entries[::-1]
    assert [(entry.action, entry.outcome, entry.account_name) for entry in ours if entry.action[0] != "p"] == [
        ("account:create", "done", "Ada"),
        ("session:open", "done", "Ada"),
        ("installation:found", "done", "Ada"),
        ("invitation:create", "done", "Ada"),
        ("invitation:use", "done", ""),
        ("account:create", "done", "Bob"),
        ("session:open", "done", "Bob"),
        ("document:share", "done", "Bob"),
        ("document:share", "done", "Bob"),
        ("document:delete", "done", "Bob"),
        ("conversation:delete", "done", "Bob"),
        ("conversation:restore", "done", "Bob"),
        ("session:end", "done", "Bob"),
    ]
    assert [(entry.account_name, entry.after) for entry in ours if entry.action == "permission:refuse"] == [
        ("Bob", {"permission": "person:invite"})
    ]
    assert (ours[1].means, ours[1].address, ours[1].user_agent) == ("browser", "192.0.2.1", "Firefox 140")
    theirs = (await list_entries(owner, EntryFilter(of_installation=True))).entries
    assert sorted((entry.action, entry.outcome, entry.account_name, entry.address) for entry in theirs) == [
        ("invitation:use", "refused", "", "192.0.2.2"),
        ("session:open", "refused", "", "192.0.2.9"),
        ("session:open", "refused", "Ada", "192.0.2.9"),
    ]
    assert (await service.verify()).is_sound
    with psycopg.connect(addresses.superuser_url) as connection:
        whole = "\n".join(row for (row,) in connection.execute("SELECT e::text FROM audit_entry AS e").fetchall())
    assert "192.0.2.9" in whole
    assert [secret for secret in secrets if secret in whole] == []


async def test_tries_beyond_the_limit_are_counted(browser: Browser, ada: str, addresses: DatabaseAddresses) -> None:
    async with RefusalWriter().running():
        guesser = browser("192.0.2.66")
        for _ in range(12):
            await guesser.post("/auth/sign-in", json={"email": ada, "password": "x" * 200})
    with psycopg.connect(addresses.superuser_url) as connection:
        found = connection.execute(
            "SELECT account_name, after ->> 'reason', sum(times) FROM audit_entry GROUP BY 1, 2 ORDER BY 1"
        ).fetchall()
    assert found == [("", "too_many_attempts", 2), ("Ada", "sign_in_failed", 10)]
    assert (await service.verify()).is_sound


async def test_wrong_doors_are_kept(browser: Browser, people: People) -> None:
    async with RefusalWriter().running():
        await browser("192.0.2.3", origin="https://evil.example").post("/auth/sign-in", json={"email": GUESS})
        wrong = {**OWNER, "token": "set-up-token-of-another"}
        assert (await browser("192.0.2.4").post("/auth/set-up", json=wrong)).status_code == 410
        await knock("https://evil.example")
    async with unit_of_work(people.ada) as uow:
        uow.session.add(Installation(workspace_id=uow.workspace_id))
    theirs = (await list_entries(people.ada, EntryFilter(of_installation=True))).entries
    assert sorted((entry.action, entry.address, entry.label, str(entry.after)) for entry in theirs) == [
        ("installation:found", "192.0.2.4", "", "{'reason': 'link_invalid'}"),
        ("permission:refuse", "192.0.2.3", "/auth/sign-in", "{'reason': 'foreign_origin'}"),
        ("permission:refuse", "192.0.2.5", "/_event", "{'reason': 'foreign_origin'}"),
    ]


async def test_each_session_that_is_ended_is_kept(people: People) -> None:
    account_id = people.bob.account_id
    assert account_id is not None
    async with unit_of_work(people.ada) as uow:
        account = await uow.session.get_one(Account, account_id)
        opened = {(await open_session(uow, account, Role.MEMBER, Client("", ""))).actor.session_id for _ in range(2)}
    async with unit_of_work(people.ada) as uow:
        await end_sessions(uow, account_id)
    ended = (await list_entries(people.ada, EntryFilter(actions=frozenset({"session:end"})))).entries
    assert {entry.object_id for entry in ended} == opened
    assert [(entry.account_name, entry.after) for entry in ended] == [("Ada", {"person": str(account_id)})] * 2


async def knock(origin: str) -> None:
    """Try to open a socket from a page of another site."""
    headers = [(b"host", b"testserver"), (b"origin", origin.encode())]
    scope = {
        "type": "websocket", "path": "/_event", "query_string": b"token=x", "headers": headers,
        "client": ("192.0.2.5", 1),
    }  # fmt: skip
    sent: list[Message] = []

    async def nothing() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    await Sockets(lambda *_: nothing(), ())(scope, nothing, send)  # pyright: ignore[reportArgumentType]
    assert [message["type"] for message in sent] == ["websocket.close"]
