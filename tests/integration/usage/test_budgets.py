"""Budgets: nobody gets past one, whatever happens at the same time."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.usage.errors import BudgetUsedUpError
from convosphere.usage.models import Budget
from convosphere.usage.schemas import CallRecord, PlannedCall, PlannedPrice, Reservation
from convosphere.usage.service.budgets import release, reserve
from convosphere.usage.service.calls import book_call
from tests.fixtures.people import People

DOLLAR = PlannedPrice(input_nanos=1_000_000, output_nanos=2_000_000, currency="USD")
"""One nano for a token of the prompt, two for one of the answer."""


async def add_budget(actor: Actor, amount: int, **changed: object) -> UUID:
    values: dict[str, object] = {
        "name": "Test", "subject_type": "workspace", "period": "month", "unit": "tokens", "amount": amount,
        "warn_at": [80],
    } | changed  # fmt: skip
    async with unit_of_work(actor) as uow:
        budget = Budget(workspace_id=uow.workspace_id, **values)
        uow.session.add(budget)
    return budget.id


async def ask(actor: Actor, call: PlannedCall) -> Reservation:
    async with unit_of_work(actor) as uow:
        return await reserve(uow, call)


async def settle(actor: Actor, reservation_id: UUID | None, prompt: int, output: int, **more: object) -> None:
    cost = DOLLAR.nanos(prompt, output)
    call = CallRecord("answer", "m", "done", 5, prompt_tokens=prompt, completion_tokens=output, cost_nanos=cost, **more)
    async with unit_of_work(actor) as uow:
        book_call(uow, call, reservation_id=reservation_id)


async def spent(actor: Actor, budget_id: UUID) -> int:
    async with unit_of_work(actor) as uow:
        found = await uow.session.scalar(
            text("SELECT sum(spent) FROM budget_period WHERE budget_id = :id"), {"id": budget_id}
        )
    return int(found or 0)


async def test_what_is_reserved_is_not_given_twice(people: People) -> None:
    await add_budget(people.ada, 1_000)
    first = await ask(people.bob, PlannedCall(prompt_tokens=100, most_output=800))
    assert first.output_tokens == 800
    with pytest.raises(BudgetUsedUpError):
        await ask(people.eve, PlannedCall(prompt_tokens=100, most_output=800))
    await settle(people.bob, first.id, 100, 50)
    assert (await ask(people.eve, PlannedCall(prompt_tokens=100, most_output=800))).output_tokens == 750


async def test_an_answer_may_be_as_long_as_is_left(people: People) -> None:
    await add_budget(people.ada, 1_000, unit="money", currency="USD")
    reservation = await ask(people.bob, PlannedCall(prompt_tokens=100, most_output=5_000, price=DOLLAR))
    assert reservation.output_tokens == 450


async def test_without_a_known_price_only_tokens_count(people: People) -> None:
    await add_budget(people.ada, 1, unit="money", currency="USD")
    assert (await ask(people.bob, PlannedCall(prompt_tokens=100, most_output=500))).output_tokens == 500
    euro = PlannedPrice(1_000_000, 1_000_000, "EUR")
    assert (await ask(people.bob, PlannedCall(prompt_tokens=100, most_output=500, price=euro))).output_tokens == 500
    free = PlannedPrice(0, 0, "USD")
    assert (await ask(people.bob, PlannedCall(prompt_tokens=100, most_output=500, price=free))).output_tokens == 500


async def test_each_person_has_their_own(people: People) -> None:
    await add_budget(people.ada, 500, is_per_person=True)
    call = PlannedCall(prompt_tokens=100, most_output=400)
    for person in (people.bob, people.eve):
        await ask(person, call)
        with pytest.raises(BudgetUsedUpError):
            await ask(person, call)
    await add_budget(people.ada, 5_000, subject_type="person", subject_id=people.bob.account_id)
    assert (await ask(people.bob, call)).output_tokens == 400  # Bob's own takes the place of what each has.
    with pytest.raises(BudgetUsedUpError):
        await ask(people.eve, call)


async def test_another_workspace_has_nothing_to_do_with_it(people: People) -> None:
    await add_budget(people.ada, 1)
    reservation = await ask(people.zoe, PlannedCall(prompt_tokens=100, most_output=400))
    assert reservation.output_tokens is None


async def test_a_soft_budget_warns_only(people: People) -> None:
    await add_budget(people.ada, 100, is_hard=False)
    await settle(people.bob, None, 80, 10)
    reservation = await ask(people.bob, PlannedCall(prompt_tokens=100, most_output=400))
    assert reservation.output_tokens is None
    assert reservation.warning
    assert reservation.warning.percent == 90


async def test_what_was_used_before_counts_for_a_new_budget(people: People) -> None:
    await settle(people.bob, None, 300, 100)
    budget_id = await add_budget(people.ada, 450)
    with pytest.raises(BudgetUsedUpError) as refused:
        await ask(people.eve, PlannedCall(prompt_tokens=100, most_output=400))
    assert (refused.value.budget, refused.value.left, refused.value.is_used_up) == ("Test", {"tokens": 50}, False)
    assert not await spent(people.ada, budget_id)  # A refusal leaves nothing behind.


async def test_what_nobody_settles_expires(people: People) -> None:
    await add_budget(people.ada, 500)
    call = PlannedCall(prompt_tokens=100, most_output=400)
    lost = await ask(people.bob, call)
    async with unit_of_work(people.bob) as uow:
        await uow.session.execute(text("UPDATE budget_reservation SET expires_at = now() - interval '1 second'"))
    await ask(people.eve, call)
    await settle(people.bob, lost.id, 100, 100)  # It was not dead after all: what it used counts.
    with pytest.raises(BudgetUsedUpError):
        await ask(people.eve, call)


async def test_a_call_beside_has_its_own_share(people: People) -> None:
    budget_id = await add_budget(people.ada, 1_000)
    call = PlannedCall(prompt_tokens=100, most_output=900, beside_prompt=50, beside_output=30)
    reservation = await ask(people.bob, call)
    assert reservation.output_tokens == 820
    await settle(people.bob, reservation.id, 100, 820)
    with pytest.raises(BudgetUsedUpError):
        await ask(people.eve, PlannedCall(prompt_tokens=1, most_output=1))
    await settle(people.bob, reservation.beside_id, 50, 30)
    assert await spent(people.ada, budget_id) == 1_000


async def test_release_gives_back(people: People) -> None:
    await add_budget(people.ada, 500)
    call = PlannedCall(prompt_tokens=100, most_output=400)
    reservation = await ask(people.bob, call)
    async with unit_of_work(people.bob) as uow:
        release(uow, reservation.id)
    assert await ask(people.eve, call)


@dataclass(frozen=True)
class Step:
    """One request: who, how large, how much of its answer is used, what becomes of it, and when."""

    person: int
    prompt: int
    most: int
    used: float
    end: str
    pauses: tuple[int, int]


STEPS = st.lists(
    st.builds(
        Step,
        st.integers(0, 2), st.integers(1, 120), st.integers(1, 400), st.floats(0, 1),
        st.sampled_from(["settle", "settle", "settle", "abandon", "release", "roll back"]),
        st.tuples(st.integers(0, 3), st.integers(0, 3)),
    ),
    min_size=4, max_size=16,
)  # fmt: skip
AMOUNTS = st.fixed_dictionaries(
    {"tokens": st.integers(50, 2_500), "money": st.integers(50, 4_000), "each": st.integers(50, 900)}
)


async def walk(actor: Actor, step: Step) -> None:
    """One request from its beginning to its end; what is refused ends at once."""
    call = PlannedCall(prompt_tokens=step.prompt, most_output=step.most, least_output=10, price=DOLLAR)
    await asyncio.sleep(step.pauses[0] / 1_000)
    with suppress(BudgetUsedUpError, ZeroDivisionError):
        async with unit_of_work(actor) as uow:
            reservation = await reserve(uow, call)
            if step.end == "roll back":
                raise ZeroDivisionError
        await asyncio.sleep(step.pauses[1] / 1_000)
        if step.end == "settle":
            assert reservation.output_tokens is not None
            await settle(actor, reservation.id, step.prompt, int(step.used * reservation.output_tokens))
        elif step.end == "release":
            async with unit_of_work(actor) as uow:
                release(uow, reservation.id)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(steps=STEPS, amounts=AMOUNTS)
async def test_no_interleaving_overspends(people: People, steps: list[Step], amounts: dict[str, int]) -> None:
    everybody = (people.ada, people.bob, people.eve)
    budgets = {
        await add_budget(people.ada, amounts["tokens"], period="day"): amounts["tokens"],
        await add_budget(people.ada, amounts["money"], unit="money", currency="USD"): amounts["money"],
        await add_budget(people.ada, amounts["each"], is_per_person=True): amounts["each"],
    }
    await asyncio.gather(*(walk(everybody[step.person], step) for step in steps))
    async with unit_of_work(people.ada) as uow:
        rows = await uow.session.execute(
            text(
                """
                SELECT p.budget_id, p.spent, coalesce((SELECT sum(r.amount) FROM budget_reservation AS r
                    WHERE (r.budget_id, r.holder_id) = (p.budget_id, p.holder_id)), 0) AS held,
                    budget_spent(p.budget_id, p.holder_id, p.period_start) AS booked
                FROM budget_period AS p
                """
            )
        )
        for budget_id, used, held, booked in rows:
            assert used + held <= budgets[budget_id]
            assert used == booked
        await uow.session.execute(text("DELETE FROM budget"))
        await uow.session.execute(text("DELETE FROM usage_day"))
        await uow.session.execute(text("DELETE FROM model_call"))
