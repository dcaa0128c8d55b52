"""What is asked while an answer is written waits for its end, or stops it; it is sent once, or says why not."""

import asyncio
from uuid import UUID, uuid4

import pytest

from convosphere.chat.generations import GenerationHost
from convosphere.chat.schemas import QueuedQuestion, Sent
from convosphere.chat.service import answering, conversations, queueing, watching
from convosphere.core.errors import NotFoundError
from convosphere.core.events import current_event_hub
from convosphere.core.permissions import Actor
from tests.fixtures.people import People
from tests.integration.chat.test_answering import finished, send, until_text

LONG = "[[tokens=200 rate=40]] Slowly"


async def ask(actor: Actor, sent: Sent, text: str, *, key: UUID | None = None, is_urgent: bool = False) -> UUID:
    asked = await queueing.ask(
        actor, text, conversation_id=sent.conversation_id, client_key=key or uuid4(), is_urgent=is_urgent
    )
    assert isinstance(asked, QueuedQuestion)
    return asked.id


async def until_quiet(host: GenerationHost, actor: Actor, sent: Sent, questions: int) -> list[str]:
    """The questions of the branch, once there are so many and the last is answered."""
    async with asyncio.timeout(30):
        while True:
            page = await conversations.get_conversation(actor, sent.conversation_id)
            asked = [message.text for message in page.messages if message.role == "user"]
            if len(asked) >= questions and page.messages[-1].status != "streaming" and not host.count:
                return asked
            if page.messages[-1].status == "streaming":
                async for _ in watching.watch(actor, page.messages[-1].id):
                    pass
            await asyncio.sleep(0)


async def waiting(actor: Actor, sent: Sent) -> list[str]:
    return [question.text for question in await queueing.list_queued(actor, sent.conversation_id)]


async def test_questions_wait_for_the_answer_and_go_in_their_order(people: People, host: GenerationHost) -> None:
    sent = await send(people.bob, "[[tokens=30 rate=40]] First")
    for text in ("Second", "Third"):
        await ask(people.bob, sent, text)
    assert await waiting(people.bob, sent) == ["Second", "Third"]
    row = (await conversations.list_conversations(people.bob))[0]
    assert row.has_queue
    asked = await until_quiet(host, people.bob, sent, 3)
    assert asked[1:] == ["Second", "Third"]
    assert await waiting(people.bob, sent) == []
    assert not (await conversations.list_conversations(people.bob))[0].has_queue


async def test_without_an_answer_being_written_nothing_waits(people: People, host: GenerationHost) -> None:
    sent = await queueing.ask(people.bob, "At once", conversation_id=None, client_key=uuid4())
    assert isinstance(sent, Sent)
    await finished(people.bob, sent)
    again = await queueing.ask(people.bob, "At once as well", conversation_id=sent.conversation_id, client_key=uuid4())
    assert isinstance(again, Sent)
    await finished(people.bob, again)


async def test_who_steers_stops_the_answer_and_goes_before_all_others(people: People, host: GenerationHost) -> None:
    sent = await send(people.bob, LONG)
    await until_text(people.bob, sent)
    await ask(people.bob, sent, "Patient")
    await ask(people.bob, sent, "Urgent", is_urgent=True)
    assert (await finished(people.bob, sent)).status == "stopped"
    asked = await until_quiet(host, people.bob, sent, 3)
    assert asked[1:] == ["Urgent", "Patient"]


async def test_after_a_stop_questions_wait_until_somebody_sends_them(people: People, host: GenerationHost) -> None:
    sent = await send(people.bob, LONG)
    await until_text(people.bob, sent)
    queued = await ask(people.bob, sent, "Later")
    await answering.stop(people.bob, sent.answer.id)
    await finished(people.bob, sent)
    assert await waiting(people.bob, sent) == ["Later"]
    await queueing.send_queued_now(people.bob, queued)
    assert (await until_quiet(host, people.bob, sent, 2))[1:] == ["Later"]


async def test_what_waits_can_be_changed_removed_and_sent_at_once(people: People, host: GenerationHost) -> None:
    sent = await send(people.bob, LONG)
    await until_text(people.bob, sent)
    first, second, third = [await ask(people.bob, sent, text) for text in ("First", "Second", "Third")]
    await queueing.edit_queued(people.bob, first, "First of all")
    await queueing.remove_queued(people.bob, second)
    assert await waiting(people.bob, sent) == ["First of all", "Third"]
    await queueing.send_queued_now(people.bob, third)
    asked = await until_quiet(host, people.bob, sent, 3)
    assert asked[1:] == ["Third", "First of all"]
    for use in (queueing.edit_queued(people.bob, first, "Too late"), queueing.remove_queued(people.bob, first)):
        with pytest.raises(NotFoundError):
            await use


async def test_one_key_waits_and_is_sent_once(people: People, host: GenerationHost) -> None:
    """A double click, a retry after a lost connection, two tabs: the same key."""
    sent = await send(people.bob, "[[tokens=30 rate=40]] First")
    key = uuid4()
    await asyncio.gather(*(ask(people.bob, sent, "Once", key=key) for _ in range(4)))
    assert await waiting(people.bob, sent) == ["Once"]
    assert (await until_quiet(host, people.bob, sent, 2))[1:] == ["Once"]
    late = await queueing.ask(people.bob, "Once", conversation_id=sent.conversation_id, client_key=key)
    assert isinstance(late, Sent)
    assert (await until_quiet(host, people.bob, sent, 2))[1:] == ["Once"]


async def test_what_cannot_be_sent_in_its_turn_says_why(people: People, host: GenerationHost) -> None:
    sent = await send(people.bob, "[[tokens=30 rate=40]] First")
    queued = await queueing.ask(
        people.bob, "Nobody?", conversation_id=sent.conversation_id, client_key=uuid4(), assistant_id=uuid4()
    )
    assert isinstance(queued, QueuedQuestion)
    await finished(people.bob, sent)
    async with current_event_hub().subscribe(conversations.list_topic(people.bob)) as notices, asyncio.timeout(30):
        while not (found := await queueing.list_queued(people.bob, sent.conversation_id))[0].error:
            await notices.get()
    assert found[0].error
    assert found[0].error["text"]


async def test_somebody_elses_queue_is_not_there(people: People, host: GenerationHost) -> None:
    sent = await send(people.bob, LONG)
    queued = await ask(people.bob, sent, "Mine")
    for use in (
        queueing.list_queued(people.eve, sent.conversation_id),
        queueing.edit_queued(people.eve, queued, "Yours"),
        queueing.remove_queued(people.eve, queued),
        queueing.send_queued_now(people.eve, queued),
        queueing.ask(people.eve, "Here?", conversation_id=sent.conversation_id, client_key=uuid4()),
    ):
        with pytest.raises(NotFoundError):
            await use
    await conversations.delete(people.bob, sent.conversation_id)
    await finished_quietly(host, sent)
    with pytest.raises(NotFoundError):
        await queueing.send_queued_now(people.bob, queued)


async def finished_quietly(host: GenerationHost, sent: Sent) -> None:
    if generation := host.find(sent.answer.id):
        await generation.wait_for_end()
