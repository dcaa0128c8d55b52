"""Messages are a tree: nothing is overwritten, each branch is found again, and only what is visible is read."""

import asyncio
from functools import partial
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from convosphere.chat.effort import Effort
from convosphere.chat.errors import AnswerRunningError, MessageKeyUsedError
from convosphere.chat.generations import GenerationHost
from convosphere.chat.schemas import ConversationPage, Sent
from convosphere.chat.service import answering, branches, conversations
from convosphere.core.errors import NotFoundError
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from tests.fixtures.people import People
from tests.integration.chat.test_answering import finished, send, until_text
from tests.provider.fixtures import RunningProvider


async def answered(actor: Actor, message: str, conversation_id: UUID | None = None) -> Sent:
    sent = await send(actor, message, conversation_id)
    await finished(actor, sent)
    return sent


async def asked_instead(actor: Actor, sent: Sent, message: str) -> Sent:
    other = await answering.send(
        actor, message, conversation_id=sent.conversation_id, client_key=uuid4(), instead_of=sent.question.id
    )
    await finished(actor, other)
    return other


async def shown(actor: Actor, sent: Sent) -> ConversationPage:
    return await conversations.get_conversation(actor, sent.conversation_id)


def ids_of(page: ConversationPage) -> list[UUID]:
    return [message.id for message in page.messages]


async def test_other_words_begin_a_branch_and_each_is_found_again(people: People, host: GenerationHost) -> None:
    first = await answered(people.bob, "Where?")
    second = await answered(people.bob, "And when?", first.conversation_id)
    other = await asked_instead(people.bob, second, "And how?")
    page = await shown(people.bob, first)
    assert ids_of(page) == [first.question.id, first.answer.id, other.question.id, other.answer.id]
    edited = page.messages[2]
    assert (edited.sibling_number, edited.sibling_count, edited.previous_id) == (2, 2, second.question.id)
    assert [message.sibling_count for message in page.messages] == [1, 1, 2, 1]
    back = await branches.switch(people.bob, second.question.id)
    assert ids_of(back) == [second.question.id, second.answer.id], "what stands above is there already"
    assert back.follows(first.answer.id)
    assert ids_of(await shown(people.bob, first))[2:] == [second.question.id, second.answer.id]


async def test_the_first_question_has_siblings_too(people: People, host: GenerationHost) -> None:
    first = await answered(people.bob, "Where?")
    other = await asked_instead(people.bob, first, "Where exactly?")
    page = await shown(people.bob, first)
    assert ids_of(page) == [other.question.id, other.answer.id]
    assert (page.messages[0].sibling_number, page.messages[0].sibling_count) == (2, 2)
    back = await branches.switch(people.bob, first.question.id)
    assert (ids_of(back), back.has_earlier) == ([first.question.id, first.answer.id], False)


async def test_what_a_model_is_told_comes_from_its_branch_alone(
    people: People, host: GenerationHost, provider: RunningProvider
) -> None:
    first = await answered(people.bob, "[[text=Anna]] Who?")
    second = await answered(people.bob, "[[text=Berlin]] Where does she live, please?", first.conversation_id)
    await asked_instead(people.bob, second, "[[text=Tuesday]] When was she born, please?")
    said = next(
        [message["content"] for message in chat.body["messages"]]
        for chat in reversed(provider.chats())
        if chat.body["messages"][-1]["content"].endswith("When was she born, please?")
    )
    assert "Anna" in said
    assert "Berlin" not in said


async def test_regenerating_adds_a_sibling_also_by_another_model(people: People, host: GenerationHost) -> None:
    sent = await answered(people.bob, "Where?")
    again = await answering.retry(people.bob, sent.answer.id, model="test-fast")
    await finished(people.bob, again)
    last = (await shown(people.bob, sent)).messages[-1]
    assert (last.id, last.model, last.sibling_number, last.sibling_count) == (again.answer.id, "test-fast", 2, 2)
    assert (await conversations.get_message(people.bob, sent.answer.id)).status == "done"


