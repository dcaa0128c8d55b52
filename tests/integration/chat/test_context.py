"""Conversations that outgrow their model: the oldest goes, a note stands for it, or somebody is asked."""

from uuid import UUID

import pytest
from sqlalchemy import text

from convosphere.answers.schemas import WhenFull
from convosphere.chat.generations import GenerationHost
from convosphere.chat.schemas import Sent
from convosphere.chat.service import answering, context
from convosphere.core.errors import ForbiddenError, InvalidInputError, NotFoundError
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from tests.fixtures.people import People
from tests.integration.chat.test_answering import finished, send
from tests.integration.usage.test_budgets import add_budget
from tests.provider.fixtures import RunningProvider

# Of 8,000 tokens, which a model of unknown size is taken for, these fill more than half.
LONG = "Sehr lange Ausführungen über Fristen. " * 150


async def fill(actor: Actor, times: int = 2) -> Sent:
    """A conversation in which one more long question is too much."""
    sent = await send(actor, f"[[text=Eins]] Begin here. {LONG}")
    await finished(actor, sent)
    for _ in range(times - 1):
        sent = await send(actor, f"[[text=Weiter]] {LONG}", sent.conversation_id)
        await finished(actor, sent)
    return sent


def last_prompt(provider: RunningProvider) -> str:
    return "\n".join(provider.conversation())


async def test_the_oldest_is_left_out_and_the_place_is_known(
    people: People, host: GenerationHost, provider: RunningProvider
) -> None:
    sent = await fill(people.bob)
    assert (await context.measure(people.bob, sent.conversation_id)).begins_at is None
    answer = await finished(people.bob, await send(people.bob, f"[[text=Zwei]] {LONG}", sent.conversation_id))
    assert answer.status == "done"
    assert "Begin here" not in last_prompt(provider)
    seen = await context.measure(people.bob, sent.conversation_id)
    assert seen.begins_at == answer.begins_at is not None
    use = seen.use
    assert 0 < use.instructions + use.history + use.answer <= use.limit == 8_000
    # The next question begins at the same place, so that a provider remembers what it has read.
    again = await finished(people.bob, await send(people.bob, "[[text=Drei]] And now?", sent.conversation_id))
    assert again.begins_at == answer.begins_at


async def test_a_note_is_made_once_booked_shown_and_read(
    people: People, host: GenerationHost, provider: RunningProvider
) -> None:
    sent = await fill(people.bob)
    await context.choose(people.bob, sent.conversation_id, WhenFull.SUMMARISE)
    for question in ("[[text=Zwei]] And then?", "[[text=Drei]] And now?"):
        assert (await finished(people.bob, await send(people.bob, question, sent.conversation_id))).status == "done"
    seen = await context.measure(people.bob, sent.conversation_id)
    assert seen.note is not None
    assert not seen.note.is_edited
    assert seen.note.text in last_prompt(provider)
    async with unit_of_work(people.bob) as uow:
        made = await uow.session.scalar(text("SELECT count(*) FROM model_call WHERE purpose = 'summary'"))
    assert made == 1

    await context.edit_note(people.bob, seen.note.last_message_id, "They talked about deadlines.")
    await finished(people.bob, await send(people.bob, "[[text=Vier]] Go on.", sent.conversation_id))
    assert "They talked about deadlines." in last_prompt(provider)
    edited = (await context.measure(people.bob, sent.conversation_id)).note
    assert edited is not None
    assert edited.is_edited


async def test_without_a_note_the_oldest_is_left_out(
    people: People, host: GenerationHost, provider: RunningProvider
) -> None:
    sent = await fill(people.bob)
    await context.choose(people.bob, sent.conversation_id, WhenFull.SUMMARISE)
    async with unit_of_work(people.bob) as uow:
        # What the note is made from holds this very directive, and the answer's own question does not.
        await uow.session.execute(
            text("UPDATE message SET parts = jsonb_build_array(jsonb_build_object('type', 'text', 'text',"
                 " '[[status=401]] ' || (parts -> 0 ->> 'text'))) WHERE role = 'user'")
        )  # fmt: skip
    answer = await finished(people.bob, await send(people.bob, "[[text=Zwei]] And then?", sent.conversation_id))
    assert (answer.status, answer.text) == ("done", "Zwei")
    async with unit_of_work(people.bob) as uow:
        status = await uow.session.scalar(text("SELECT status FROM model_call WHERE purpose = 'summary'"))
    assert status == "failed"


