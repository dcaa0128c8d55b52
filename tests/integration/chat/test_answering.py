"""Questions are stored once, answers are written to their end, and what goes wrong is said."""

import asyncio
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from convosphere.chat.errors import AnswerRunningError, EmptyMessageError, MessageKeyUsedError, MessageTooLongError
from convosphere.chat.generations import GenerationHost
from convosphere.chat.schemas import MessageView, Sent
from convosphere.chat.service import answering, conversations, watching
from convosphere.core.errors import ConflictError
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from tests.fixtures.people import People
from tests.fixtures.waiting import PATIENCE
from tests.provider.fixtures import RunningProvider


async def send(actor: Actor, message: str, conversation_id: UUID | None = None, model: str = "") -> Sent:
    return await answering.send(actor, message, conversation_id=conversation_id, client_key=uuid4(), model=model)


async def finished(actor: Actor, sent: Sent) -> MessageView:
    """The answer once it is over."""
    async for _ in watching.watch(actor, sent.answer.id):
        pass
    return await conversations.get_message(actor, sent.answer.id)


async def until_text(actor: Actor, sent: Sent) -> None:
    async for look in watching.watch(actor, sent.answer.id):
        if look.text:
            return


async def until_saved(actor: Actor) -> None:
    """Wait until the text so far of an answer is where other processes look for it."""
    saved = 0
    async with asyncio.timeout(PATIENCE):
        while not saved:
            await asyncio.sleep(0.05)
            async with unit_of_work(actor) as uow:
                saved = await uow.session.scalar(text("SELECT count(*) FROM message_generation WHERE text <> ''")) or 0


async def test_an_answer_is_stored_with_its_use(people: People, host: GenerationHost) -> None:
    sent = await send(people.bob, "[[text=forty_two]] How much?")
    answer = await finished(people.bob, sent)
    assert (answer.status, answer.text, answer.model) == ("done", "forty two", "test-answer")
    async with unit_of_work(people.bob) as uow:
        call = (
            await uow.session.execute(
                text("SELECT status, prompt_tokens > 0, completion_tokens > 0, cost_nanos FROM model_call"
                     " WHERE purpose = 'answer'")
            )
        ).one()  # fmt: skip
        left = await uow.session.scalar(text("SELECT count(*) FROM message_generation"))
    assert tuple(call) == ("done", True, True, None), "the price is unknown, which is not 0"
    assert left == 0


async def test_what_was_said_is_told_the_model(people: People, host: GenerationHost, provider: RunningProvider) -> None:
    first = await send(people.bob, "[[text=Anna]] What is her name?")
    await finished(people.bob, first)
    await finished(people.bob, await send(people.bob, "And his name, please, if you know?", first.conversation_id))
    said = provider.conversation()
    assert "Anna" in said
    assert said[-1].endswith("And his name, please, if you know?")


async def test_the_same_key_sends_once(people: People, host: GenerationHost, provider: RunningProvider) -> None:
    key = uuid4()
    sent = await asyncio.gather(
        *(answering.send(people.bob, "Once?", conversation_id=None, client_key=key) for _ in range(5))
    )
    assert len({one.conversation_id for one in sent}) == len({one.answer.id for one in sent}) == 1
    await finished(people.bob, sent[0])
    again = await answering.send(people.bob, "Once?", conversation_id=sent[0].conversation_id, client_key=key)
    assert again.answer.id == sent[0].answer.id
    assert len([chat for chat in provider.chats() if "max_tokens" not in chat.body]) == 1, "titles are asked for apart"


async def test_a_key_is_for_one_question(people: People, host: GenerationHost) -> None:
    key = uuid4()
    sent = await answering.send(people.bob, "Once?", conversation_id=None, client_key=key)
    await finished(people.bob, sent)
    with pytest.raises(MessageKeyUsedError):
        await answering.send(people.bob, "Something else?", conversation_id=sent.conversation_id, client_key=key)


async def test_a_second_question_waits_for_the_answer(people: People, host: GenerationHost) -> None:
    sent = await send(people.bob, "Slowly", model="test-slow")
    with pytest.raises(AnswerRunningError):
        await send(people.bob, "And now?", sent.conversation_id)
    await answering.stop(people.bob, sent.answer.id)
    await finished(people.bob, sent)
    await send(people.bob, "And now?", sent.conversation_id)


async def test_stopping_keeps_the_text_and_closes_the_connection(
    people: People, host: GenerationHost, provider: RunningProvider
) -> None:
    sent = await send(people.bob, "Slowly", model="test-slow")
    await until_text(people.bob, sent)
    await answering.stop(people.bob, sent.answer.id)
    answer = await finished(people.bob, sent)
    assert answer.status == "stopped"
    assert answer.text
    assert provider.wait_for(lambda: all(chat.disconnected for chat in provider.chats("test-slow")))