async def test_saved_words_are_asked_when_wanted(people: People, host: GenerationHost) -> None:
    sent = await answered(people.bob, "Where?")
    key = uuid4()
    kept = await asyncio.gather(
        *(branches.save_edit(people.bob, sent.question.id, "Where exactly?", client_key=key) for _ in range(3))
    )
    assert len({message.id for message in kept}) == 1
    assert ids_of(await shown(people.bob, sent)) == [kept[0].id]
    answer = await answering.retry(people.bob, kept[0].id)
    await finished(people.bob, answer)
    assert ids_of(await shown(people.bob, sent)) == [kept[0].id, answer.answer.id]
    async with unit_of_work(people.bob) as uow:
        assert await uow.session.scalar(text("SELECT count(*) FROM message_regeneration")) == 0


async def test_what_one_key_asked_instead_is_asked_once(people: People, host: GenerationHost) -> None:
    sent = await answered(people.bob, "Where?")
    key = uuid4()
    ask = partial(
        answering.send, people.bob, conversation_id=sent.conversation_id, client_key=key, instead_of=sent.question.id
    )
    others = await asyncio.gather(*(ask("How?") for _ in range(4)))
    assert len({other.answer.id for other in others}) == 1
    await finished(people.bob, others[0])
    with pytest.raises(MessageKeyUsedError):
        await ask("Something else?")


async def test_while_an_answer_is_written_no_branch_takes_its_place(people: People, host: GenerationHost) -> None:
    first = await answered(people.bob, "Where?")
    sent = await send(people.bob, "Slowly", first.conversation_id, model="test-slow")
    await until_text(people.bob, sent)
    with pytest.raises(AnswerRunningError):
        await branches.save_edit(people.bob, sent.question.id, "Slower", client_key=uuid4())
    with pytest.raises(AnswerRunningError):
        await asked_instead(people.bob, sent, "Slower")
    with pytest.raises(AnswerRunningError):
        await answering.retry(people.bob, first.answer.id)
    with pytest.raises(AnswerRunningError):
        await branches.fork(people.bob, sent.answer.id)
    assert (await shown(people.bob, sent)).messages[-1].status == "streaming"
    await answering.stop(people.bob, sent.answer.id)
    await finished(people.bob, sent)


async def test_an_answer_is_written_on_in_a_branch_that_nobody_looks_at(people: People, host: GenerationHost) -> None:
    first = await answered(people.bob, "Where?")
    other = await asked_instead(people.bob, first, "[[tokens=30 rate=40]] How?")
    running = await send(people.bob, "[[tokens=30 rate=40]] And then?", first.conversation_id)
    page = await branches.switch(people.bob, first.question.id)
    assert ids_of(page) == [first.question.id, first.answer.id]
    assert (await finished(people.bob, running)).status == "done"
    back = await branches.switch(people.bob, other.question.id)
    assert ids_of(back)[-1] == running.answer.id


async def test_a_fork_is_a_conversation_of_its_own(people: People, host: GenerationHost) -> None:
    first = await answered(people.bob, "[[text=Anna]] Who?")
    second = await answered(people.bob, "And when?", first.conversation_id)
    copy_id = await branches.fork(people.bob, first.answer.id)
    copy = await conversations.get_conversation(people.bob, copy_id)
    assert [(message.role, message.text) for message in copy.messages] == [
        ("user", "[[text=Anna]] Who?"), ("assistant", "Anna"),
    ]  # fmt: skip
    assert copy.messages[1].parent_id == copy.messages[0].id
    assert not set(ids_of(copy)) & {first.question.id, first.answer.id, second.answer.id}
    assert copy.messages[1].effort == (await conversations.get_message(people.bob, first.answer.id)).effort
    await answered(people.bob, "Only here?", copy_id)
    assert len((await shown(people.bob, first)).messages) == 4
    twice = await conversations.get_conversation(people.bob, await branches.fork(people.bob, copy.messages[1].id))
    assert (copy.title[-4:], twice.title[-4:]) == (" (2)", " (3)")


async def test_nobody_leafs_through_edits_or_copies_what_is_not_theirs(people: People, host: GenerationHost) -> None:
    sent = await answered(people.bob, "Where?")
    for use in (
        branches.switch(people.eve, sent.answer.id),
        branches.fork(people.eve, sent.answer.id),
        branches.save_edit(people.eve, sent.question.id, "Mine?", client_key=uuid4()),
        conversations.get_thinking(people.eve, sent.answer.id),
        branches.save_edit(people.bob, sent.answer.id, "An answer?", client_key=uuid4()),
    ):
        with pytest.raises(NotFoundError):
            await use
    elsewhere = await answered(people.bob, "Elsewhere?")
    with pytest.raises(NotFoundError):
        await answering.send(
            people.bob, "Here?", conversation_id=elsewhere.conversation_id, client_key=uuid4(),
            instead_of=sent.question.id,
        )  # fmt: skip


