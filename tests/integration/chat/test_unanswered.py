"""Questions that documents did not answer: which are kept and stand together, who sees them, and who is told."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from sqlalchemy import text

from convosphere.chat.generations import GenerationHost
from convosphere.chat.schemas import Sent
from convosphere.chat.service import answering, conversations, feedback, triggers
from convosphere.chat.unanswered import Ended, EndedAnswers
from convosphere.core.errors import ExpectedError, ForbiddenError, NotFoundError
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.notifications.kinds import NotificationKinds, SubjectTypes
from convosphere.notifications.service import reading
from convosphere.questions import service
from convosphere.questions.errors import QuestionNotFoundError
from convosphere.questions.schemas import QuestionRow
from convosphere.questions.service import QUESTION_NOTIFICATIONS, SUBJECT, fetch_questions, take_ended
from tests.fixtures.documents import plant_document
from tests.fixtures.people import People
from tests.integration.chat.test_answering import finished, send

EndedAnswers.listen("questions", take_ended)
NotificationKinds.register(*QUESTION_NOTIFICATIONS)
SubjectTypes.register(SUBJECT, fetch_questions)

WIFI = "What is the password of the guest wifi?"
WIFI_TOO = "Guest wifi password?"


@pytest_asyncio.fixture(autouse=True)
async def document(people: People, host: GenerationHost) -> UUID:
    """Something that could have answered."""
    document_id = await plant_document(people.ada)
    async with unit_of_work(people.ada) as uow:
        await uow.session.execute(text("UPDATE document SET status = 'ready'"))
    return document_id


async def ask(actor: Actor, question: str) -> Sent:
    sent = await send(actor, question)
    await finished(actor, sent)
    return sent


async def listed(actor: Actor, state: str = "open") -> list[QuestionRow]:
    return list((await service.list_questions(actor, state)).rows)


async def told(actor: Actor) -> list[tuple[str, str, str]]:
    """What somebody is told of questions: the kind, of what, and where it leads."""
    page = await reading.list_notifications(actor, limit=20)
    return [
        (row.kind, str(row.message.values.get("name", "")), row.route)
        for row in page.rows
        if row.kind.startswith("question_")
    ]


async def test_questions_that_are_alike_stand_together_and_name_nobody(people: People) -> None:
    await ask(people.bob, WIFI)
    await ask(people.bob, WIFI)
    await ask(people.eve, WIFI_TOO)
    await ask(people.eve, "Wann ist die Kantine geöffnet?")
    wifi, canteen = await listed(people.ada)
    assert (wifi.words, wifi.others, wifi.askers, wifi.times) == (WIFI_TOO, (WIFI,), 2, 3)
    assert (canteen.words, canteen.askers) == ("Wann ist die Kantine geöffnet?", 1)
    assert not {"Bob", "Eve"} & {str(value) for row in (wifi, canteen) for value in vars(row).values()}
    assert await listed(people.bob) == await listed(people.zoe) == []


@pytest.mark.parametrize("text", ["Write a poem about autumn leaves.", "How are you?"])
async def test_what_asks_documents_for_nothing_is_not_kept(people: People, text: str) -> None:
    await ask(people.bob, text)
    assert await listed(people.ada) == []


async def test_nothing_is_kept_of_temporary_chats_and_where_nothing_could_answer(people: People) -> None:
    sent = await answering.send(people.bob, WIFI, conversation_id=None, client_key=uuid4(), is_temporary=True)
    await finished(people.bob, sent)
    assert await listed(people.ada) == []
    async with unit_of_work(people.ada) as uow:
        await uow.session.execute(text("UPDATE document SET status = 'failed'"))
    await ask(people.bob, WIFI)
    assert await listed(people.ada) == []


async def test_what_is_deleted_leaves_no_question(people: People) -> None:
    first, second = await ask(people.bob, WIFI), await ask(people.eve, WIFI_TOO)
    await conversations.delete(people.eve, second.conversation_id)
    (row,) = await listed(people.ada)
    assert (row.words, row.askers) == (WIFI, 1)
    await conversations.delete(people.bob, first.conversation_id)
    assert await listed(people.ada) == []
    async with unit_of_work(people.ada) as uow:
        assert await uow.session.scalar(text("SELECT count(*) FROM question_group")) == 1
        await uow.session.execute(text("DELETE FROM conversation"))
        assert await uow.session.scalar(text("SELECT count(*) FROM question_group")) == 0


async def test_somebody_sees_to_a_question_and_whoever_asked_is_told(people: People, document: UUID) -> None:
    sent = await ask(people.eve, WIFI)
    (row,) = await listed(people.ada)
    with pytest.raises(NotFoundError):
        await service.assign(people.ada, row.id, people.zoe.account_id)
    await service.assign(people.ada, row.id, people.bob.account_id)
    assert await told(people.bob) == [("question_assigned", WIFI, "/knowledge/questions")]
    assert [(each.id, each.owner_name) for each in await listed(people.bob)] == [(row.id, "Bob")]
    for attempt in (service.answer(people.eve, row.id), service.set_aside(people.zoe, row.id, is_dismissed=True)):
        with pytest.raises(QuestionNotFoundError):
            await attempt
    for attempt in (service.assign(people.bob, row.id, None), service.set_rule(people.bob, keeps=False)):
        with pytest.raises(ForbiddenError):
            await attempt
    with pytest.raises(ExpectedError):
        await service.answer(people.bob, row.id, document)  # Ada's alone.
    await service.answer(people.ada, row.id, document)
    await service.answer(people.bob, row.id)
    assert await told(people.eve) == [("question_answered", WIFI, f"/chat?again={sent.question.id}")]
    assert await triggers.get_own_question(people.eve, sent.question.id) == WIFI
    with pytest.raises(NotFoundError):
        await triggers.get_own_question(people.ada, sent.question.id)
    assert await listed(people.ada) == []
    assert [each.id for each in await listed(people.ada, "answered")] == [row.id]


async def test_what_was_dismissed_stays_so_and_what_was_answered_is_news_again(people: People) -> None:
    await ask(people.bob, WIFI)
    await ask(people.bob, "Where do I park my bicycle?")
    for row in await listed(people.ada):
        if row.words == WIFI:
            await service.set_aside(people.ada, row.id, is_dismissed=True)
        else:
            await service.answer(people.ada, row.id)
    await ask(people.eve, WIFI)
    await ask(people.eve, "Where can I park a bicycle?")
    assert [row.words for row in await listed(people.ada)] == ["Where can I park a bicycle?"]
    (dismissed,) = await listed(people.ada, "dismissed")
    assert dismissed.askers == 2
    await service.set_aside(people.ada, dismissed.id, is_dismissed=False)
    assert len(await listed(people.ada)) == 2
    assert await told(people.eve) == []


async def test_what_is_answered_at_last_needs_nobody_unless_somebody_misses_it(people: People) -> None:
    sent = await ask(people.bob, WIFI)
    async with unit_of_work(people.bob) as uow:
        await EndedAnswers.tell(uow, Ended(sent.answer.id, WIFI, is_answered=True))
    assert await listed(people.ada) == []
    await feedback.rate(people.bob, sent.answer.id, is_good=False, reasons=["not_from_documents"])
    assert [row.words for row in await listed(people.ada)] == [WIFI]


async def test_a_workspace_keeps_none_if_it_wants_none(people: People) -> None:
    await ask(people.bob, WIFI)
    await service.set_rule(people.ada, keeps=False)
    await ask(people.bob, WIFI_TOO)
    page = await service.list_questions(people.ada, "open")
    assert (page.rows, page.keeps) == ((), False)
    looking = replace(people.eve, permissions=frozenset())
    with pytest.raises(ForbiddenError):
        await service.list_questions(looking, "open")
