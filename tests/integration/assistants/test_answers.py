"""Answers by assistants: who gives them, what the model is told, what they may read, and what stays of it."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from convosphere.assistants.errors import AssistantUnavailableError
from convosphere.assistants.kind import ASSISTANTS
from convosphere.assistants.schemas import Definition, Example, Knowledge, Personality, Settings
from convosphere.assistants.service import assistants
from convosphere.chat.generations import GenerationHost
from convosphere.chat.schemas import MessageView, Sent
from convosphere.chat.service import answering, conversations, watching
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.creations.service.sharing import grants_of
from convosphere.identity.service.grants import EVERYONE, GrantKinds, set_grant
from tests.fixtures.people import People
from tests.integration.assistants.test_assistants import make
from tests.provider.fixtures import RunningProvider

pytestmark = pytest.mark.usefixtures("host")
GrantKinds.register(grants_of(ASSISTANTS))


async def ask(actor: Actor, question: str, assistant_id: UUID | None = None, place: UUID | None = None) -> Sent:
    sent = await answering.send(actor, question, conversation_id=place, client_key=uuid4(), assistant_id=assistant_id)
    async for _ in watching.watch(actor, sent.answer.id):
        pass
    return sent


async def answer_of(actor: Actor, sent: Sent) -> MessageView:
    return await conversations.get_message(actor, sent.answer.id)


def system_of(provider: RunningProvider, question: str) -> str:
    """What the model was told before a question."""
    chats = [chat for chat in provider.chats() if question in str(chat.body["messages"][-1]["content"])]
    return str(chats[-1].body["messages"][0]["content"])


async def test_the_model_is_told_who_it_is(people: People, provider: RunningProvider) -> None:
    definition = Definition(
        name="Owl expert",
        description="Knows owls.",
        instructions="Help {{user_name}}, who speaks {{language}}.",
        personality=Personality(
            tone="formal", length="short", address="formal", examples=(Example(question="Eagle?", answer="Only owls."),)
        ),
        settings=Settings(temperature=0.3, max_tokens=200),
        model="test-answer",
    )
    sent = await ask(people.bob, "Which owls are there?", await make(people.bob, definition))
    told = system_of(provider, "Which owls are there?")
    for words in ("Owl expert", "Knows owls.", "Help Bob, who speaks English.", "German: Sie", "Only owls."):
        assert words in told
    body = provider.chats("test-answer")[0].body
    assert (body["temperature"], body["max_tokens"]) == (0.3, 200)
    assert (await answer_of(people.bob, sent)).speaker.name == "Owl expert"


async def test_an_answer_stays_tied_to_the_version_that_gave_it(people: People) -> None:
    bob = people.bob
    assistant_id = await make(bob, Definition(name="First", instructions="x"))
    sent = await ask(bob, "Who are you?", assistant_id)
    second = Definition(name="Second", instructions="x")
    await assistants.save_assistant(bob, assistant_id, second, "", based_on=1)
    again = await ask(bob, "And now?", assistant_id, sent.conversation_id)
    first, latest = await answer_of(bob, sent), await answer_of(bob, again)
    assert (first.speaker.name, latest.speaker.name) == ("First", "Second")
    assert first.assistant_id == latest.assistant_id == assistant_id
    assert first.assistant_version_id != latest.assistant_version_id
    page = await conversations.get_conversation(bob, sent.conversation_id)
    assert page.assistant_id == assistant_id
    assert [message.speaker.name for message in page.messages] == ["", "First", "", "Second"]


async def test_a_mention_lets_one_answer_only(people: People, provider: RunningProvider) -> None:
    bob = people.bob
    await make(bob, Definition(name="Translator", instructions="Translate it.", model="test-answer"))
    begun = await ask(bob, "Hello there")
    named = await ask(bob, "@translator say this in German", None, begun.conversation_id)
    after = await ask(bob, "Thank you very much", None, begun.conversation_id)
    speakers = [(await answer_of(bob, sent)).speaker.name for sent in (begun, named, after)]
    assert speakers == ["", "Translator", ""]
    assert "Translate it." in system_of(provider, "say this in German")
    assert "Translate it." not in system_of(provider, "Thank you very much")
    assert (await conversations.get_conversation(bob, begun.conversation_id)).assistant_id is None


async def test_whoever_is_gone_answers_nobody_and_nothing_is_stored(people: People) -> None:
    bob, eve = people.bob, people.eve
    assistant_id = await make(bob)
    with pytest.raises(AssistantUnavailableError):
        await ask(eve, "May I?", assistant_id)
    await set_grant(bob, "assistant", assistant_id, EVERYONE, "use")
    sent = await ask(eve, "May I now?", assistant_id)
    await assistants.delete_assistant(bob, assistant_id)
    with pytest.raises(AssistantUnavailableError):
        await ask(eve, "And now?", assistant_id, sent.conversation_id)
    page = await conversations.get_conversation(eve, sent.conversation_id)
    assert [message.text for message in page.messages if message.role == "user"] == ["May I now?"]
    assert (await answer_of(eve, sent)).speaker.name == "Owl expert", "what it said before stays its own"


async def test_an_assistant_that_reads_nothing_looks_for_nothing(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nobody_searches(*_: object, **__: object) -> list[object]:
        raise AssertionError("It must not look into documents.")

    monkeypatch.setattr("convosphere.answers.service.search_passages", nobody_searches)
    definition = Definition(name="x", instructions="x", knowledge=Knowledge(scope="none"))
    sent = await ask(people.bob, "What do the documents say?", await make(people.bob, definition))
    assert (await answer_of(people.bob, sent)).status == "done"


async def test_what_it_cost_is_booked_to_the_assistant(people: People, host: GenerationHost) -> None:
    assistant_id = await make(people.bob)
    sent = await ask(people.bob, "How much?", assistant_id)
    async with unit_of_work(people.bob) as uow:
        booked = await uow.session.execute(
            text("SELECT assistant_id, assistant_version_id FROM model_call WHERE message_id = :id"),
            {"id": sent.answer.id},
        )
    assert tuple(booked.one()) == (assistant_id, (await answer_of(people.bob, sent)).assistant_version_id)
