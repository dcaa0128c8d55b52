"""One question to several: each answers in a conversation of its own, and one is chosen before the others."""

from uuid import UUID, uuid4

import pytest

from convosphere.chat.generations import GenerationHost
from convosphere.chat.schemas import Sent, Shelf
from convosphere.chat.service import answering, conversations, filing
from convosphere.core.errors import NotFoundError
from convosphere.core.permissions import Actor
from tests.fixtures.people import People
from tests.integration.chat.test_answering import finished


async def ask(actor: Actor, text: str, model: str = "") -> Sent:
    return await answering.send(actor, text, conversation_id=None, client_key=uuid4(), model=model)


async def listed(actor: Actor, kind: str = "home") -> set[UUID]:
    return {row.id for row in await conversations.list_conversations(actor, shelf=Shelf(kind))}  # pyright: ignore[reportArgumentType]


async def test_who_is_not_chosen_stops_and_is_out_of_sight_but_not_lost(people: People, host: GenerationHost) -> None:
    chosen = await ask(people.bob, "[[text=Fine]] How?", "test-answer")
    slow = await ask(people.bob, "[[tokens=5000 rate=20]] How?", "test-fast")
    quick = await ask(people.bob, "[[text=Well]] How?", "test-fast")
    assert (await finished(people.bob, chosen)).model == "test-answer"
    assert (await finished(people.bob, quick)).model == "test-fast"
    others = [slow.conversation_id, quick.conversation_id]
    await filing.put_aside(people.bob, others)
    assert (await finished(people.bob, slow)).status == "stopped"
    assert (await finished(people.bob, quick)).text == "Well"
    assert await listed(people.bob) == {chosen.conversation_id}
    assert await listed(people.bob, "archive") == set(others)
    await filing.archive(people.bob, others, is_archived=False)
    assert await listed(people.bob) == {chosen.conversation_id, *others}


async def test_nobody_puts_aside_what_is_somebody_elses(people: People, host: GenerationHost) -> None:
    sent = await ask(people.bob, "[[tokens=5000 rate=20]] How?")
    with pytest.raises(NotFoundError):
        await filing.put_aside(people.eve, [sent.conversation_id])
    own = await ask(people.eve, "[[text=Fine]] How?")
    await filing.put_aside(people.eve, [own.conversation_id, sent.conversation_id])
    assert await listed(people.bob) == {sent.conversation_id}
    assert host.find(sent.answer.id) is not None
    await answering.stop(people.bob, sent.answer.id)
    assert (await finished(people.bob, sent)).status == "stopped"
