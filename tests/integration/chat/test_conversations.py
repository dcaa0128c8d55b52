"""Conversations are one's own, in the order of their use, and come back when a deletion is undone."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from convosphere.chat.generations import GenerationHost
from convosphere.chat.schemas import Sent
from convosphere.chat.service import answering, conversations, watching
from convosphere.core.errors import ConvoSphereError, NotFoundError, SignInRequiredError
from convosphere.core.permissions import ANONYMOUS, Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.service import memberships
from tests.fixtures.people import People
from tests.integration.chat.test_answering import finished, send, until_text
from tests.provider.fixtures import RunningProvider

Use = Callable[[Actor, Sent], Awaitable[object]]


async def _watch(actor: Actor, sent: Sent) -> None:
    async for _ in watching.watch(actor, sent.answer.id):
        pass


USES: dict[str, Use] = {
    "read": lambda actor, sent: conversations.get_conversation(actor, sent.conversation_id),
    "leaf": lambda actor, sent: conversations.get_leaf(actor, sent.conversation_id),
    "message": lambda actor, sent: conversations.get_message(actor, sent.answer.id),
    "progress": lambda actor, sent: conversations.get_progress(actor, sent.answer.id),
    "watch": _watch,
    "citation": lambda actor, sent: conversations.open_citation(actor, sent.answer.id, 1),
    "send": lambda actor, sent: send(actor, "Mine now?", sent.conversation_id),
    "send with its key": lambda actor, sent: answering.send(
        actor, "Mine?", conversation_id=None, client_key=sent.conversation_id
    ),
    "retry": lambda actor, sent: answering.retry(actor, sent.answer.id),
    "resume": lambda actor, sent: answering.resume(actor, sent.answer.id),
    "stop": lambda actor, sent: answering.stop(actor, sent.answer.id),
    "rename": lambda actor, sent: conversations.rename(actor, sent.conversation_id, "Mine"),
    "delete": lambda actor, sent: conversations.delete(actor, sent.conversation_id),
    "restore": lambda actor, sent: conversations.restore(actor, sent.conversation_id),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES.keys())
async def test_somebody_elses_conversation_is_not_there(people: People, host: GenerationHost, use: Use) -> None:
    sent = await send(people.bob, "Private?")
    before = await finished(people.bob, sent)
    for stranger in (people.ada, people.eve, people.zoe):
        with pytest.raises(NotFoundError):
            await use(stranger, sent)
    with pytest.raises(SignInRequiredError):
        await use(ANONYMOUS, sent)
    assert await conversations.get_message(people.bob, sent.answer.id) == before
    page = await conversations.get_conversation(people.bob, sent.conversation_id)
    assert len(page.messages) == 2


@pytest.mark.parametrize("use", [use for name, use in USES.items() if name != "send with its key"])
async def test_what_does_not_exist_looks_the_same(people: People, host: GenerationHost, use: Use) -> None:
    sent = await send(people.bob, "Here?")
    missing = Sent(uuid4(), "", sent.question, sent.answer.__class__(**{**sent.answer.__dict__, "id": uuid4()}), False)
    with pytest.raises(ConvoSphereError) as raised:
        await use(people.bob, missing)
    assert isinstance(raised.value, NotFoundError)


async def test_the_list_is_ordered_by_use_and_paged(people: People, host: GenerationHost) -> None:
    ids: list[UUID] = []
    for number in range(5):
        sent = await send(people.bob, f"Question {number}?")
        await finished(people.bob, sent)
        ids.insert(0, sent.conversation_id)
    first = await conversations.list_conversations(people.bob, limit=3)
    rest = await conversations.list_conversations(people.bob, before=(first[-1].updated_at, first[-1].id))
    assert [row.id for row in (*first, *rest)] == ids
    assert await conversations.list_conversations(people.ada) == []


async def test_an_answer_being_written_shows_in_the_list(people: People, host: GenerationHost) -> None:
    sent = await send(people.bob, "Slowly", model="test-slow")
    assert [row.is_streaming for row in await conversations.list_conversations(people.bob)] == [True]
    await answering.stop(people.bob, sent.answer.id)
    await finished(people.bob, sent)
    assert [row.is_streaming for row in await conversations.list_conversations(people.bob)] == [False]


async def test_a_deleted_conversation_comes_back_whole(people: People, host: GenerationHost) -> None:
    sent = await send(people.bob, "Keep me?")
    await finished(people.bob, sent)
    await conversations.delete(people.bob, sent.conversation_id)
    assert await conversations.list_conversations(people.bob) == []
    with pytest.raises(NotFoundError):
        await conversations.get_conversation(people.bob, sent.conversation_id)
    await conversations.restore(people.bob, sent.conversation_id)
    assert len((await conversations.get_conversation(people.bob, sent.conversation_id)).messages) == 2


async def test_deleting_stops_the_answer_and_keeps_what_is_written(
    people: People, host: GenerationHost, provider: RunningProvider
) -> None:
    sent = await send(people.bob, "Slowly", model="test-slow")
    await until_text(people.bob, sent)
    generation = host.find(sent.answer.id)
    assert generation
    await conversations.delete(people.bob, sent.conversation_id)
    async with asyncio.timeout(60):
        await generation.wait_for_end()
    assert provider.wait_for(lambda: all(chat.disconnected for chat in provider.chats("test-slow")))
    await conversations.restore(people.bob, sent.conversation_id)
    answer = await conversations.get_message(people.bob, sent.answer.id)
    assert (answer.status, bool(answer.text)) == ("stopped", True)


async def test_whoever_is_shut_out_has_their_answers_stopped_and_nobody_else(
    people: People, host: GenerationHost
) -> None:
    sent = [await send(actor, "Slowly", model="test-slow") for actor in (people.bob, people.eve)]
    for actor, each in zip((people.bob, people.eve), sent, strict=True):
        await until_text(actor, each)
    theirs, others = (host.find(each.answer.id) for each in sent)
    assert theirs
    assert people.bob.account_id
    await memberships.deactivate(people.ada, people.bob.account_id)
    async with asyncio.timeout(60):
        await theirs.wait_for_end()
    assert theirs.status == "stopped"
    assert others
    assert not others.is_over
    await answering.stop(people.eve, sent[1].answer.id)


async def test_a_deleted_conversation_goes_for_good_after_a_day(people: People, host: GenerationHost) -> None:
    kept, gone = await send(people.bob, "Keep?"), await send(people.bob, "Gone?")
    for sent in (kept, gone):
        await finished(people.bob, sent)
        await conversations.delete(people.bob, sent.conversation_id)
    await conversations.restore(people.bob, kept.conversation_id)
    workspace_id = people.bob.workspace_id
    assert workspace_id
    await conversations.purge(workspace_id, gone.conversation_id)
    async with unit_of_work(people.bob) as uow:
        jobs = await uow.session.scalar(
            text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'chat.purge_conversation'"
                 " AND scheduled_at > now() + interval '1 day'")
        )  # fmt: skip
        assert jobs == 2
        assert await uow.session.scalar(text("SELECT count(*) FROM conversation")) == 2, "it could still be restored"
        await uow.session.execute(text("UPDATE conversation SET deleted_at = deleted_at - interval '25 hours'"))
    for sent in (kept, gone):
        await conversations.purge(workspace_id, sent.conversation_id)
    async with unit_of_work(people.bob) as uow:
        assert await uow.session.scalar(text("SELECT count(*) FROM conversation")) == 1
        assert await uow.session.scalar(text("SELECT count(*) FROM message")) == 2


async def test_what_hangs_on_a_message_is_found_by_index(people: People) -> None:
    """Else each message of a purged conversation has whole tables read."""
    without_index = """
        SELECT c.conrelid::regclass::text FROM pg_constraint AS c
        WHERE c.contype = 'f' AND c.confrelid = 'message'::regclass AND NOT EXISTS (
            SELECT FROM pg_index AS i WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1]
        )
    """
    async with unit_of_work(people.bob) as uow:
        assert (await uow.session.scalars(text(without_index))).all() == []
