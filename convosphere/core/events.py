"""Word between processes that something changed, by PostgreSQL's LISTEN and NOTIFY.

Notices carry a topic such as `document:<id>`. A notice can be lost when the connection breaks, so on every reconnect
all subscribers are woken once to look again.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import psycopg
import structlog

from convosphere.core.errors import ConfigurationError
from convosphere.core.unit_of_work import EVENT_CHANNEL

log = structlog.get_logger()

RECONNECT_SECONDS = 1.0
LOOK_AGAIN = "*"
"""Delivered to every subscriber after a gap in which notices may have been lost."""


_running: list["EventHub"] = []


def current_event_hub() -> "EventHub":
    """The hub of this process.

    Raises:
        ConfigurationError: none is running.
    """
    if not _running:
        raise ConfigurationError("No event hub is running in this process.")
    return _running[-1]


class EventHub:
    """One listening connection for the whole process, and its subscribers."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._subscribers: dict[str, set[asyncio.Queue[str]]] = defaultdict(set)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["EventHub"]:
        """Listen as long as the context lasts."""
        task = asyncio.create_task(self._listen_forever(), name="event-hub")
        _running.append(self)
        try:
            yield self
        finally:
            _running.remove(self)
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    @asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncIterator[asyncio.Queue[str]]:
        """A queue of the notices of some topics, or of all of a kind with `kind:*`.

        A slow reader loses notices beyond 100, never blocks others.
        """
        queue: asyncio.Queue[str] = asyncio.Queue(maxsize=100)
        for topic in topics:
            self._subscribers[topic].add(queue)
        try:
            yield queue
        finally:
            for topic in topics:
                self._subscribers[topic].discard(queue)
                if not self._subscribers[topic]:
                    del self._subscribers[topic]

    def deliver(self, topic: str) -> None:
        """Wake the subscribers of a topic in this process."""
        whole_kind = topic.partition(":")[0] + ":*"
        for queue in (*self._subscribers.get(topic, ()), *self._subscribers.get(whole_kind, ())):
            with suppress(asyncio.QueueFull):
                queue.put_nowait(topic)

    async def _listen_forever(self) -> None:
        while True:
            try:
                await self._listen()
            except psycopg.Error as error:
                log.warning("event_connection_lost", reason=str(error).strip()[:200])
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(self._url, autocommit=True, connect_timeout=5) as connection:
            await connection.execute(f"LISTEN {EVENT_CHANNEL}")
            self._wake_all()
            async for notice in connection.notifies():
                self.deliver(notice.payload)

    def _wake_all(self) -> None:
        for queue in {queue for queues in self._subscribers.values() for queue in queues}:
            with suppress(asyncio.QueueFull):
                queue.put_nowait(LOOK_AGAIN)
