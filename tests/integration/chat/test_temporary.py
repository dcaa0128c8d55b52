"""Temporary conversations: in no list, gone when closed and after a day, as the workspace says."""

import asyncio
from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from convosphere.chat.attachments import ChosenFile
from convosphere.chat.errors import TemporaryForbiddenError
from convosphere.chat.generations import GenerationHost
from convosphere.chat.queries.temporary import LEASE, LONGEST_LIFE
from convosphere.chat.rules import TemporaryRule
from convosphere.chat.schemas import EVERYTHING, Sent, Shelf
from convosphere.chat.service import (
    answering,
    branches,
    conversations,
    exporting,
    filing,
    finding,
    folders,
    links,
    queueing,
    retention,
    temporary,
)
from convosphere.chat.service.sharing import CONVERSATION_GRANTS
from convosphere.chat.transfer.schemas import ExportFormat
from convosphere.core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from convosphere.core.permissions import Actor, system_actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.service.grants import EVERYONE, GrantKinds, set_grant
from convosphere.launch.notifications import register_notifications
from convosphere.notifications.service import reading
from tests.fixtures.people import People
from tests.fixtures.waiting import until
from tests.integration.chat.test_answering import finished, send
from tests.integration.chat.test_attachments import attach, picture
from tests.provider.fixtures import RunningProvider

register_notifications()
GrantKinds.register(CONVERSATION_GRANTS)
TABLES = (
    "conversation", "message", "message_entry", "message_generation", "conversation_view", "attachment", "stored_file"
)  # fmt: skip


async def ask(actor: Actor, question: str, *, is_temporary: bool = True, folder_id: UUID | None = None) -> Sent:
    sent = await answering.send(
        actor, question, conversation_id=None, client_key=uuid4(), is_temporary=is_temporary, folder_id=folder_id
    )
    await finished(actor, sent)
    return sent


async def lived(actor: Actor, conversation_id: UUID, how_long: timedelta) -> None:
    """As if so much time had gone by since it began, or since somebody looked at it."""
    async with unit_of_work(actor) as uow:
        moved = "created_at = created_at - CAST(:by AS interval), expires_at = expires_at - CAST(:by AS interval)"
        given = {"id": conversation_id, "by": how_long}
        await uow.session.execute(text(f"UPDATE conversation SET {moved} WHERE id = :id"), given)


async def count(actor: Actor, table: str) -> int:
    async with unit_of_work(actor) as uow:
        return await uow.session.scalar(text(f"SELECT count(*) FROM {table}")) or 0


def system(people: People) -> Actor:
    assert people.bob.workspace_id
    return system_actor(people.bob.workspace_id)


@pytest.mark.usefixtures("host")
async def test_it_is_in_no_list_and_no_search(people: People, provider: RunningProvider) -> None:
    bob = people.bob
    folder_id = await folders.create_folder(bob, "Birds")
    sent = await ask(bob, "Where does the zanzibar owl live?", folder_id=folder_id)
    assert sent.is_temporary
    page = await conversations.get_conversation(bob, sent.conversation_id)
    assert (page.is_temporary, page.title, len(page.messages)) == (True, "", 2)
    for shelf in (EVERYTHING, Shelf("home"), Shelf("loose"), Shelf("archive"), Shelf("folder", folder_id)):
        assert await conversations.list_conversations(bob, shelf=shelf) == []
    for wanted in ("zanzibar", "from:me zanzibar", "folder:birds", "has:code", "owl"):
        assert (await finding.find(bob, wanted)).hits == ()
    assert [row.conversations for row in await folders.list_folders(bob)] == [0]
    assert not any(chat.body.get("max_tokens") == 30 for chat in provider.chats()), "a title was asked for"
    await send(bob, "And then?", sent.conversation_id)


