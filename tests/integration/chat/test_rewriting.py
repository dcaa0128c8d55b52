"""Follow-up questions are rewritten for search where a workspace chose a model for it: booked, and bounded."""

import pytest
from sqlalchemy import text

from convosphere.chat.generations import GenerationHost
from convosphere.chat.service import rewriting
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.llm.service import offering
from tests.fixtures.people import People
from tests.integration.chat.test_answering import finished, send
from tests.integration.knowledge.search.conftest import Library, library
from tests.integration.usage.test_budgets import add_budget
from tests.provider.fixtures import RunningProvider

__all__ = ["library"]

HOLIDAYS = "Everybody has thirty days of holiday in a year."
FOLLOWS = "And how much of that do people in the first months of their work get, then?"


@pytest.fixture(autouse=True)
async def documents(host: GenerationHost, library: Library, people: People) -> None:
    """What could be found."""
    await library.add(people.ada, HOLIDAYS, "Owls hunt by night.", language="en")


async def rewritten(actor: Actor) -> list[tuple[str, str]]:
    async with unit_of_work(actor) as uow:
        found = await uow.session.execute(
            text("SELECT model, status FROM model_call WHERE purpose = 'rewriting' ORDER BY created_at")
        )
        return [(row.model, row.status) for row in found]


async def ask_twice(actor: Actor) -> None:
    """A question and one that follows it."""
    first = await send(actor, "What do owls do?")
    await finished(actor, first)
    answer = await finished(actor, await send(actor, FOLLOWS, first.conversation_id))
    assert answer.status == "done"


async def test_without_a_model_for_it_questions_are_looked_up_as_written(
    people: People, provider: RunningProvider
) -> None:
    await ask_twice(people.ada)
    assert await rewritten(people.ada) == []
    assert all("Next question" not in str(record.body) for record in provider.provider.records)


async def test_a_question_that_follows_is_rewritten_and_booked(people: People, provider: RunningProvider) -> None:
    await offering.set_default(people.ada, "rewriting", "test-rewriter")
    await ask_twice(people.ada)
    assert await rewritten(people.ada) == [("test-rewriter", "done")]
    (asked,) = provider.chats("test-rewriter")
    told = asked.body["messages"][-1]["content"]
    assert "Person: What do owls do?" in told
    assert told.endswith(f"Next question: {FOLLOWS}")
    prompts = [str(record.body["messages"]) for record in provider.chats("test-answer")]
    assert HOLIDAYS in prompts[-1], "found by what the rewritten question says"
    async with unit_of_work(people.ada) as uow:
        assert await uow.session.scalar(text("SELECT count(*) FROM budget_reservation")) == 0


@pytest.mark.hasty
@pytest.mark.parametrize(("model", "status"), [("test-500", "failed"), ("test-hang", "stopped")])
async def test_a_model_that_fails_or_is_slow_does_not_hold_the_answer_up(
    people: People, monkeypatch: pytest.MonkeyPatch, model: str, status: str
) -> None:
    monkeypatch.setattr(rewriting, "SECONDS", 0.3 if status == "stopped" else 30.0)
    await offering.set_default(people.ada, "rewriting", model)
    await ask_twice(people.ada)
    assert [each for _, each in await rewritten(people.ada)] == [status]


async def test_no_budget_no_rewriting(people: People, provider: RunningProvider) -> None:
    await offering.set_default(people.ada, "rewriting", "test-rewriter")
    first = await send(people.ada, "What do owls do?")
    await finished(people.ada, first)
    async with unit_of_work(people.ada) as uow:
        used = await uow.session.scalar(text("SELECT sum(counted_tokens) FROM model_call"))
    assert isinstance(used, int)
    await add_budget(people.ada, used + 5_500)
    sent = await send(people.ada, FOLLOWS, first.conversation_id)
    assert (await finished(people.ada, sent)).status == "done"
    assert provider.chats("test-rewriter") == [], "what is left is set aside for the answer"


@pytest.mark.parametrize(
    ("said", "read"),
    [("\n \n How far is it? \nBecause", "How far is it?"), ("", ""), ("a" * 401, ""), ("a\x00b", "ab")],
)
def test_one_line_is_read(said: str, read: str) -> None:
    assert rewriting.read_question(said) == read
