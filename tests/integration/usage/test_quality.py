"""How answers did, of made-up histories: exact numbers, whose versions, in whose days, and nobody's vote told."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from convosphere.assistants.errors import AssistantNotFoundError
from convosphere.assistants.kind import ASSISTANTS
from convosphere.assistants.schemas import Definition
from convosphere.assistants.service import assistants, versions
from convosphere.assistants.service.naming import name_assistants
from convosphere.assistants.service.quality import AssistantQuality, get_assistant_quality
from convosphere.chat.generations import GenerationHost
from convosphere.chat.service import answering
from convosphere.chat.service.quality import RatingsOfAnswers
from convosphere.core.errors import ForbiddenError
from convosphere.core.identifiers import new_id
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.creations.service.sharing import grants_of
from convosphere.identity.queries import people as people_queries
from convosphere.identity.roles import Role
from convosphere.identity.service.grants import EVERYONE, GrantKinds, set_grant
from convosphere.usage.service.names import AssistantNames
from convosphere.usage.service.quality import QualityReport, Range, get_quality, report_on
from convosphere.usage.service.quality_figures import period_items, quality_item
from convosphere.usage.service.ratings import Ratings
from tests.fixtures.people import People
from tests.integration.assistants.test_assistants import make
from tests.integration.chat.test_answering import finished, send

pytestmark = pytest.mark.usefixtures("host")
GrantKinds.register(grants_of(ASSISTANTS))
AssistantNames.register(name_assistants)
Ratings.register(RatingsOfAnswers())

_CALL = text(
    """
    INSERT INTO model_call (id, workspace_id, account_id, purpose, model, status, prompt_tokens, completion_tokens,
        cost_nanos, currency, first_token_ms, total_ms, assistant_id, assistant_version_id, created_at)
    VALUES (:id, :workspace_id, :account_id, :purpose, :model, :status, :tokens, 0, :cost, :currency, :wait, 9000,
        :assistant_id, :version_id, :at)
    """
)
_CONVERSATION = text(
    "INSERT INTO conversation (id, workspace_id, owner_id, title) VALUES (:id, :workspace_id, :owner_id, 'x')"
)
_MESSAGE = text(
    """
    INSERT INTO message (id, workspace_id, conversation_id, role, status)
    VALUES (:id, :workspace_id, :conversation_id, 'assistant', 'done')
    """
)
_RATING = text(
    """
    INSERT INTO message_feedback (message_id, account_id, workspace_id, is_good, reasons, comment, model, assistant_id,
        assistant_version_id, created_at)
    VALUES (:id, :account_id, :workspace_id, :is_good, :reasons, :comment, :model, :assistant_id, :version_id, :at)
    """
)


class History:
    """A workspace's past, as it is told."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.assistant_id: UUID | None = None
        self.version_id: UUID | None = None
        self.now = utc_now()

    async def answer(
        self, count: int = 1, *, model: str = "m", status: str = "done", wait: int | None = 500,
        tokens: int | None = 100, cost: int | None = None, currency: str = "USD", at: datetime | None = None,
        purpose: str = "answer",
    ) -> None:  # fmt: skip
        async with unit_of_work(self.actor) as uow:
            for _ in range(count):
                uow.defer(_CALL, {
                    "id": new_id(), "workspace_id": uow.workspace_id, "account_id": uow.account_id, "purpose": purpose,
                    "model": model, "status": status, "tokens": tokens, "cost": cost, "currency": currency,
                    "wait": wait, "assistant_id": self.assistant_id, "version_id": self.version_id,
                    "at": at or self.now,
                })  # fmt: skip

    async def rate(
        self, person: UUID | None, count: int = 1, *, is_good: bool = True, model: str = "m",
        reasons: tuple[str, ...] = (), comment: str = "", at: datetime | None = None,
    ) -> None:  # fmt: skip
        async with unit_of_work(self.actor) as uow:
            conversation_id = new_id()
            given = {"workspace_id": uow.workspace_id}
            uow.defer(_CONVERSATION, {**given, "id": conversation_id, "owner_id": person})
            for _ in range(count):
                given = {**given, "id": new_id()}
                uow.defer(_MESSAGE, {**given, "conversation_id": conversation_id})
                uow.defer(_RATING, {
                    **given, "account_id": person, "is_good": is_good, "reasons": list(reasons), "comment": comment,
                    "model": model, "assistant_id": self.assistant_id, "version_id": self.version_id,
                    "at": at or self.now,
                })  # fmt: skip

    async def speak_as(self, assistant_id: UUID) -> None:
        """Whatever follows is by this assistant as it is now."""
        self.assistant_id = assistant_id
        self.version_id = (await versions.list_versions(self.actor, assistant_id))[0].id


@pytest.fixture
def history(people: People) -> History:
    return History(people.ada)


