"""Ways around budgets and the ledger that somebody may try who only asks questions."""

import asyncio
from uuid import UUID

from sqlalchemy import text

from convosphere.answers.schemas import WhenFull
from convosphere.chat.generations import GenerationHost
from convosphere.chat.schemas import Sent
from convosphere.chat.service import answering, context, watching
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.llm.service import offering, prices
from convosphere.llm.service.offering import ModelChange
from convosphere.llm.service.prices import PriceDraft
from tests.fixtures.people import People
from tests.fixtures.waiting import PATIENCE
from tests.integration.chat.test_answering import finished, send, until_text
from tests.integration.usage.test_budgets import add_budget, spent
from tests.provider.fixtures import RunningProvider

LONG = "Sehr lange Ausführungen über Fristen. " * 150


async def booked(actor: Actor, purpose: str) -> tuple[int, int, int]:
    """Calls of a purpose, their prompts' tokens and their answers'."""
    found = text(
        "SELECT count(*), coalesce(sum(prompt_tokens), 0), coalesce(sum(completion_tokens), 0) FROM model_call"
        " WHERE purpose = :purpose"
    )
    async with unit_of_work(actor) as uow:
        calls, prompt, output = (await uow.session.execute(found, {"purpose": purpose})).one()
    return calls, prompt, output


async def until_booked(actor: Actor, purpose: str) -> None:
    """Wait for what is booked beside an answer."""
    async with asyncio.timeout(PATIENCE):
        while not (await booked(actor, purpose))[0]:  # noqa: ASYNC110  # Booking is not announced.
            await asyncio.sleep(0.05)


async def stop_when_asked(actor: Actor, sent: Sent, provider: RunningProvider, before: int) -> None:
    """Stop an answer once the provider was asked for something."""
    assert await asyncio.to_thread(provider.wait_for, lambda: len(provider.chats()) > before)
    await asyncio.sleep(0.1)
    await answering.stop(actor, sent.answer.id)
    assert (await finished(actor, sent)).status == "stopped"


async def test_a_note_that_is_stopped_is_booked(
    people: People, host: GenerationHost, provider: RunningProvider
) -> None:
    conversation_id: UUID | None = None
    for number in range(2):
        sent = await send(people.bob, f"[[text=Eins]] {number} {LONG}", conversation_id)
        conversation_id = sent.conversation_id
        await finished(people.bob, sent)
    assert conversation_id
    await context.choose(people.bob, conversation_id, WhenFull.SUMMARISE)
    async with unit_of_work(people.bob) as uow:
        slowly = text(
            "UPDATE message SET parts = jsonb_build_array(jsonb_build_object('type', 'text', 'text',"
            " '[[tokens=200 rate=100]] ' || replace(parts -> 0 ->> 'text', '[[text=Eins]]', ''))) WHERE role = 'user'"
        )
        await uow.session.execute(slowly)
    before = len(provider.chats())
    await stop_when_asked(
        people.bob, await send(people.bob, "[[text=Zwei]] And then?", conversation_id), provider, before
    )
    await until_booked(people.bob, "summary")
    calls, prompt, _ = await booked(people.bob, "summary")
    assert calls == 1
    assert prompt > 1_000, "the provider has read all that was to be summed up"


async def test_thinking_is_booked_though_nobody_waits_for_its_end(
    people: People, host: GenerationHost, provider: RunningProvider
) -> None:
    sent = await send(people.bob, "[[thinking=40 tokens=40 stall_after=0]] Why?")
    async for look in watching.watch(people.bob, sent.answer.id):
        if look.thinking:
            break
    await answering.stop(people.bob, sent.answer.id)
    assert (await finished(people.bob, sent)).status == "stopped"
    _, prompt, output = await booked(people.bob, "answer")
    assert prompt > 0
    assert output > 0


async def test_no_dearer_model_answers_past_a_budget(
    people: People, host: GenerationHost, provider: RunningProvider
) -> None:
    await prices.set_price(people.ada, "test-echo", PriceDraft("own", "10", "10"))
    await offering.change_model(people.ada, "test-500", ModelChange(fallback_ids=("test-echo",)))
    budget_id = await add_budget(people.ada, 1, unit="money", currency="USD")
    answer = await finished(people.bob, await send(people.bob, "Hello", model="test-500"))
    assert answer.status == "failed"
    assert not provider.chats("test-echo")
    assert not await spent(people.ada, budget_id)


async def test_a_dearer_model_steps_in_where_the_budget_has_room_for_it(people: People, host: GenerationHost) -> None:
    await prices.set_price(people.ada, "test-echo", PriceDraft("own", "10", "10"))
    await offering.change_model(people.ada, "test-500", ModelChange(fallback_ids=("test-echo",)))
    budget_id = await add_budget(people.ada, 10**12, unit="money", currency="USD")
    answer = await finished(people.bob, await send(people.bob, "Hello", model="test-500"))
    assert (answer.status, answer.model) == ("done", "test-echo")
    assert await spent(people.ada, budget_id)


async def test_stopping_what_steps_in_costs_what_that_costs(
    people: People, host: GenerationHost, provider: RunningProvider
) -> None:
    await prices.set_price(people.ada, "test-slow", PriceDraft("own", "10", "10"))
    await offering.change_model(people.ada, "test-500", ModelChange(fallback_ids=("test-slow",)))
    budget_id = await add_budget(people.ada, 10**12, unit="money", currency="USD")
    sent = await send(people.bob, "Hello", model="test-500")
    await until_text(people.bob, sent)
    await answering.stop(people.bob, sent.answer.id)
    assert (await finished(people.bob, sent)).status == "stopped"
    assert await spent(people.ada, budget_id)
