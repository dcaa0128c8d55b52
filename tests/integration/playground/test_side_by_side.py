"""Several answers to one question: who gives them, what stops them, and what they cost."""

import pytest
from sqlalchemy import text

from convosphere.assistants.errors import AssistantNotFoundError, DefinitionRefusedError
from convosphere.assistants.schemas import Settings
from convosphere.assistants.service import assistants
from convosphere.core.errors import InvalidInputError
from convosphere.core.unit_of_work import unit_of_work
from convosphere.playground.service import comparing
from convosphere.playground.service.comparing import Pick
from tests.fixtures.people import People
from tests.fixtures.waiting import until
from tests.integration.assistants.test_assistants import make
from tests.integration.playground.test_runs import booked, definition
from tests.provider.fixtures import RunningProvider

pytestmark = pytest.mark.usefixtures("host")


async def test_versions_and_models_answer_at_once(people: People, provider: RunningProvider) -> None:
    bob = people.bob
    assistant_id = await make(bob, definition("test-answer", "First."))
    await assistants.save_assistant(bob, assistant_id, definition("test-answer", "Second."), "", based_on=1)
    picks = [Pick(), Pick(1), Pick(2), Pick(1, "test-echo")]
    subjects = await comparing.open_subjects(bob, assistant_id, definition("test-answer", "Working."), picks)
    async with comparing.answering(bob, subjects, "Owls?") as attempts:
        await until(lambda: all(attempt.is_over for attempt in attempts))
    assert [attempt.text.strip() for attempt in attempts] == ["You asked: Owls?"] * 3 + ["Owls?"]
    assert all(attempt.first_token_ms is not None and attempt.output_tokens for attempt in attempts)
    told = " ".join(str(chat.body["messages"][0]) for chat in provider.chats())
    assert [told.count(words) for words in ("Working.", "First.", "Second.")] == [1, 2, 1]
    assert await booked(bob, "playground") == [("done", assistant_id)] * 4
    async with unit_of_work(bob) as uow:
        assert await uow.session.scalar(text("SELECT count(*) FROM conversation")) == 0


async def test_what_still_runs_is_stopped_and_booked(people: People) -> None:
    assistant_id = await make(people.bob, definition("test-answer"))
    subjects = await comparing.open_subjects(people.bob, assistant_id, definition("test-answer"), [Pick(), Pick(1)])
    async with comparing.answering(people.bob, subjects, "x [[tokens=400 rate=20]]") as attempts:
        await until(lambda: all(attempt.text for attempt in attempts))
    assert [attempt.status for attempt in attempts] == ["stopped"] * 2
    assert [status for status, _ in await booked(people.bob, "playground")] == ["stopped"] * 2


@pytest.mark.hasty
async def test_one_that_fails_leaves_the_others(people: People) -> None:
    assistant_id = await make(people.bob, definition("test-answer"))
    picks = [Pick(), Pick(0, "test-500"), Pick(0, "gone/model")]
    subjects = await comparing.open_subjects(people.bob, assistant_id, definition("test-answer"), picks)
    async with comparing.answering(people.bob, subjects, "Owls?") as attempts:
        await until(lambda: all(attempt.is_over for attempt in attempts))
    assert [attempt.status for attempt in attempts] == ["done", "failed", "failed"]
    assert attempts[1].error
    assert attempts[2].error


async def test_only_who_may_change_it_and_only_what_works(people: People) -> None:
    assistant_id = await make(people.bob, definition("test-answer"))
    working = definition("test-answer")
    for stranger in (people.eve, people.zoe):
        with pytest.raises(AssistantNotFoundError):
            await comparing.open_subjects(stranger, assistant_id, working, [Pick()])
        with pytest.raises(AssistantNotFoundError):
            await comparing.open_current(stranger, assistant_id)
    with pytest.raises(AssistantNotFoundError):
        await comparing.open_subjects(people.bob, assistant_id, working, [Pick(9)])
    hot = working.model_copy(update={"settings": Settings(temperature=9)})
    with pytest.raises(DefinitionRefusedError):
        await comparing.open_subjects(people.bob, assistant_id, hot, [Pick()])
    with pytest.raises(InvalidInputError):
        async with comparing.answering(people.bob, [], " "):
            pass
