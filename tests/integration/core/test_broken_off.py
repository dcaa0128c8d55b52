"""Whoever is broken off in the middle of a statement is not told that the database is away."""

import asyncio
from dataclasses import dataclass

import pytest
import structlog
from sqlalchemy import text

from convosphere.core.unit_of_work import unit_of_work
from tests.fixtures.people import People

SLOW = "SELECT 1 AS one FROM pg_sleep(5)"


@dataclass(frozen=True)
class _One:
    one: int


@pytest.mark.parametrize("way", ["session", "driver", "end"])
@pytest.mark.parametrize("delay", [0.0, 0.2])
async def test_a_task_that_is_cancelled_twice_raises_no_alarm(people: People, way: str, delay: float) -> None:
    async def work() -> None:
        async with unit_of_work(people.bob) as uow:
            match way:
                case "session":
                    await uow.session.execute(text(SLOW))
                case "driver":
                    await uow.rows(_One, text(SLOW), {})
                case _:
                    uow.defer(text(SLOW), {})

    with structlog.testing.capture_logs() as logs:
        task = asyncio.create_task(work())
        await asyncio.sleep(delay)
        for _ in range(2):
            task.cancel()
            await asyncio.sleep(0)
        with pytest.raises(asyncio.CancelledError):
            await task
    assert [entry for entry in logs if entry["event"] == "database_unavailable"] == []
    async with unit_of_work(people.bob) as uow:
        assert await uow.rows(_One, text("SELECT 1 AS one"), {}) == [_One(1)]