@pytest.mark.usefixtures("host")
async def test_it_cannot_be_filed_or_brought_back(people: People) -> None:
    bob = people.bob
    one = (await ask(bob, "A secret?")).conversation_id
    for filed in (
        filing.pin(bob, [one], is_pinned=True),
        filing.archive(bob, [one], is_archived=True),
        filing.tag(bob, [one], add=["x"]),
        filing.move(bob, [one], None),
        filing.delete_many(bob, [one]),
        retention.keep(bob, [one]),
        conversations.delete(bob, one),
    ):
        with pytest.raises(NotFoundError):
            await filed
    await temporary.close(bob, one)
    for gone in (conversations.restore(bob, one), conversations.get_conversation(bob, one), temporary.close(bob, one)):
        with pytest.raises(NotFoundError):
            await gone


@pytest.mark.usefixtures("host")
async def test_it_is_exported_and_shared_by_nobody(people: People) -> None:
    bob = people.bob
    one = (await ask(bob, "A secret?")).conversation_id
    with pytest.raises(NotFoundError):
        await exporting.export(bob, [one], ExportFormat.JSON)
    with pytest.raises(ConflictError):
        await set_grant(bob, "conversation", one, EVERYONE, "view")
    with pytest.raises(ConflictError):
        await links.make_link(bob, one, scope="workspace", days=None, is_live=False)
    assert await count(bob, "access_grant") == await count(bob, "conversation_link") == 0


async def test_closed_it_is_gone_with_its_files_and_what_it_cost_stays_booked(
    people: People, host: GenerationHost
) -> None:
    bob = people.bob
    kept = await ask(bob, "Kept?", is_temporary=False)
    before = {table: await count(bob, table) for table in TABLES}
    file = await attach(bob, "owl.png", picture())
    sent = await answering.send(
        bob, "What is this?", conversation_id=None, client_key=uuid4(), is_temporary=True,
        files=[ChosenFile(file.id, "whole")],
    )  # fmt: skip
    await finished(bob, sent)
    calls = await count(people.ada, "model_call")
    await temporary.close(bob, sent.conversation_id)
    with pytest.raises(NotFoundError):
        await conversations.get_message(bob, sent.answer.id)
    assert await temporary.remove_expired_of(system(people)) == 1
    assert {table: await count(bob, table) for table in TABLES} == before
    assert await count(people.ada, "model_call") == calls
    assert [row.id for row in await conversations.list_conversations(bob)] == [kept.conversation_id]


async def test_closing_stops_its_answer(people: People, host: GenerationHost) -> None:
    bob = people.bob
    sent = await answering.send(
        bob, "Long? [[tokens=500 rate=5]]", conversation_id=None, client_key=uuid4(), is_temporary=True
    )
    await temporary.close(bob, sent.conversation_id)
    async with asyncio.timeout(20):
        while await temporary.remove_expired_of(system(people)) == 0:  # noqa: ASYNC110  # The answer ends by itself.
            await asyncio.sleep(0.02)
    assert await count(bob, "conversation") == await count(bob, "message_generation") == 0
    async with unit_of_work(people.ada) as uow:
        assert list(await uow.session.scalars(text("SELECT status FROM model_call"))) == ["stopped"]


@pytest.mark.usefixtures("host")
async def test_it_lives_as_long_as_it_is_looked_at_but_never_longer_than_a_day(people: People) -> None:
    bob, ours = people.bob, system(people)
    one = (await ask(bob, "Still there?")).conversation_id
    await lived(bob, one, LEASE / 2)
    assert await temporary.remove_expired_of(ours) == 0
    assert await temporary.keep(bob, one)
    await lived(bob, one, LEASE * 0.9)
    assert await temporary.remove_expired_of(ours) == 0, "somebody has looked at it since"
    await lived(bob, one, LONGEST_LIFE - LEASE)
    assert await temporary.keep(bob, one)
    assert await temporary.remove_expired_of(ours) == 1, "a day is over"
    assert not await temporary.keep(bob, one)


@pytest.mark.usefixtures("host")
async def test_nobody_else_keeps_or_closes_it(people: People) -> None:
    one = (await ask(people.bob, "Mine?")).conversation_id
    for other in (people.eve, people.ada, people.zoe):
        assert not await temporary.keep(other, one)
        with pytest.raises(NotFoundError):
            await temporary.close(other, one)
    kept = (await ask(people.bob, "Kept?", is_temporary=False)).conversation_id
    assert not await temporary.keep(people.bob, kept)
    with pytest.raises(NotFoundError):
        await temporary.close(people.bob, kept)


