"""Who may decide about budgets, what the trail keeps of it, and what reports say."""

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from convosphere.core.errors import ForbiddenError, NotFoundError
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.usage.errors import BudgetInputError
from convosphere.usage.schemas import BudgetDraft, CallRecord
from convosphere.usage.service import managing
from convosphere.usage.service.calls import book_call
from convosphere.usage.service.figures import line_items, metrics
from convosphere.usage.service.reports import export_own_report, export_report, get_own_report, get_report, get_today
from tests.fixtures.people import People

DRAFT = BudgetDraft(
    name="Team", subject_type="workspace", subject_id=None, is_per_person=False, period="month", unit="money",
    currency="EUR", amount=5_000_000_000, warn_at=(50, 80), is_hard=True,
)  # fmt: skip


async def book(actor: Actor, **values: object) -> None:
    call = CallRecord("answer", "m", "done", 5, prompt_tokens=10, completion_tokens=5)
    async with unit_of_work(actor) as uow:
        book_call(uow, replace(call, **values))


async def trail(actor: Actor) -> list[tuple[str, Mapping[str, object] | None, Mapping[str, object] | None]]:
    async with unit_of_work(actor) as uow:
        found = await uow.session.execute(text("SELECT action, before, after FROM audit_entry ORDER BY sequence"))
        return [(row.action, row.before, row.after) for row in found]


async def test_a_budget_is_made_changed_and_deleted(people: People) -> None:
    budget_id = await managing.create_budget(people.ada, DRAFT)
    await book(people.bob, cost_nanos=4_500_000_000, currency="EUR")
    (row,) = await managing.list_budgets(people.ada)
    assert (row.name, row.spent, row.percent, row.is_warning) == ("Team", 4_500_000_000, 90, True)
    await managing.change_budget(people.ada, budget_id, name="Team", amount=9_000_000_000, warn_at=(80,), is_hard=True)
    assert (await managing.list_budgets(people.ada))[0].percent == 50
    await managing.delete_budget(people.ada, budget_id)
    assert await managing.list_budgets(people.ada) == []
    kept = [entry for entry in await trail(people.ada) if entry[0].startswith("budget:")]
    assert [action for action, *_ in kept] == ["budget:create", "budget:change", "budget:delete"]
    _, before, after = kept[1]
    assert before
    assert after
    assert (before["amount"], after["amount"]) == ("5.00 EUR", "9.00 EUR")


async def test_only_those_who_may_decide(people: People) -> None:
    budget_id = await managing.create_budget(people.ada, DRAFT)
    with pytest.raises(ForbiddenError):
        await managing.create_budget(people.bob, DRAFT)
    with pytest.raises(ForbiddenError):
        await managing.delete_budget(people.bob, budget_id)
    with pytest.raises(ForbiddenError):
        await managing.list_budgets(people.bob)
    with pytest.raises(ForbiddenError):
        await get_report(people.bob, await get_today(people.bob), await get_today(people.bob))
    with pytest.raises(NotFoundError):
        await managing.delete_budget(people.zoe, budget_id)
    assert await managing.list_own_budgets(people.zoe) == []
    assert [standing.name for standing in await managing.list_own_budgets(people.bob)] == ["Team"]


@pytest.mark.parametrize(
    "change",
    [
        {"name": "  "}, {"amount": 0}, {"amount": 10**19}, {"currency": "Euro"}, {"warn_at": (0,)},
        {"warn_at": (101,)}, {"subject_type": "group"}, {"subject_type": "planet"}, {"period": "year"},
        {"subject_type": "person", "subject_id": new_id()},
    ],
)  # fmt: skip
async def test_what_is_no_budget_is_refused(people: People, change: dict[str, object]) -> None:
    with pytest.raises(BudgetInputError):
        await managing.create_budget(people.ada, replace(DRAFT, **change))


async def test_currencies_are_never_added(people: People) -> None:
    await book(people.bob, cost_nanos=1_000, currency="EUR")
    await book(people.bob, cost_nanos=2_000, currency="USD")
    await book(people.eve, cost_nanos=None, counted_nanos=300, currency="USD", status="stopped")
    today = await get_today(people.ada)
    report = await get_report(people.ada, today, today)
    assert report.total.costs == {"EUR": 1_000, "USD": 2_000}
    assert report.total.counted == {"EUR": 1_000, "USD": 2_300}
    assert (report.total.calls, report.total.unpriced, report.total.stopped) == (3, 0, 1)
    own = await get_own_report(people.eve, today, today)
    assert (own.total.calls, own.total.costs) == (1, {})


async def test_the_file_computes_nothing(people: People) -> None:
    await book(people.bob, model='=HYPERLINK("http://example.org")', cost_nanos=1_500_000_000)
    today = await get_today(people.ada)
    table = b"".join([part async for part in await export_report(people.ada, today, today)]).decode("utf-8-sig")
    assert '"\'=HYPERLINK(""http://example.org"")"' in table
    assert "1.500000000" in table
    assert [action for action, *_ in await trail(people.ada)] == ["usage:export"]


async def test_what_is_not_known_is_not_nothing(people: People) -> None:
    await book(people.bob, model="free", cost_nanos=0)
    await book(people.eve, model="unknown")
    await book(people.eve, model="broken", status="failed", prompt_tokens=None, completion_tokens=None)
    today = await get_today(people.ada)
    table = b"".join([part async for part in await export_report(people.ada, today, today)]).decode("utf-8-sig")
    said = {row["model"]: (row["cost"], row["cost_with_estimates"]) for row in csv.DictReader(io.StringIO(table))}
    assert said == {"free": ("0.000000000", "0.000000000"), "unknown": ("", ""), "broken": ("", "")}
    report = await get_report(people.ada, today, today)
    assert {line.key: line.costs for line in report.models} == {"free": {"USD": 0}, "unknown": {}, "broken": {}}
    assert report.total.costs == {}
    assert line_items(report.models, report.total)
    own = await get_own_report(people.bob, today, today)
    assert own.total.costs == {"USD": 0}
    assert metrics(own.total) == ["tokens", "calls"]
    assert line_items(own.models, own.total)[0].share == 100


async def test_ones_own_file_is_of_ones_own_use(people: People) -> None:
    for person in (people.bob, people.eve):
        await book(person, model=f"model-of-{person.name}")
    today = await get_today(people.bob)
    table = b"".join([part async for part in export_own_report(people.bob, today, today)]).decode("utf-8-sig")
    assert [row["model"] for row in csv.DictReader(io.StringIO(table))] == ["model-of-Bob"]
    with pytest.raises(BudgetInputError):
        export_own_report(people.bob, today, today - timedelta(days=1))


async def test_days_begin_where_the_workspace_is(people: People) -> None:
    assert await managing.get_time_zone(people.ada) == "UTC"
    days = set()
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):  # 25 hours apart.
        await managing.set_time_zone(people.ada, zone)
        days.add(await get_today(people.ada))
        await book(people.bob)
    later, earlier = max(days), min(days)
    assert later - earlier >= timedelta(days=1)
    report = await get_report(people.ada, earlier, later)
    assert [line.key for line in report.days] == [earlier.isoformat(), later.isoformat()]
    with pytest.raises(BudgetInputError):
        await managing.set_time_zone(people.ada, "Mars/Olympus")