async def crowd(actor: Actor, count: int) -> list[UUID]:
    """Some more people of the workspace."""
    async with unit_of_work(actor) as uow:
        return [
            (await people_queries.add_account(
                uow, email=f"p{number}@example.org", name="P", password_hash="!", locale="en", role=Role.MEMBER
            )).id
            for number in range(count)
        ]  # fmt: skip


async def new_version(actor: Actor, assistant_id: UUID, words: str) -> None:
    detail = await assistants.open_assistant(actor, assistant_id)
    definition = Definition(name=detail.definition.name, instructions=words)
    await assistants.save_assistant(actor, assistant_id, definition, "", based_on=detail.version)


async def quality_of(actor: Actor, history: History, chosen: Range = "4-weeks") -> AssistantQuality:
    assert history.assistant_id
    return await get_assistant_quality(actor, history.assistant_id, chosen)


async def everything(actor: Actor, chosen: Range = "4-weeks") -> QualityReport:
    return await get_quality(actor, chosen)


async def test_numbers_are_exact(people: People, history: History) -> None:
    for wait in range(10, 201, 10):  # Half of 20 within 100 ms, 19 of them within 190.
        await history.answer(wait=wait, cost=2_000_000_000, tokens=150)
    await history.answer(2, status="stopped", wait=None, tokens=None)
    await history.answer(2, model="other", status="failed", wait=None, tokens=None)
    await history.answer(1, model="other", wait=12_345, cost=1_000_000_000, currency="EUR", tokens=50)
    await history.answer(7, purpose="title")
    await history.answer(7, at=history.now - timedelta(days=40))
    report = await everything(people.ada)
    total, first, other = report.total, *report.models
    assert (total.answers, total.stopped, total.failed, total.tokens, total.counted) == (25, 2, 2, 3_050, 21)
    assert total.costs == {"USD": (40_000_000_000, 20), "EUR": (1_000_000_000, 1)}
    assert (first.key, first.answers, first.stopped, first.failed, first.p50_ms, first.p95_ms) == (
        "m",
        22,
        2,
        0,
        100,
        190,
    )
    assert (other.key, other.answers, other.stopped, other.failed, other.p50_ms) == ("other", 3, 0, 2, 12_000)
    shown = quality_item(total)
    assert (shown.p50, shown.p95, shown.stopped, shown.tokens_each, shown.unpriced) == (0.11, 0.2, 8.0, 145, 4)
    assert [(cost.value, cost.currency) for cost in shown.costs] == [(2.0, "USD"), (1.0, "EUR")]
    assert (quality_item(first).p50, quality_item(other).p95) == (0.1, 12.0)