@pytest.mark.parametrize(
    ("directive", "kept"),
    [
        ("[[status=429]]", False),
        ("[[status=500]]", False),
        pytest.param("[[hang]]", False, marks=pytest.mark.hasty),
        pytest.param("[[tokens=50 stall_after=5]]", True, marks=pytest.mark.hasty),
        ("[[tokens=50 cut_after=5]]", True),
        ("[[tokens=50 error_after=5]]", True),
        ("[[garbage]]", False),
    ],
)
async def test_what_goes_wrong_is_said_and_can_be_tried_again(
    people: People, host: GenerationHost, directive: str, kept: bool
) -> None:
    sent = await send(people.bob, f"Well? {directive}")
    answer = await finished(people.bob, sent)
    assert answer.status == "failed"
    assert answer.error
    assert answer.error["text"]
    assert bool(answer.text) is kept
    retried = await answering.retry(people.bob, answer.id)
    assert retried.answer.parent_id == answer.parent_id
    await finished(people.bob, retried)
    page = await conversations.get_conversation(people.bob, sent.conversation_id)
    assert [message.id for message in page.messages] == [sent.question.id, retried.answer.id]


async def test_a_dead_process_leaves_an_interrupted_answer(people: People, host: GenerationHost) -> None:
    sent = await send(people.bob, "Slowly", model="test-slow")
    await until_text(people.bob, sent)
    async with unit_of_work(people.bob) as uow:
        statement = "UPDATE message_generation SET process_id = :other, text = 'so far', lease_until = now()"
        await uow.session.execute(text(statement), {"other": uuid4()})
    page = await conversations.get_conversation(people.bob, sent.conversation_id)
    assert [(message.status, message.text) for message in page.messages[1:]] == [("interrupted", "so far")]
    await answering.stop(people.bob, sent.answer.id)
    if generation := host.find(sent.answer.id):
        await generation.wait_for_end()
    answer = await conversations.get_message(people.bob, sent.answer.id)
    assert answer.status == "interrupted", "a writer that lost its lease must not write"


async def test_who_watches_while_the_writing_process_dies_sees_it_interrupted(
    people: People, host: GenerationHost
) -> None:
    sent = await send(people.bob, "Slowly", model="test-slow")
    await until_text(people.bob, sent)
    dead = host._running.pop(sent.answer.id)
    try:
        async with unit_of_work(people.bob) as uow:
            statement = "UPDATE message_generation SET process_id = :other, text = 'so far', lease_until = now()"
            await uow.session.execute(text(statement), {"other": uuid4()})
        answer = await finished(people.bob, sent)
    finally:
        host._running[sent.answer.id] = dead
    assert (answer.status, answer.text) == ("interrupted", "so far")
    await answering.stop(people.bob, sent.answer.id)


async def test_a_writer_whose_lease_went_to_another_process_writes_nothing(
    people: People, host: GenerationHost
) -> None:
    sent = await send(people.bob, "Slowly", model="test-slow")
    await until_text(people.bob, sent)
    generation = host.find(sent.answer.id)
    assert generation
    async with unit_of_work(people.bob) as uow:
        await uow.session.execute(text("UPDATE message_generation SET process_id = :other"), {"other": uuid4()})
    host.stop(sent.answer.id)
    await generation.wait_for_end()
    answer = await conversations.get_message(people.bob, sent.answer.id)
    assert (answer.status, answer.text) == ("streaming", "")


async def test_an_interrupted_answer_goes_on_where_it_stopped(
    people: People, host: GenerationHost, provider: RunningProvider
) -> None:
    sent = await send(people.bob, "Slowly", model="test-slow")
    await until_text(people.bob, sent)
    await host._drain()
    before = (await conversations.get_message(people.bob, sent.answer.id)).text
    resumed = await answering.resume(people.bob, sent.answer.id)
    assert resumed.answer.id == sent.answer.id
    async for look in watching.watch(people.bob, sent.answer.id):
        if len(look.text) > len(before):
            break
    await answering.stop(people.bob, sent.answer.id)
    answer = await finished(people.bob, resumed)
    assert answer.text.startswith(before)
    assert len(answer.text) > len(before)
    assert provider.chats("test-slow")[-1].body["messages"][-2] == {"role": "assistant", "content": before}


async def test_an_answer_at_its_end_does_not_go_on(people: People, host: GenerationHost) -> None:
    sent = await send(people.bob, "Hello")
    assert (await finished(people.bob, sent)).status == "done"
    with pytest.raises(ConflictError):
        await answering.resume(people.bob, sent.answer.id)