async def test_what_was_thought_is_kept_apart_from_the_text(people: People, host: GenerationHost) -> None:
    sent = await send(people.bob, "[[thinking=20 text=forty_two]] How much?")
    answer = await finished(people.bob, sent)
    assert answer.text == "forty two"
    assert answer.thinking_ms is not None
    assert await conversations.get_thinking(people.bob, answer.id)
    assert answer.effort
    effort = Effort(**answer.effort)
    assert effort.prompt_tokens
    assert effort.output_tokens
    assert effort.ms >= answer.thinking_ms
    again = await answering.retry(people.bob, answer.id)
    await finished(people.bob, again)


async def test_a_stopped_answer_goes_on_with_what_it_took_before(people: People, host: GenerationHost) -> None:
    sent = await send(people.bob, "[[thinking=5]] Slowly", model="test-slow")
    await until_text(people.bob, sent)
    await answering.stop(people.bob, sent.answer.id)
    stopped = await finished(people.bob, sent)
    thoughts = await conversations.get_thinking(people.bob, stopped.id)
    await finished(people.bob, await answering.resume(people.bob, stopped.id, model="test-answer"))
    whole = await conversations.get_message(people.bob, stopped.id)
    assert whole.status == "done"
    assert whole.text.startswith(stopped.text)
    assert (await conversations.get_thinking(people.bob, whole.id)).startswith(thoughts)
    assert stopped.effort
    assert whole.effort
    assert whole.effort["ms"] > stopped.effort["ms"]
    assert whole.effort["prompt_tokens"] > stopped.effort["prompt_tokens"]


async def test_what_ends_unseen_is_unread_until_it_is_opened(people: People, host: GenerationHost) -> None:
    watched = await answered(people.bob, "Where?")
    unseen = await send(people.bob, "And when?")
    generation = host.find(unseen.answer.id)
    assert generation
    await generation.wait_for_end()
    unread = {row.id: row.is_unread for row in await conversations.list_conversations(people.bob)}
    assert unread == {watched.conversation_id: False, unseen.conversation_id: True}
    await shown(people.bob, unseen)
    assert not any(row.is_unread for row in await conversations.list_conversations(people.bob))


async def test_a_large_tree_is_opened_by_what_is_visible(people: People, host: GenerationHost) -> None:
    """2,000 messages in one chain, each answer with three siblings: what is read is a page, by index."""
    sent = await answered(people.bob, "Where?")
    parent, rows = sent.answer.id, []
    for number in range(1000):
        question = new_id()
        answers = [new_id() for _ in range(4)]
        rows += [(question, parent, "user", number), *((one, question, "assistant", number) for one in answers)]
        parent = answers[-1]
    async with unit_of_work(people.bob) as uow:
        await uow.session.execute(
            text("INSERT INTO message (id, workspace_id, conversation_id, parent_id, role, status, parts)"
                 " VALUES (:id, :workspace_id, :conversation_id, :parent_id, :role, 'done', '[]')"),
            [{"id": one, "workspace_id": people.bob.workspace_id, "conversation_id": sent.conversation_id,
              "parent_id": above, "role": role} for one, above, role, _ in rows],
        )  # fmt: skip
        await uow.session.execute(text("UPDATE conversation_view SET active_leaf_id = :leaf"), {"leaf": parent})
    page = await shown(people.bob, sent)
    assert (len(page.messages), page.has_earlier) == (conversations.PAGE_SIZE, True)
    assert (page.messages[-1].sibling_number, page.messages[-1].sibling_count) == (4, 4)
    back = await branches.switch(people.bob, page.messages[-1].previous_id or parent)
    assert len(back.messages) == 1
    far = await branches.switch(people.bob, sent.question.id)
    assert (len(far.messages), far.follows(None)) == (conversations.PAGE_SIZE, False)
