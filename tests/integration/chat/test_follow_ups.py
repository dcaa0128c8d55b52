"""Questions that may follow an answer: thought of after it, booked, and only for who wants them."""

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import text

from convosphere.assistants.schemas import Definition
from convosphere.assistants.service import assistants
from convosphere.chat.generations import GenerationHost
from convosphere.chat.schemas import Sent
from convosphere.chat.service import answering, conversations, follow_ups
from convosphere.core.errors import ForbiddenError
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.llm.service import offering
from tests.fixtures.people import People
from tests.fixtures.waiting import until
from tests.integration.chat.test_answering import finished, send
from tests.integration.usage.test_budgets import add_budget
from tests.provider.fixtures import RunningProvider

QUESTION = "[[tokens=30]] Which owls are there?"
THOUGHT_OF = ["Which owls hunt by day?", "What do they eat?"]


@pytest.fixture(autouse=True)
async def curious(people: People, host: GenerationHost) -> None:
    """A model that knows what to ask."""
    for person in (people.ada, people.bob, people.eve):
        await follow_ups.want(person, are_wanted=True)
    await offering.set_default(people.ada, "follow_ups", "test-curious")


async def calls(actor: Actor) -> list[tuple[str, str]]:
    async with unit_of_work(actor) as uow:
        found = await uow.session.execute(
            text("SELECT model, status FROM model_call WHERE purpose = 'follow_ups' ORDER BY created_at")
        )
        return [(row.model, row.status) for row in found]


async def offered(actor: Actor, sent: Sent) -> list[str] | None:
    await finished(actor, sent)
    found = await follow_ups.wait_for_follow_ups(actor, sent.answer.id)
    assert found == ((await conversations.get_message(actor, sent.answer.id)).follow_ups or [])
    return found


async def test_they_come_after_the_answer_and_are_booked(people: People, provider: RunningProvider) -> None:
    sent = await send(people.bob, QUESTION)
    assert await offered(people.bob, sent) == THOUGHT_OF
    page = await conversations.get_conversation(people.bob, sent.conversation_id)
    assert page.messages[-1].follow_ups == THOUGHT_OF
    assert await calls(people.bob) == [("test-curious", "done")]
    asked = provider.chats("test-curious")
    assert len(asked) == 1
    assert asked[0].body["max_tokens"] == 150
    async with unit_of_work(people.bob) as uow:
        assert await uow.session.scalar(text("SELECT count(*) FROM budget_reservation")) == 0


@pytest.mark.parametrize(
    ("question", "model"),
    [("[[text=No.]] Any owls?", ""), (QUESTION, "reader"), ("[[tokens=40 cut_after=30]] Owls", "")],
)
async def test_none_come_where_they_lead_nowhere(people: People, question: str, model: str) -> None:
    answer = await finished(people.bob, await send(people.bob, question, model=model))
    assert answer.follow_ups is None
    assert await calls(people.bob) == []


async def test_a_person_can_do_without(people: People) -> None:
    assert await follow_ups.are_wanted(people.bob)
    await follow_ups.want(people.bob, are_wanted=False)
    assert not await follow_ups.are_wanted(people.bob)
    assert await follow_ups.are_wanted(people.eve)
    sent = await send(people.bob, QUESTION)
    assert (await finished(people.bob, sent)).follow_ups is None
    await follow_ups.want(people.bob, are_wanted=True)
    assert await offered(people.bob, await send(people.bob, QUESTION, sent.conversation_id)) == THOUGHT_OF


async def test_an_assistant_can_do_without(people: People) -> None:
    made: list[UUID] = []
    for name, has_follow_ups in (("Silent", False), ("Curious", True)):
        definition = Definition(name=name, instructions="Be brief.", follow_ups=has_follow_ups)
        made.append(await assistants.create_assistant(people.ada, definition))
    for assistant_id, expected in zip(made, ([], THOUGHT_OF), strict=True):
        sent = await answering.send(
            people.ada, QUESTION, conversation_id=None, client_key=UUID(int=assistant_id.int ^ 1),
            assistant_id=assistant_id,
        )  # fmt: skip
        assert await offered(people.ada, sent) == expected


async def test_whoever_goes_on_wants_none_any_more(
    people: People, host: GenerationHost, provider: RunningProvider
) -> None:
    await offering.set_default(people.ada, "follow_ups", "test-hang")
    sent = await send(people.bob, QUESTION)
    await finished(people.bob, sent)
    assert await asyncio.to_thread(provider.wait_for, lambda: bool(provider.chats("test-hang")))
    await finished(people.bob, await send(people.bob, "[[text=Yes.]] And then?", sent.conversation_id))
    await until(lambda: not host._tasks)
    assert await calls(people.bob) == [("test-hang", "stopped")]
    assert (await conversations.get_message(people.bob, sent.answer.id)).follow_ups == []


@pytest.mark.hasty
async def test_no_budget_is_overspent_for_them(
    people: People, provider: RunningProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow_ups, "WAIT_SECONDS", 2)
    first = await send(people.bob, QUESTION)
    await offered(people.bob, first)
    budget = await add_budget(people.ada, 1_000_000)
    sent = await send(people.bob, QUESTION, first.conversation_id)
    async with unit_of_work(people.ada) as uow:
        await uow.session.execute(text("UPDATE budget SET amount = 1 WHERE id = :id"), {"id": budget})
    assert await offered(people.bob, sent) == []
    assert len(provider.chats("test-curious")) == 1


async def test_nobody_sees_those_of_others(people: People) -> None:
    sent = await send(people.bob, QUESTION)
    await offered(people.bob, sent)
    assert await follow_ups.wait_for_follow_ups(people.eve, sent.answer.id) == []
    with pytest.raises(ForbiddenError):
        await follow_ups.want(replace(people.bob, permissions=frozenset()), are_wanted=False)