async def test_an_answer_of_another_process_can_be_watched(people: People, host: GenerationHost) -> None:
    sent = await send(people.bob, "Slowly", model="test-slow")
    await until_saved(people.bob)
    elsewhere = host._running.pop(sent.answer.id)
    try:
        async for look in watching.watch(people.bob, sent.answer.id):
            if look.text:
                break
        assert elsewhere.text.startswith(look.text)
    finally:
        host._running[sent.answer.id] = elsewhere
    await answering.stop(people.bob, sent.answer.id)


async def test_a_stop_ends_what_takes_too_long_as_interrupted(people: People, host: GenerationHost) -> None:
    sent = await send(people.bob, "Slowly", model="test-slow")
    await until_text(people.bob, sent)
    await host._drain()
    answer = await conversations.get_message(people.bob, sent.answer.id)
    assert answer.status == "interrupted"
    assert answer.text


async def test_a_title_comes_from_the_model_unless_a_person_chose_one(people: People, host: GenerationHost) -> None:
    sent = await send(people.bob, "[[text=A_short_title]] " + "long words " * 20)
    await finished(people.bob, sent)
    await asyncio.gather(*host._tasks)
    assert (await conversations.get_conversation(people.bob, sent.conversation_id)).title == "A short title"
    await conversations.rename(people.bob, sent.conversation_id, "  Mine ")
    page = await conversations.get_conversation(people.bob, sent.conversation_id)
    assert page.title == "Mine"


async def test_a_title_comes_with_the_first_answer_that_succeeds(people: People, host: GenerationHost) -> None:
    failed = await send(people.bob, "[[tokens=50 cut_after=5 times=9]] Break off", model="test-answer")
    assert (await finished(people.bob, failed)).status == "failed"
    first_words = (await conversations.get_conversation(people.bob, failed.conversation_id)).title
    again = await send(people.bob, "[[text=Second_try]] Again", failed.conversation_id)
    assert (await finished(people.bob, again)).status == "done"
    await asyncio.gather(*host._tasks)
    page = await conversations.get_conversation(people.bob, failed.conversation_id)
    assert page.title == "Second try" != first_words
    third = await send(people.bob, "[[text=Third]] And now", failed.conversation_id)
    await finished(people.bob, third)
    await asyncio.gather(*host._tasks)
    page = await conversations.get_conversation(people.bob, failed.conversation_id)
    assert page.title == "Second try"


async def test_an_interrupted_answer_goes_on_with_the_model_that_is_picked(
    people: People, host: GenerationHost
) -> None:
    sent = await send(people.bob, "Slowly", model="test-slow")
    await until_text(people.bob, sent)
    await host._drain()
    resumed = await answering.resume(people.bob, sent.answer.id, model="test-answer")
    answer = await finished(people.bob, resumed)
    assert (answer.status, answer.model) == ("done", "test-answer")
    assert (await conversations.get_conversation(people.bob, sent.conversation_id)).model == "test-answer"


async def test_messages_before_one_are_read_page_by_page(people: People, host: GenerationHost) -> None:
    sent = await send(people.bob, "[[text=Fine]] Number 0")
    await finished(people.bob, sent)
    for number in (1, 2):
        await finished(people.bob, await send(people.bob, f"[[text=Fine]] Number {number}", sent.conversation_id))
    latest = await conversations.get_conversation(people.bob, sent.conversation_id, size=2)
    before = await conversations.get_conversation(
        people.bob, sent.conversation_id, size=3, before=latest.messages[0].id
    )
    assert [message.role for message in before.messages] == ["assistant", "user", "assistant"][-3:]
    assert before.messages[-1].id == latest.messages[0].parent_id
    assert (latest.has_earlier, before.has_earlier) == (True, True)
    first = await conversations.get_conversation(people.bob, sent.conversation_id, size=3, before=before.messages[0].id)
    assert [message.text for message in first.messages] == ["[[text=Fine]] Number 0"]
    assert not first.has_earlier


@pytest.mark.parametrize("message", ["", "   ", "\x00"])
async def test_nothing_cannot_be_sent(people: People, host: GenerationHost, message: str) -> None:
    with pytest.raises(EmptyMessageError):
        await send(people.bob, message)
    assert await conversations.list_conversations(people.bob) == []


async def test_a_message_of_a_megabyte_is_refused(people: People, host: GenerationHost) -> None:
    with pytest.raises(MessageTooLongError):
        await send(people.bob, "x" * 1_000_000)
    assert await conversations.list_conversations(people.bob) == []
