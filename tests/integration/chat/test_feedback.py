"""What people think of answers: theirs alone, kept with whose answer it was."""

import pytest
from sqlalchemy import text

from convosphere.chat.generations import GenerationHost
from convosphere.chat.schemas import Feedback
from convosphere.chat.service import conversations, feedback
from convosphere.core.errors import InvalidInputError, NotFoundError
from convosphere.core.unit_of_work import unit_of_work
from tests.fixtures.people import People
from tests.integration.chat.test_answering import finished, send


async def test_feedback_is_kept_replaced_and_withdrawn(people: People, host: GenerationHost) -> None:
    sent = await send(people.bob, "[[text=Ja]] Is it so?")
    await finished(people.bob, sent)

    async def shown() -> Feedback | None:
        page = await conversations.get_conversation(people.bob, sent.conversation_id)
        return page.messages[-1].feedback

    assert await shown() is None
    await feedback.rate(people.bob, sent.answer.id, is_good=True)
    assert await shown() == Feedback(is_good=True)
    await feedback.rate(
        people.bob, sent.answer.id, is_good=False, reasons=["tone", "incorrect", "tone"], comment=" Too rude. "
    )
    assert await shown() == Feedback(is_good=False, reasons=("incorrect", "tone"), comment="Too rude.")
    async with unit_of_work(people.bob) as uow:
        models = (await uow.session.scalars(text("SELECT model FROM message_feedback"))).all()
    assert models == ["test-answer"]
    await feedback.withdraw(people.bob, sent.answer.id)
    assert await shown() is None


async def test_only_answers_of_ones_own_can_be_judged(people: People, host: GenerationHost) -> None:
    sent = await send(people.bob, "[[text=Ja]] Is it so?")
    await finished(people.bob, sent)
    for stranger in (people.ada, people.eve):
        with pytest.raises(NotFoundError):
            await feedback.rate(stranger, sent.answer.id, is_good=False)
    with pytest.raises(NotFoundError):
        await feedback.rate(people.bob, sent.question.id, is_good=True)


@pytest.mark.parametrize(("reasons", "comment"), [(["nonsense"], ""), (["tone"], "x" * 2_001)])
async def test_what_makes_no_sense_is_refused(
    people: People, host: GenerationHost, reasons: list[str], comment: str
) -> None:
    sent = await send(people.bob, "[[text=Ja]] Is it so?")
    await finished(people.bob, sent)
    with pytest.raises(InvalidInputError):
        await feedback.rate(people.bob, sent.answer.id, is_good=False, reasons=reasons, comment=comment)
