"""How a model answers in a conversation: chosen there, over what its assistant says, and known of each answer."""

from uuid import UUID, uuid4

import pytest

from convosphere.assistants.errors import DefinitionRefusedError
from convosphere.assistants.schemas import Definition, Settings
from convosphere.chat.generations import GenerationHost
from convosphere.chat.parameters import USUAL
from convosphere.chat.schemas import MessageView, Sent
from convosphere.chat.service import answering, branches, context, conversations, parameters, sharing
from convosphere.core.errors import NotFoundError
from convosphere.core.permissions import Actor
from convosphere.identity.service.grants import GrantKinds
from tests.fixtures.people import People
from tests.integration.assistants.test_assistants import make
from tests.integration.chat.test_answering import finished
from tests.integration.chat.test_conversation_files import taken_in, taken_out
from tests.integration.chat.test_shared_conversations import share
from tests.provider.fixtures import RunningProvider

pytestmark = pytest.mark.usefixtures("host")
GrantKinds.register(sharing.CONVERSATION_GRANTS)
COOL = Settings(temperature=0.2, max_tokens=300)


async def send(
    actor: Actor,
    question: str,
    into: UUID | None = None,
    *,
    settings: Settings = USUAL,
    assistant_id: UUID | None = None,
) -> tuple[Sent, MessageView]:
    sent = await answering.send(
        actor, question, conversation_id=into, client_key=uuid4(), settings=settings, assistant_id=assistant_id
    )
    return sent, await finished(actor, sent)


async def chosen(actor: Actor, conversation_id: UUID) -> Settings:
    return (await conversations.get_conversation(actor, conversation_id)).parameters


def asked_with(provider: RunningProvider) -> tuple[object, ...]:
    """The settings with which a model was asked for an answer last; titles have 30 tokens."""
    body = [chat.body for chat in provider.chats("test-answer") if chat.body.get("max_tokens") != 30][-1]
    return tuple(body.get(name) for name in ("temperature", "top_p", "max_tokens"))


async def test_a_new_conversation_begins_and_goes_on_with_what_was_chosen(
    people: People, provider: RunningProvider
) -> None:
    bob = people.bob
    settings = await parameters.choose(bob, None, COOL, before=Settings(top_p=0.5, thinking="high"))
    assert settings == COOL.model_copy(update={"thinking": "high"}), "for models that know it"
    sent, answer = await send(bob, "How many owls?", settings=settings)
    assert asked_with(provider) == (0.2, None, 300)
    assert answer.parameters == {"temperature": 0.2, "max_tokens": 300}, "but nobody says that it was used"
    assert await chosen(bob, sent.conversation_id) == settings

    await parameters.choose(bob, sent.conversation_id, Settings(temperature=1.5))
    again = await finished(bob, await answering.retry(bob, answer.id))
    assert asked_with(provider) == (1.5, None, None)
    assert again.parameters == {"temperature": 1.5}
    await parameters.reset(bob, sent.conversation_id)
    _, plain = await send(bob, "And hedgehogs?", sent.conversation_id, settings=COOL)
    assert (asked_with(provider), plain.parameters) == ((None, None, None), None)
    assert (await conversations.get_message(bob, answer.id)).parameters == {"temperature": 0.2, "max_tokens": 300}


async def test_an_assistants_own_count_where_nobody_chose(people: People, provider: RunningProvider) -> None:
    bob = people.bob
    definition = Definition(name="Owl", instructions="x", settings=Settings(temperature=0.7, top_p=0.9))
    assistant_id = await make(bob, definition)
    assert await parameters.usual(bob, assistant_id) == definition.settings
    _, answer = await send(bob, "Owls?", settings=Settings(temperature=0), assistant_id=assistant_id)
    assert asked_with(provider)[:2] == (0, 0.9)
    assert answer.parameters == {"temperature": 0, "top_p": 0.9}


async def test_an_answer_that_was_stopped_goes_on_as_it_was_begun(people: People, provider: RunningProvider) -> None:
    bob = people.bob
    sent = await answering.send(
        bob, "[[tokens=40 cut_after=5]] Tell me.", conversation_id=None, client_key=uuid4(), settings=COOL
    )
    assert (await finished(bob, sent)).status in answering.CAN_GO_ON
    await parameters.choose(bob, sent.conversation_id, Settings(temperature=2))
    await finished(bob, await answering.resume(bob, sent.answer.id))
    assert asked_with(provider)[0] == 0.2


@pytest.mark.parametrize(
    ("settings", "field", "words"),
    [
        (Settings(temperature=2.1), "temperature", "Please enter a number from {least} to {most}."),
        (Settings(temperature=float("nan")), "temperature", "Please enter a number from {least} to {most}."),
        (Settings(top_p=-1), "top_p", "Please enter a number from {least} to {most}."),
        (Settings(max_tokens=10**7), "max_tokens", "Please enter a number from {least} to {most}."),
        (Settings(thinking="high"), "thinking", "“{name}” does not know this setting."),
    ],
)
async def test_what_cannot_be_is_refused_and_changes_nothing(
    people: People, settings: Settings, field: str, words: str
) -> None:
    sent, _ = await send(people.bob, "Owls?", settings=COOL)
    for place in (None, sent.conversation_id):
        with pytest.raises(DefinitionRefusedError) as refused:
            await parameters.choose(people.bob, place, settings)
        (problem,) = refused.value.problems
        assert (problem.field, problem.message.text) == (field, words)
    assert await chosen(people.bob, sent.conversation_id) == COOL


async def test_only_who_may_ask_may_choose(people: People) -> None:
    sent, _ = await send(people.bob, "Owls?", settings=COOL)
    place = sent.conversation_id
    for level in (None, "view"):
        if level:
            await share(people.bob, place, people.eve, level)
        for attempt in (parameters.choose(people.eve, place, Settings()), parameters.reset(people.eve, place)):
            with pytest.raises(NotFoundError):
                await attempt
    assert await chosen(people.eve, place) == COOL, "who reads sees what counts"
    await share(people.bob, place, people.eve, "use")
    await parameters.choose(people.eve, place, Settings(top_p=0.3))
    assert await chosen(people.bob, place) == Settings(top_p=0.3)


async def test_copies_and_files_keep_what_was_chosen(people: People) -> None:
    sent, answer = await send(people.bob, "Owls?", settings=COOL)
    fork = await branches.fork(people.bob, answer.id)
    page = await conversations.get_conversation(people.bob, fork)
    assert (page.parameters, page.messages[-1].parameters) == (COOL, answer.parameters)
    before = await taken_out(people.bob, [sent.conversation_id])
    await taken_in(people.zoe, before)
    (copy,) = await conversations.list_conversations(people.zoe)
    assert await chosen(people.zoe, copy.id) == COOL
    assert await taken_out(people.zoe, [copy.id]) == before
    bad = before.replace(b'"temperature":0.2', b'"temperature":20')
    view = await taken_in(people.eve, bad)
    assert (view.report.conversations, view.report.passed_over) == (0, 1), "a file with what cannot be is passed over"


async def test_room_is_kept_for_the_longest_answer(people: People, host: GenerationHost) -> None:
    sent, _ = await send(people.bob, "Owls?", settings=Settings(max_tokens=77))
    assert (await context.measure(people.bob, sent.conversation_id)).use.answer == 77
    assert (await context.measure(people.bob, None, settings=Settings(max_tokens=55))).use.answer == 55
