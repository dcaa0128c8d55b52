"""What is asked while an answer is written waits for its end, or stops it; it is sent once, or says why not."""

import asyncio
from collections.abc import Sequence
from functools import partial
from uuid import UUID, uuid4

import pytest

from convosphere.chat.attachments import ChosenFile
from convosphere.chat.errors import TooManyQuestionsError
from convosphere.chat.generations import GenerationHost
from convosphere.chat.schemas import QueuedQuestion, Sent
from convosphere.chat.service import answering, attachments, conversations, queueing, sharing, watching
from convosphere.core.errors import NotFoundError
from convosphere.core.events import current_event_hub
from convosphere.core.permissions import Actor, Permission
from convosphere.identity.service import grants, memberships, roles
from convosphere.identity.service.grants import GrantKinds, Subject
from tests.fixtures.people import People
from tests.integration.chat.test_answering import finished, send, until_text
from tests.integration.chat.test_attachments import attach, count, last_content, picture
from tests.provider.fixtures import RunningProvider

GrantKinds.register(sharing.CONVERSATION_GRANTS)

HELD = "[[tokens=20 rate=1000 hold_every=5]] Held"
LONG = "[[tokens=200 rate=40]] Slowly"


async def ask(
    actor: Actor, sent: Sent, text: str, *, key: UUID | None = None, is_urgent: bool = False,
    files: Sequence[ChosenFile] = (),
) -> UUID:  # fmt: skip
    asked = await queueing.ask(
        actor, text, conversation_id=sent.conversation_id, client_key=key or uuid4(), is_urgent=is_urgent, files=files
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


async def test_so_many_questions_wait_and_no_more(
    people: People, host: GenerationHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queueing, "MOST_WAITING", 2)
    sent = await send(people.bob, HELD)
    first = await ask(people.bob, sent, "Second")
    await ask(people.bob, sent, "Third")
    with pytest.raises(TooManyQuestionsError):
        await ask(people.bob, sent, "Fourth")
    assert await ask(people.bob, sent, "Second", key=first) == first
    assert await waiting(people.bob, sent) == ["Second", "Third"]


async def test_what_cannot_be_sent_in_its_turn_says_why(people: People, host: GenerationHost) -> None:
    sent = await send(people.bob, "[[tokens=30 rate=40]] First")
    queued = await queueing.ask(
        people.bob, "Nobody?", conversation_id=sent.conversation_id, client_key=uuid4(), assistant_id=uuid4()
    )
    assert isinstance(queued, QueuedQuestion)
    await finished(people.bob, sent)
    assert await refusal(people.bob, sent)


async def refusal(actor: Actor, sent: Sent) -> str:
    """Why the first question that waits was not sent, once that is known."""
    async with current_event_hub().subscribe(conversations.list_topic(actor)) as notices, asyncio.timeout(30):
        while not (found := await queueing.list_queued(actor, sent.conversation_id))[0].error:
            await notices.get()
    return str((found[0].error or {})["text"])


async def test_what_waits_is_sent_with_the_rights_of_that_moment(people: People, host: GenerationHost) -> None:
    bob = people.bob
    assert bob.account_id
    sent = await send(bob, "[[tokens=60 rate=40]] First")
    await ask(bob, sent, "May I still?")
    key = await roles.create_role(people.ada, "Reader", "only reads", {Permission.CONVERSATION_READ})
    await roles.give_role(people.ada, bob.account_id, key)
    assert (await finished(bob, sent)).status == "done", "what had begun is seen through"
    await refusal(bob, sent)
    assert await waiting(bob, sent) == ["May I still?"]
    assert len((await conversations.get_conversation(bob, sent.conversation_id)).messages) == 2
    await roles.give_role(people.ada, bob.account_id, "member")
    [again] = await queueing.list_queued(bob, sent.conversation_id)
    await queueing.send_queued_now(bob, again.id)
    assert (await until_quiet(host, bob, sent, 2))[1:] == ["May I still?"]


async def test_whoever_may_ask_no_more_holds_nobody_up(people: People, host: GenerationHost) -> None:
    bob, eve = people.bob, people.eve
    assert bob.workspace_id
    sent = await send(bob, "[[tokens=5000 rate=40]] Slowly")
    await until_text(bob, sent)
    with_whom = Subject("person", eve.account_id)
    await grants.set_grant(bob, "conversation", sent.conversation_id, with_whom, "use")
    await ask(eve, sent, "Mine first")
    for text in ("And mine", "Mine as well"):
        await ask(bob, sent, text)
    await grants.remove_grant(bob, "conversation", sent.conversation_id, with_whom)
    await answering.stop(bob, sent.answer.id)
    await finished(bob, sent)

    await answering.send_next(bob.workspace_id, sent.conversation_id, "done")
    assert (await until_quiet(host, bob, sent, 3))[1:] == ["And mine", "Mine as well"]


async def test_nothing_is_sent_for_whoever_is_shut_out(people: People, host: GenerationHost) -> None:
    bob = people.bob
    assert bob.account_id
    sent = await send(bob, LONG)
    await until_text(bob, sent)
    await ask(bob, sent, "Later")
    await memberships.deactivate(people.ada, bob.account_id)
    await finished_quietly(host, sent)
    [queued] = await queueing.list_queued(bob, sent.conversation_id)
    await queueing.send_queued_now(bob, queued.id)  # As a tab of theirs could that nobody has closed yet.
    assert await refusal(bob, sent)
    assert len((await conversations.get_conversation(bob, sent.conversation_id)).messages) == 2


async def test_files_wait_with_their_question(people: People, host: GenerationHost, provider: RunningProvider) -> None:
    bob = people.bob
    assert bob.workspace_id
    image = await attach(bob, "owl.png", picture())
    sent = await send(bob, "[[tokens=60 rate=40]] First")
    await ask(bob, sent, "What is this?", files=[ChosenFile(image.id, "whole")])
    [queued] = await queueing.list_queued(bob, sent.conversation_id)
    assert [file["name"] for file in queued.files or ()] == ["owl.png"]
    await attachments.purge(bob.workspace_id, image.id)
    assert (await attachments.get_image(bob, image.id)).is_file(), "what waits with its question does not run out"
    assert (await until_quiet(host, bob, sent, 2))[1:] == ["What is this?"]
    question = (await conversations.get_conversation(bob, sent.conversation_id)).messages[2]
    assert [file["name"] for file in question.files or ()] == ["owl.png"]
    assert "owl.png" in str(last_content(provider))


async def test_files_go_with_a_question_that_is_taken_back(people: People, host: GenerationHost) -> None:
    bob = people.bob
    taken, foreign = await attach(bob, "owl.png", picture()), await attach(people.eve, "hen.png", picture("blue"))
    path = await attachments.get_image(bob, taken.id)
    sent = await send(bob, LONG)
    await until_text(bob, sent)
    with pytest.raises(NotFoundError):
        await ask(bob, sent, "Not mine", files=[ChosenFile(foreign.id, "whole")])
    queued = await ask(bob, sent, "Mine", files=[ChosenFile(taken.id, "whole")])
    await queueing.edit_queued(bob, queued, "Mine, in other words")
    assert (await queueing.list_queued(bob, sent.conversation_id))[0].files, "other words keep them"
    await queueing.remove_queued(bob, queued)
    assert not path.exists()
    assert await count(bob, "attachment") == 1, "that of somebody else"
    await answering.stop(bob, sent.answer.id)


async def test_other_words_for_a_question_stop_its_answer(people: People, host: GenerationHost) -> None:
    sent = await send(people.bob, LONG)
    await until_text(people.bob, sent)
    edit = partial(
        queueing.ask_instead, people.bob, "[[text=Quickly]] Faster", instead_of=sent.question.id,
        conversation_id=sent.conversation_id, client_key=uuid4(),
    )  # fmt: skip
    first, second = await asyncio.gather(edit(), edit())
    assert first.question.id == second.question.id, "two clicks ask once"
    assert (await finished(people.bob, first)).text == "Quickly"
    before = await conversations.get_message(people.bob, sent.answer.id)
    assert (before.status, bool(before.text)) == ("stopped", True)
    shown = (await conversations.get_conversation(people.bob, sent.conversation_id)).messages
    assert [message.text for message in shown] == ["[[text=Quickly]] Faster", "Quickly"]
    for other in (people.eve, people.zoe):
        with pytest.raises(NotFoundError):
            await queueing.ask_instead(
                other, "Mine", instead_of=sent.question.id, conversation_id=sent.conversation_id, client_key=uuid4()
            )


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
