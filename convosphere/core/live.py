"""Word between processes at once, through Redis: what it carries may be lost, and whoever listens can do without.

The one door to Redis. Without `REDIS_URL`, or while Redis is away, nobody hears anything and nothing fails.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import structlog

from convosphere.core.endings import end
from convosphere.core.late_modules import LateModule

if TYPE_CHECKING:
    from redis import asyncio as redis
    from redis import backoff, exceptions
    from redis.asyncio import client, retry
else:
    redis, retry = LateModule("redis.asyncio"), LateModule("redis.asyncio.retry")
    backoff, exceptions = LateModule("redis.backoff"), LateModule("redis.exceptions")

log = structlog.get_logger()

ANSWER_SECONDS = 1.0
"""Patience with Redis: whoever waits for it can go on without."""
QUIET_SECONDS = 2.0
"""After so long without a word Redis is asked whether it is still there."""
RECONNECT_SECONDS = 1.0
LONGEST_QUEUE = 200
_SILENT = "Redis does not answer."
_OWN_CHANNEL = "convosphere:all"

_running: list["LiveHub"] = []


def redis_pool(url: str, *, retries: int = 1, size: int = 8) -> "redis.BlockingConnectionPool":
    """Connections to Redis that give up soon: it holds nothing that is worth waiting for."""
    return redis.BlockingConnectionPool.from_url(
        url,
        max_connections=size,
        timeout=ANSWER_SECONDS,
        socket_timeout=ANSWER_SECONDS,
        socket_connect_timeout=ANSWER_SECONDS,
        retry=retry.Retry(backoff.NoBackoff(), retries),
    )


def current_live_hub() -> "LiveHub":
    """The hub of this process; where none is running, one that hears nothing."""
    return _running[-1] if _running else LiveHub("")


class LiveHub:
    """One listening connection to Redis for the whole process, its listeners, and a few connections to speak."""

    def __init__(self, redis_url: str) -> None:
        self._url = redis_url
        self._listeners: dict[str, set[asyncio.Queue[bytes]]] = defaultdict(set)
        self._line: client.PubSub | None = None
        self.pool = redis_pool(redis_url) if redis_url else None
        """Connections for whatever else is shared through Redis."""
        self._is_asked = False

    @property
    def is_up(self) -> bool:
        """Whether Redis is there."""
        return self._line is not None

    @asynccontextmanager
    async def running(self) -> AsyncIterator["LiveHub"]:
        """Keep the line to Redis, if there is one to keep, as long as the context lasts."""
        if not self.pool:
            yield self
            return
        task = asyncio.create_task(self._listen_forever(), name="live-hub")
        _running.append(self)
        try:
            yield self
        finally:
            _running.remove(self)
            await end(task)
            await self.pool.aclose()

    async def publish(self, channel: str, content: bytes) -> int:
        """Say something; gives how many processes heard it, 0 while Redis is away."""
        if self.pool is None or not self.is_up:
            return 0
        try:
            return await redis.Redis(connection_pool=self.pool).publish(channel, content)
        except (exceptions.RedisError, OSError):
            return 0  # The listening connection notices as well, and tells the log.

    @asynccontextmanager
    async def subscribe(self, channel: str) -> AsyncIterator[asyncio.Queue[bytes]]:
        """A queue of what is said on a channel. A slow listener loses what comes beyond 200, never blocks others."""
        queue: asyncio.Queue[bytes] = asyncio.Queue(LONGEST_QUEUE)
        is_first = channel not in self._listeners
        self._listeners[channel].add(queue)
        try:
            if is_first and self._line:
                with suppress(
                    exceptions.RedisError, OSError
                ):  # Once there is a new line, all channels are asked for again.
                    await self._line.subscribe(channel)
            yield queue
        finally:
            self._listeners[channel].discard(queue)
            if not self._listeners[channel]:
                del self._listeners[channel]
                if self._line:
                    with suppress(exceptions.RedisError, OSError):
                        await self._line.unsubscribe(channel)

    async def _listen_forever(self) -> None:
        is_told = False
        while True:
            try:
                await self._listen(is_back=is_told)
            except (exceptions.RedisError, OSError) as error:
                if not is_told or self.is_up:
                    log.warning("redis_lost", reason=str(error)[:200])
                is_told, self._line = True, None
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _listen(self, *, is_back: bool) -> None:
        listening = redis.Redis(connection_pool=redis_pool(self._url, retries=0, size=1))
        try:
            async with listening.pubsub() as line:
                # The list of listeners is read only after this wait, so that none is left out who comes meanwhile.
                await line.subscribe(_OWN_CHANNEL)
                if await line.get_message(timeout=ANSWER_SECONDS) is None:
                    raise exceptions.ConnectionError(_SILENT)
                self._line, self._is_asked = line, False
                if self._listeners:
                    await line.subscribe(*self._listeners)
                if is_back:
                    log.info("redis_back")
                while True:
                    await self._hear(line)
        finally:
            await listening.aclose(close_connection_pool=True)

    async def _hear(self, line: "client.PubSub") -> None:
        message = await line.get_message(timeout=QUIET_SECONDS)
        if message is None:
            if self._is_asked:
                raise exceptions.ConnectionError(_SILENT)
            self._is_asked = True
            await line.ping()
            return
        self._is_asked = False
        if message["type"] == "message":
            for queue in tuple(self._listeners.get(message["channel"].decode(), ())):
                with suppress(asyncio.QueueFull):
                    queue.put_nowait(message["data"])