async def test_a_version_is_compared_with_the_one_before_it(people: People, history: History) -> None:
    assistant_id = await make(people.ada)
    others = await crowd(people.ada, 5)
    numbers = {}
    for version, (good, bad) in enumerate([(48, 32), (56, 14), (3, 2)], 1):
        if version > 1:
            await new_version(people.ada, assistant_id, f"Version {version}.")
        await history.speak_as(assistant_id)
        await history.answer(100)
        for place, person in enumerate(others):
            await history.rate(person, good // 5 + (place < good % 5))
            await history.rate(person, bad // 5 + (place < bad % 5), is_good=False)
        numbers[version] = (good, bad)
    found = await quality_of(people.ada, history)
    assert [each.version.number for each in found.versions] == [3, 2, 1]
    assert {each.version.number: (each.line.good, each.line.bad) for each in found.versions} == numbers
    verdicts = {
        each.version.number: quality_item(each.line, other=each.before.line).verdict
        for each in found.versions
        if each.before
    }
    assert verdicts == {3: "few", 2: "better"}
    assert found.report.total.answers == 300
    second = quality_item(found.versions[1].line)
    assert (second.good_percent, second.low, second.high, second.rated) == (80, 69, 88, 70)


async def test_votes_of_few_are_counted_nowhere(people: People, history: History) -> None:
    """Neither in their own line nor in any sum from which it could be told."""
    assistant_id = await make(people.ada)
    await history.speak_as(assistant_id)
    others = await crowd(people.ada, 5)
    await history.rate(people.bob.account_id, 4, is_good=False, reasons=("tone",), comment="By Bob")
    await history.rate(people.eve.account_id, is_good=False)
    for person in others[:3]:
        await history.rate(person, 2, model="loved")
    report = (await quality_of(people.ada, history)).report
    assert report.hidden == 5
    assert (report.total.good, report.total.bad) == (6, 0)
    assert {line.key: (line.good, line.bad) for line in report.models} == {"loved": (6, 0)}
    assert (list(report.said), dict(report.total.reasons)) == ([], {})
    assert (await everything(people.ada)).total.bad == 0


async def test_reasons_and_words_need_five_people(people: People, history: History) -> None:
    assistant_id = await make(people.ada)
    await history.speak_as(assistant_id)
    others = await crowd(people.ada, 5)
    for person in others[:4]:
        await history.rate(person, is_good=False, reasons=("tone", "too_long"), comment="Not nice")
    report = (await quality_of(people.ada, history)).report
    assert (report.total.bad, dict(report.total.reasons), list(report.said)) == (4, {}, [])
    await history.rate(others[4], is_good=False, reasons=("tone",))
    found = await quality_of(people.ada, history)
    assert found.report.total.reasons == {"tone": 5, "too_long": 4}
    assert found.versions[0].line.reasons == {"tone": 5, "too_long": 4}
    assert [one.comment for one in found.report.said] == ["Not nice"] * 4
    assert list((await everything(people.ada)).said) == []


async def test_ones_own_votes_are_no_secret(people: People, history: History) -> None:
    await history.rate(people.ada.account_id, 2, is_good=False, reasons=("tone",))
    report = await everything(people.ada)
    assert (report.total.bad, report.hidden, report.total.reasons) == (2, 0, {"tone": 2})
    await history.rate(people.bob.account_id)
    assert ((await everything(people.ada)).total.bad, (await everything(people.ada)).hidden) == (0, 3)


async def test_a_period_of_few_hides_another_one(people: People, history: History) -> None:
    others = await crowd(people.ada, 5)
    for weeks, voters in ((0, others[:1]), (1, others[:3]), (2, others)):
        at = history.now - timedelta(weeks=weeks)
        await history.answer(at=at)
        for person in voters:
            await history.rate(person, at=at)
    report = await everything(people.ada)
    assert [line.good for line in report.periods] == [0, 5, None, None]
    assert [item.is_told for item in period_items(report.periods)] == [False, False, True]
    assert report.total.good == 9


async def test_days_are_those_of_the_workspace(people: People, history: History) -> None:
    """The same answer is of today in Auckland, or of the week before in Los Angeles."""
    seen = {}
    for zone in ("Pacific/Auckland", "America/Los_Angeles"):
        async with unit_of_work(people.ada) as uow:
            await uow.session.execute(text("UPDATE workspace SET time_zone = :zone WHERE id = :id"), {
                "zone": zone, "id": uow.workspace_id,
            })  # fmt: skip
        midnight = utc_now().astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
        week_begins = midnight.replace(tzinfo=None) - timedelta(days=6)
        first = week_begins.replace(tzinfo=ZoneInfo(zone))
        before = [line.answers for line in (await everything(people.ada)).periods]
        await history.answer(at=first)
        await history.answer(2, at=first - timedelta(seconds=1))
        periods = (await everything(people.ada)).periods
        seen[zone] = [line.answers - was for line, was in zip(periods, before, strict=True)]
        assert periods[-1].key == week_begins.date().isoformat()
    assert set(map(tuple, seen.values())) == {(0, 0, 2, 1)}


async def test_months_begin_on_their_first_day(people: People, history: History) -> None:
    report = await everything(people.ada, "12-months")
    assert len(report.periods) == 12
    assert {line.key[-2:] for line in report.periods} == {"01"}


async def test_only_who_may_change_an_assistant_sees_how_it_did(people: People, history: History) -> None:
    assistant_id = await make(people.ada)
    await history.speak_as(assistant_id)
    await history.answer()
    await set_grant(people.ada, "assistant", assistant_id, EVERYONE, "use")
    for stranger in (people.bob, people.zoe):
        with pytest.raises(AssistantNotFoundError):
            await quality_of(stranger, history)
    await set_grant(people.ada, "assistant", assistant_id, EVERYONE, "edit")
    assert (await quality_of(people.bob, history)).report.total.answers == 1
    with pytest.raises(ForbiddenError):
        await get_quality(people.bob, "4-weeks")
    assert (await get_quality(people.zoe, "4-weeks")).total.answers == 0
    (line,) = (await everything(people.ada)).assistants
    assert (line.name, line.answers) == ("Owl expert", 1)


async def test_an_answer_asked_for_once_more_counts_once_against_the_first(
    people: People, host: GenerationHost
) -> None:
    sent = await send(people.ada, "[[text=Ja]] Is it so?")
    await finished(people.ada, sent)
    for _ in range(2):
        await finished(people.ada, await answering.retry(people.ada, sent.answer.id))
    failed = await send(people.ada, "[[status=400]] Is it so?")
    await finished(people.ada, failed)
    await finished(people.ada, await answering.retry(people.ada, failed.answer.id))
    report = await everything(people.ada)
    assert (report.total.answers, report.total.failed, report.total.again) == (5, 2, 1)
    async with unit_of_work(people.zoe) as uow:
        assert (await report_on(uow, "4-weeks")).total.again == 0
