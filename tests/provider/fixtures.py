"""The provider as pytest fixtures, in a thread of its own so that a test that blocks its loop cannot slow it."""

import asyncio
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from tests.fixtures.waiting import PATIENCE, wait_until
from tests.provider.directives import BY_MODEL
from tests.provider.record import Record
from tests.provider.server import Provider


@dataclass(frozen=True)
class RunningProvider:
    """A provider that serves, and its address ending in `/v1`."""

    url: str
    provider: Provider

    def chats(self, model: str = "") -> list[Record]:
        """The chat requests so far, of one model or of all."""
        chats = [record for record in self.provider.records if record.path == "/chat/completions"]
        return [record for record in chats if not model or record.model == model]

    def conversation(self) -> list[str]:
        """What the last request for an answer said; what is asked beside, such as for titles, is one message."""
        asked = [record.body["messages"] for record in self.chats() if len(record.body["messages"]) > 1]
        return [message["content"] for message in asked[-1]]

    def go_on(self) -> None:
        """Let the latest answer go on, once `[[hold_every=…]]` holds it."""
        wait_until(self._held, "an answer that is held")
        if held := self._held():
            held.get_loop().call_soon_threadsafe(held.set_result, None)
        wait_until(lambda: self._held() is not held, "the answer going on")

    def _held(self) -> asyncio.Future[None] | None:
        answers = [chat for chat in self.chats() if "max_tokens" not in chat.body]
        return answers[-1].held if answers else None

    def wait_for(self, condition: Callable[[], bool], seconds: float = PATIENCE) -> bool:
        """Whether the condition came true in time; for what happens in the provider's thread."""
        deadline = time.monotonic() + seconds
        while not condition() and time.monotonic() < deadline:
            time.sleep(0.005)
        return condition()


@contextmanager
def start_provider(
    models: tuple[str, ...] = tuple(BY_MODEL), key: str = "", tls: ssl.SSLContext | None = None
) -> Iterator[RunningProvider]:
    """Serve in a thread until the block ends."""
    loop = asyncio.new_event_loop()
    provider = Provider(models, key)
    thread = threading.Thread(target=loop.run_forever, name="test-provider", daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(provider.listen(tls=tls), loop).result(10)
    try:
        yield RunningProvider(
            f"{'https' if tls else 'http'}://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", provider
        )
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server, provider), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


@pytest.fixture
def provider() -> Iterator[RunningProvider]:
    """A provider of the test's own with its usual list of models."""
    with start_provider() as running:
        yield running


async def _stop(server: asyncio.Server, provider: Provider) -> None:
    """Close all, and let the loop see it, or Python warns of sockets that were left open."""
    server.close()
    for connection in list(provider.connections):
        connection.transport.abort()
    for _ in range(2):
        await asyncio.sleep(0)
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    await asyncio.gather(*others, return_exceptions=True)
