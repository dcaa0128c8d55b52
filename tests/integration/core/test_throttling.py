"""Tries are counted over all processes that share a Redis, and by each process while there is none."""

from collections.abc import AsyncIterator

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
