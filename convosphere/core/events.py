"""Word between processes that something changed, by PostgreSQL's LISTEN and NOTIFY.

Notices carry a topic such as `document:<id>`. A notice can be lost when the connection breaks, so on every reconnect
all subscribers are woken once to look again. The listening connection is also how a process learns that the database
is away, whether it was stopped or stands still.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import psycopg
import structlog

from convosphere.core.database import is_database_away, note_database
from convosphere.core.endings import end
from convosphere.core.errors import ConfigurationError
from convosphere.core.unit_of_work import EVENT_CHANNEL

log = structlog.get_logger()

RECONNECT_SECONDS = 1.0
QUIET_SECONDS = 3.0
"""After so long without a notice the server is asked whether it is there: one that stands still breaks nothing."""
ANSWER_SECONDS = 5
LOOK_AGAIN = "*"
"""Delivered to every subscriber after a gap in which notices may have been lost."""
AWAY = "database:away"
"""Delivered to its subscribers when the database cannot be reached any more."""


_running: list["EventHub"] = []


def current_event_hub() -> "EventHub":
    """The hub of this process.

    Raises:
        ConfigurationError: none is running.
    """
    if not _running:
        raise ConfigurationError("No event hub is running in this process.")
    return _running[-1]


def running_event_hub() -> "EventHub | None":
    """The hub of this process, None where there is none."""
    return _running[-1] if _running else None


async def until_database_is_away() -> None:
    """Return once the database cannot be reached; never in a process without a hub."""
    if not _running:
        await asyncio.Event().wait()
    async with _running[-1].subscribe(AWAY) as notices:
        if not is_database_away():
            await notices.get()


class EventHub:
    """One listening connection for the whole process, and its subscribers."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._is_listening = False
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
            await end(task)
            note_database(is_away=False)

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
            self._is_listening = False
            try:
                await self._listen()
            except psycopg.Error as error:
                log.warning("event_connection_lost", reason=str(error).strip()[:200])
                # A connection alone may break; only when no other is to be had, or no answer, is the database away.
                if not self._is_listening or isinstance(error, psycopg.errors.ConnectionTimeout):
                    self._tell_away()
            await asyncio.sleep(RECONNECT_SECONDS if is_database_away() else RECONNECT_SECONDS / 10)

    async def _listen(self) -> None:
        async with await self._connect() as connection:
            await connection.execute(f"LISTEN {EVENT_CHANNEL}")
            self._is_listening = True
            note_database(is_away=False)
            self._wake_all()
            while True:
                async for notice in connection.notifies(timeout=QUIET_SECONDS):
                    self.deliver(notice.payload)
                await self._ask()

    async def _ask(self) -> None:
        try:
            await (await self._connect()).close()
        except psycopg.errors.ConnectionTimeout:
            raise
        except psycopg.OperationalError as error:  # It answers, if only to refuse one more connection.
            log.warning("connection_refused", reason=str(error).strip()[:200])

    async def _connect(self) -> psycopg.AsyncConnection:
        return await psycopg.AsyncConnection.connect(self._url, autocommit=True, connect_timeout=ANSWER_SECONDS)

    def _tell_away(self) -> None:
        note_database(is_away=True)
        self.deliver(AWAY)

    def _wake_all(self) -> None:
        for queue in {queue for queues in self._subscribers.values() for queue in queues}:
            with suppress(asyncio.QueueFull):
                queue.put_nowait(LOOK_AGAIN)
