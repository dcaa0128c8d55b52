"""Tries are counted over all processes that share a Redis, and by each process while there is none."""

from collections.abc import AsyncIterator
from types import SimpleNamespace

import pytest
import pytest_asyncio

from convosphere.core.live import LiveHub
from convosphere.core.throttling import Throttle
from tests.fixtures.redis import Redis
from tests.fixtures.waiting import until


@pytest_asyncio.fixture
async def hub(redis: Redis) -> AsyncIterator[LiveHub]:
    async with LiveHub(redis.url).running() as running:
        await until(lambda: running.is_up)
        yield running


async def test_processes_count_together(hub: LiveHub, redis: Redis) -> None:
    here, there = Throttle("3/minute"), Throttle("3/minute")
    assert [await one.allows("ada") for one in (here, there, here)] == [True, True, True]
    async with LiveHub(redis.url).running() as other:
        await until(lambda: other.is_up)
        assert not await there.allows("ada")
        assert await there.allows("bob"), "everybody is counted apart"


async def test_without_redis_a_process_counts_alone(hub: LiveHub, redis: Redis) -> None:
    throttle = Throttle("2/minute")
    assert await throttle.allows("ada")
    redis.kill()
    assert [await throttle.allows("ada") for _ in range(3)] == [True, True, False]
    redis.start()
    await until(lambda: hub.is_up)
    assert await throttle.allows("ada")


async def test_a_process_forgets_who_has_not_come_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("convosphere.core.throttling.MOST_KEYS", 2)
    now = 0.0
    monkeypatch.setattr("convosphere.core.throttling.time", SimpleNamespace(monotonic=lambda: now))
    throttle = Throttle("1/second; 2/minute")
    assert [await throttle.wait("ada") for _ in range(2)] == [0, 2]
    now = 30.0
    assert [await throttle.wait("ada"), await throttle.wait("bob")] == [0, 0]
    now = 59.0
    assert await throttle.wait("ada") == 2, "the first try counts for a second more"
    now = 200.0
    assert await throttle.wait("eve") == 0
    assert len(throttle._own._times) == 2