async def test_whoever_wants_to_be_asked_decides_and_goes_on(people: People, host: GenerationHost) -> None:
    sent = await fill(people.bob)
    await context.choose(people.bob, sent.conversation_id, WhenFull.ASK)
    refused = await finished(people.bob, await send(people.bob, f"And then? {LONG}", sent.conversation_id))
    assert refused.status == "failed"
    assert refused.error is not None
    assert "How shall it go on" in str(refused.error["text"])
    await context.choose(people.bob, sent.conversation_id, WhenFull.DROP)
    assert (await finished(people.bob, await answering.retry(people.bob, refused.id))).status == "done"


async def test_the_workspace_says_what_becomes_of_conversations_for_which_nobody_chose(
    people: People, host: GenerationHost
) -> None:
    await context.choose_for_all(people.ada, WhenFull.ASK)
    assert (await context.measure(people.bob, None)).default_when_full is WhenFull.ASK
    async with unit_of_work(people.ada) as uow:
        told = await uow.session.scalar(text("SELECT action FROM audit_entry ORDER BY sequence DESC LIMIT 1"))
    assert told == "conversation:set_default"
    sent = await fill(people.bob)
    refused = await finished(people.bob, await send(people.bob, f"And then? {LONG}", sent.conversation_id))
    assert refused.status == "failed"
    with pytest.raises(ForbiddenError):
        await context.choose_for_all(people.bob, WhenFull.DROP)


async def test_only_its_owner_measures_chooses_and_edits(people: People, host: GenerationHost) -> None:
    sent = await fill(people.bob)
    await context.choose(people.bob, sent.conversation_id, WhenFull.SUMMARISE)
    await finished(people.bob, await send(people.bob, "[[text=Zwei]] And then?", sent.conversation_id))
    note = (await context.measure(people.bob, sent.conversation_id)).note
    assert note is not None
    for stranger in (people.ada, people.eve):
        with pytest.raises(NotFoundError):
            await context.measure(stranger, sent.conversation_id)
        with pytest.raises(NotFoundError):
            await context.choose(stranger, sent.conversation_id, WhenFull.DROP)
        with pytest.raises(NotFoundError):
            await context.edit_note(stranger, note.last_message_id, "Mine now.")
    with pytest.raises(InvalidInputError):
        await context.edit_note(people.bob, note.last_message_id, "   ")


async def test_a_note_for_which_no_budget_has_room_is_not_made(people: People, host: GenerationHost) -> None:
    sent = await fill(people.bob)
    await context.choose(people.bob, sent.conversation_id, WhenFull.SUMMARISE)
    async with unit_of_work(people.bob) as uow:
        used = await uow.session.scalar(text("SELECT sum(prompt_tokens + completion_tokens) FROM model_call"))
    # The answer may be as long as is left, so nothing is left for a note before it.
    await add_budget(people.ada, int(used or 0) + 7_000)
    answer = await finished(people.bob, await send(people.bob, "[[text=Zwei]] And then?", sent.conversation_id))
    assert (answer.status, answer.text) == ("done", "Zwei")
    async with unit_of_work(people.bob) as uow:
        assert await uow.session.scalar(text("SELECT count(*) FROM model_call WHERE purpose = 'summary'")) == 0
        assert await uow.session.scalar(text("SELECT count(*) FROM budget_reservation")) == 0
    assert (await context.measure(people.bob, sent.conversation_id)).note is None


async def test_a_smaller_model_has_a_smaller_gauge(people: People, host: GenerationHost) -> None:
    unknown = await context.measure(people.bob, None, model="test-answer")
    assert unknown.use.limit == 8_000
    assert not unknown.is_exact
    assert unknown.scale == 1
    with pytest.raises(NotFoundError):
        await context.measure(people.bob, UUID(int=7))


async def test_a_note_for_all_that_was_said_begins_at_the_question(people: People, host: GenerationHost) -> None:
    sent = await send(people.bob, f"[[text=Eins]] {LONG}")
    await finished(people.bob, sent)
    await context.choose(people.bob, sent.conversation_id, WhenFull.SUMMARISE)
    asked = await send(people.bob, f"[[text=Zwei]] {LONG}", sent.conversation_id)
    assert (await finished(people.bob, asked)).begins_at == asked.question.id
    seen = await context.measure(people.bob, sent.conversation_id)
    assert seen.begins_at == seen.last_began_at == asked.question.id
    assert seen.note is not None
    assert seen.note.last_message_id == sent.answer.id
