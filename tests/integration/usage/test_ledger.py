"""The ledger says what the provider says, over a thousand calls of all kinds."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import text

from convosphere.chat.generations import GenerationHost
from convosphere.chat.service import answering, follow_ups
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.usage.service.reports import get_report, get_today
from tests.fixtures.people import People
from tests.provider.fixtures import RunningProvider

AT_ONCE = 40
QUESTIONS = (
    *(["[[text=short]] How much is it?"] * 400),
    *(["[[tokens=30]] And how long does it take?"] * 50),  # Long enough for questions that may follow.
    *(["[[thinking=3 text=thought]] Why is that?"] * 30),
    *(["[[no_usage text=quiet]] Who says so?"] * 20),
    *(["[[status=400]] What is wrong?"] * 40),
    *(["[[tokens=50 cut_after=5]] Where does it end?"] * 20),
)


@dataclass(frozen=True)
class Booked:
    purpose: str
    status: str
    is_estimated: bool
    calls: int
    prompt_tokens: int
    completion_tokens: int


async def ask(actor: Actor, question: str, host: GenerationHost) -> None:
    sent = await answering.send(actor, question, conversation_id=None, client_key=uuid4())
    if generation := host.find(sent.answer.id):
        await generation.wait_for_end()


async def ask_all(people: People, host: GenerationHost) -> None:
    everybody = (people.ada, people.bob, people.eve)
    for person in everybody:
        await follow_ups.want(person, are_wanted=True)
    left = [(everybody[number % 3], question) for number, question in enumerate(QUESTIONS)]

    async def work() -> None:
        while left:
            await ask(*left.pop(), host)

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    while host._tasks:  # The titles, and what may be asked next.
        await asyncio.wait(set(host._tasks))


async def test_a_thousand_calls_are_booked_as_the_provider_counts_them(
    people: People, host: GenerationHost, provider: RunningProvider
) -> None:
    await ask_all(people, host)
    told = [record.usage for record in provider.chats() if isinstance(record.usage, dict)]
    async with unit_of_work(people.ada) as uow:
        statement = text(
            """
            SELECT purpose, status, is_estimated, count(*) AS calls, coalesce(sum(prompt_tokens), 0) AS prompt_tokens,
                coalesce(sum(completion_tokens), 0) AS completion_tokens
            FROM model_call GROUP BY 1, 2, 3
            """
        )
        booked = await uow.rows(Booked, statement, {})
    assert sum(row.calls for row in booked) >= 1_000
    exact = [row for row in booked if row.status == "done" and not row.is_estimated]
    assert sum(row.calls for row in exact) == len(told)
    assert sum(row.prompt_tokens for row in exact) == sum(usage["prompt_tokens"] for usage in told)
    assert sum(row.completion_tokens for row in exact) == sum(usage["completion_tokens"] for usage in told)
    statuses = Counter({(row.purpose, row.status): 0 for row in booked})
    for row in booked:
        statuses[row.purpose, row.status] += row.calls
    assert statuses == {
        ("answer", "done"): 500,
        ("answer", "failed"): 60,
        ("title", "done"): 500,
        ("follow_ups", "done"): 50,
    }
    await sums_equal(people.ada, booked)


async def sums_equal(actor: Actor, booked: list[Booked]) -> None:
    """Whatever way one looks at it, the report has all calls and tokens."""
    today = await get_today(actor)
    report = await get_report(actor, today, today)
    for lines in ([report.total], report.days, report.people, report.models, report.purposes, report.assistants):
        assert sum(line.calls for line in lines) == sum(row.calls for row in booked)
        assert sum(line.tokens for line in lines) == sum(row.prompt_tokens + row.completion_tokens for row in booked)
    assert {line.name for line in report.people} == {"Ada", "Bob", "Eve"}
