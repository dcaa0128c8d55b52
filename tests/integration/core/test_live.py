"""Word between processes through Redis: heard by whoever listens, and never missed so much that something fails."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

import structlog

from convosphere.core.live import LiveHub, current_live_hub
from tests.fixtures.redis import Redis, free_port
from tests.fixtures.waiting import PATIENCE, until


class Relay:
    """Stands between a client and Redis, and can swallow all that either says, as a broken network does."""

    def __init__(self, url: str) -> None:
        self._target = urlsplit(url)
        self.url = f"redis://127.0.0.1:{free_port()}/0"
        self.is_silent = False

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Relay"]:
        """Take connections as long as the context lasts."""
        server = await asyncio.start_server(self._pass_on, "127.0.0.1", urlsplit(self.url).port)
        try:
            yield self
        finally:
            server.close()
            await server.wait_closed()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection(self._target.hostname, self._target.port)
        back = asyncio.create_task(self._copy(there_reader, writer))
        await self._copy(reader, there_writer)
        await back

    async def _copy(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while words := await source.read(65_536):
                if not self.is_silent:
                    target.write(words)
                    await target.drain()
        target.close()


async def until_heard(hub: LiveHub, channel: str, content: bytes, *, by: bool = True) -> int:
    """Say something until somebody hears it, or nobody any more: a subscription takes effect a moment later."""
    async with asyncio.timeout(PATIENCE):
        while True:
            heard = await hub.publish(channel, content)
            if bool(heard) == by:
                return heard
            await asyncio.sleep(0.02)


async def test_what_is_said_is_heard_by_those_who_listen(redis: Redis) -> None:
    async with LiveHub(redis.url).running() as here, LiveHub(redis.url).running() as there:
        await until(lambda: here.is_up and there.is_up)
        assert await here.publish("a", b"nobody listens") == 0
        async with there.subscribe("a") as first, there.subscribe("a") as second, there.subscribe("b") as other:
            assert await until_heard(here, "a", b"\x00\r\n word") == 1, "a process listens once for all"
            async with asyncio.timeout(10):
                assert await first.get() == await second.get() == b"\x00\r\n word"
            assert other.empty()
        await until_heard(here, "a", b"gone", by=False)


async def test_a_lost_redis_is_told_once_and_comes_back_by_itself(redis: Redis) -> None:
    with structlog.testing.capture_logs() as logs:
        async with LiveHub(redis.url).running() as hub, hub.subscribe("a") as heard:
            await until_heard(hub, "a", b"before")
            async with asyncio.timeout(10):
                assert await heard.get() == b"before"
            redis.kill()
            await until(lambda: not hub.is_up)
            assert await hub.publish("a", b"lost") == 0
            async with hub.subscribe("b") as later:
                await asyncio.sleep(2.5)
                redis.start()
                await until(lambda: hub.is_up)
                await until_heard(hub, "a", b"after")
                await until_heard(hub, "b", b"new")
                async with asyncio.timeout(10):
                    assert await heard.get() == b"after"
                    assert await later.get() == b"new"
    assert [line["event"] for line in logs] == ["redis_lost", "redis_back"]


async def test_a_redis_that_falls_silent_is_given_up(redis: Redis) -> None:
    async with Relay(redis.url).running() as relay, LiveHub(relay.url).running() as hub:
        await until(lambda: hub.is_up)
        relay.is_silent = True
        assert await hub.publish("a", b"word") == 0
        await until(lambda: not hub.is_up)
        relay.is_silent = False
        await until(lambda: hub.is_up)
        async with hub.subscribe("a"):
            await until_heard(hub, "a", b"word")


async def test_a_slow_listener_loses_what_it_cannot_hold(redis: Redis) -> None:
    async with LiveHub(redis.url).running() as hub, hub.subscribe("a") as slow:
        await until_heard(hub, "a", b"first")
        for _ in range(300):
            await hub.publish("a", b"more")
        async with hub.subscribe("b") as quick:
            await until_heard(hub, "b", b"quick")
            async with asyncio.timeout(10):
                await quick.get()
        assert slow.qsize() == slow.maxsize


async def test_without_redis_nobody_hears_anything() -> None:
    async with LiveHub("").running() as hub, hub.subscribe("a") as heard:
        assert await hub.publish("a", b"word") == 0
        assert heard.empty()
        assert current_live_hub() is not hub
        assert not current_live_hub().is_up