@pytest.mark.usefixtures("host")
async def test_where_it_is_required_every_way_to_a_new_chat_makes_one(people: People) -> None:
    bob = people.bob
    kept = await ask(bob, "Before?", is_temporary=False)
    await temporary.set_rule(people.ada, TemporaryRule.REQUIRED)
    assert (await ask(bob, "After?", is_temporary=False)).is_temporary
    queued = await queueing.ask(bob, "Asked?", conversation_id=None, client_key=uuid4())
    assert isinstance(queued, Sent)
    assert queued.is_temporary
    fork = await branches.fork(bob, kept.answer.id)
    assert (await conversations.get_conversation(bob, fork)).is_temporary
    assert [row.id for row in await conversations.list_conversations(bob)] == [kept.conversation_id]
    assert not (await ask(people.zoe, "Elsewhere?", is_temporary=False)).is_temporary


@pytest.mark.usefixtures("host")
async def test_where_it_is_forbidden_nothing_begins(people: People) -> None:
    await temporary.set_rule(people.ada, TemporaryRule.FORBIDDEN)
    with pytest.raises(TemporaryForbiddenError):
        await ask(people.bob, "Secretly?")
    assert await count(people.bob, "conversation") == 0
    assert not (await ask(people.bob, "Openly?", is_temporary=False)).is_temporary


@pytest.mark.usefixtures("host")
async def test_a_copy_of_one_is_one_and_lives_no_longer(people: People) -> None:
    sent = await ask(people.bob, "Copied?")
    await lived(people.bob, sent.conversation_id, LONGEST_LIFE - LEASE)
    fork = await branches.fork(people.bob, sent.answer.id)
    assert (await conversations.get_conversation(people.bob, fork)).is_temporary
    assert await conversations.list_conversations(people.bob) == []
    await temporary.keep(people.bob, fork)
    await lived(people.bob, fork, LEASE)
    assert await temporary.remove_expired_of(system(people)) == 2


async def test_only_who_runs_the_workspace_says_so(people: People) -> None:
    for somebody in (people.bob, people.eve):
        with pytest.raises(ForbiddenError):
            await temporary.set_rule(somebody, TemporaryRule.FORBIDDEN)
    with pytest.raises(InvalidInputError):
        await temporary.set_rule(people.ada, "sometimes")
    await temporary.set_rule(people.ada, "forbidden")
    assert (await retention.get_rules(people.bob)).temporary is TemporaryRule.FORBIDDEN
    assert (await retention.get_rules(people.zoe)).temporary is TemporaryRule.ALLOWED
    async with unit_of_work(people.ada) as uow:
        entries = list(await uow.session.scalars(text("SELECT action FROM audit_entry")))
    assert entries == ["conversation:set_temporary"]


async def said(actor: Actor) -> list[tuple[str, str]]:
    rows = (await reading.list_notifications(actor, limit=20)).rows
    return [(str(row.message), row.route) for row in rows]


async def test_a_temporary_chat_is_told_of_without_its_words_and_takes_that_with_it(
    people: People, host: GenerationHost
) -> None:
    ask = partial(answering.send, people.bob, conversation_id=None, is_temporary=True)
    closed = await ask("[[text=Yes]] A secret?", client_key=uuid4())
    left = await ask("[[status=400]] Another?", client_key=uuid4())
    await until(lambda: host.count == 0)
    assert set(await said(people.bob)) == {
        ("The answer in your temporary chat is ready.", f"/chat/{closed.conversation_id}"),
        ("The answer in your temporary chat could not be finished.", f"/chat/{left.conversation_id}"),
    }
    await temporary.close(people.bob, closed.conversation_id)
    assert await said(people.bob) == [
        ("The answer in your temporary chat could not be finished.", f"/chat/{left.conversation_id}")
    ]
    async with unit_of_work(people.bob) as uow:
        await uow.session.execute(text("UPDATE conversation SET expires_at = now()"))
    assert await said(people.bob) == [("This is no longer there for you.", "")]
    assert await temporary.remove_expired_of(system(people)) == 2
    assert await count(people.bob, "notification") == 0
