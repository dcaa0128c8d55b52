"""A tab without a page: speaks to the product's socket as a page does, and may say anything."""

import asyncio
import json
import threading
import time
import uuid
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, TypeVar

import socketio

Result = TypeVar("Result")

ROOT_STATE = "reflex___state____state"
REPORT = f"{ROOT_STATE}.convosphere___shell___state____toast_state.report"
NAMESPACE = "/_event"
MARK = "mark-"
# With escapes, so that half a character can be sent as well.
_JSON = SimpleNamespace(dumps=lambda value, **_: json.dumps(value), loads=json.loads)


class Loop:
    """An event loop in a thread of its own, since the browser's driver holds this one's."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="raw-tabs", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, Result], seconds: float = 60) -> Result:
        """Wait for what a coroutine gives."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)

    def stop(self) -> None:
        """End the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


class RawTab:
    """A connected socket; `updates` is everything that the server sent."""

    def __init__(self, loop: Loop, url: str, cookie: str, tab: str, path: str) -> None:
        self._loop, self._url, self._cookie, self._path = loop, url, cookie, path
        self.tab = tab or str(uuid.uuid4())
        self.updates: list[dict[str, Any]] = []
        self._client = socketio.AsyncClient(reconnection=False, json=_JSON)
        self._texts: list[str] = []  # Of the updates, in their order.
        self._arrived = threading.Condition()
        self._client.on("event", self._take, namespace=NAMESPACE)

    @property
    def is_open(self) -> bool:
        """Whether the server still listens."""
        return NAMESPACE in self._client.namespaces

    def open(self, origin: str | None, *, boots: bool = True) -> None:
        """Connect, and load the page of the path unless told otherwise.

        Raises:
            ConnectionError: of socketio: the server refused.
        """
        headers = {"Cookie": self._cookie} if self._cookie else {}
        headers |= {"Origin": origin} if origin is not None else {}
        boot = {"event": self._event(f"{ROOT_STATE}.hydrate_and_load", {})} if boots else None
        self._loop.run(
            self._client.connect(
                f"{self._url}?token={self.tab}", headers=headers, transports=["websocket"], namespaces=[NAMESPACE],
                socketio_path=NAMESPACE, auth=boot, wait_timeout=60,
            )
        )  # fmt: skip

    def send(self, handler: str, /, **payload: object) -> None:
        """Send an event; handlers are named as the server knows them."""
        self.emit("event", self._event(handler, payload))

    def emit(self, name: str, data: object) -> None:
        """Send anything at all."""
        self._loop.run(self._client.emit(name, data, namespace=NAMESPACE))

    def settle(self, since: int = 0) -> list[dict[str, Any]]:
        """Wait until all that was sent is dealt with, and give what came since."""
        # An event may cause others, which stand in line behind the first mark.
        for _ in range(3):
            mark, before = f"{MARK}{uuid.uuid4().hex}", len(self._texts)
            self.send(REPORT, text=mark, values={})
            self.wait_for(mark, since=before)
        return self.updates[since:]

    def wait_for(self, text: str, seconds: float = 120, since: int = 0) -> None:
        """Wait until the server has sent a text, in an update after so many."""
        deadline, looked_at = time.monotonic() + seconds, since
        with self._arrived:
            while not any(text in came for came in self._texts[looked_at:]):
                looked_at = len(self._texts)
                in_time = self._arrived.wait(deadline - time.monotonic())
                assert in_time, f"{text} did not come: {self._texts[-5:]}"

    def wait_until_closed(self, seconds: float = 60) -> None:
        """Wait until the server hangs up."""
        deadline = time.monotonic() + seconds
        while self.is_open:
            assert time.monotonic() < deadline, "the socket is still open"
            time.sleep(0.02)

    def close(self) -> None:
        """Leave."""
        self._loop.run(self._client.disconnect())

    def _take(self, update: dict[str, Any]) -> None:
        text = json.dumps(update)
        with self._arrived:
            self.updates.append(update)
            self._texts.append(text)
            self._arrived.notify_all()

    def _event(self, handler: str, payload: dict[str, object]) -> dict[str, object]:
        return {
            "name": handler,
            "payload": payload,
            "router_data": {"pathname": self._path, "query": {}, "asPath": self._path},
        }


def values(updates: list[dict[str, Any]]) -> Iterator[tuple[str, str, Any]]:
    """State, var and value of everything that was shown."""
    for update in updates:
        for state, changes in (update.get("delta") or {}).items():
            for name, value in changes.items():
                yield state.rsplit(".", 1)[-1], name.removesuffix("_rx_state_"), value


def redirects(updates: list[dict[str, Any]]) -> list[str]:
    """Where the page was sent."""
    events = [event for update in updates for event in update.get("events") or []]
    return [event["payload"]["path"] for event in events if event["name"] == "_redirect"]


def toasts(updates: list[dict[str, Any]]) -> list[str]:
    """The English texts of all notices that were ever shown, in order, without our own marks."""
    seen: dict[str, str] = {}
    for state, name, value in values(updates):
        if (state, name) == ("convosphere___shell___state____toast_state", "toasts"):
            seen |= {row["id"]: row["message"]["text"] for row in value}
    return [text for text in seen.values() if not text.startswith(MARK)]


class Opener:
    """Opens tabs and closes them all in the end."""

    def __init__(self, loop: Loop, url: str) -> None:
        self._loop, self._url = loop, url
        self._tabs: list[RawTab] = []

    def __call__(
        self, cookie: str = "", *, tab: str = "", path: str = "/chat", origin: str | None = "own", boots: bool = True
    ) -> RawTab:
        """A connected tab."""
        opened = RawTab(self._loop, self._url, cookie, tab, path)
        self._tabs.append(opened)
        opened.open(self._url if origin == "own" else origin, boots=boots)
        return opened

    def close_all(self) -> None:
        """Close what is open."""
        for tab in self._tabs:
            tab.close()


@contextmanager
def raw_tabs(url: str) -> Iterator[Opener]:
    """Tabs of an installation, for one test."""
    loop = Loop()
    opener = Opener(loop, url)
    try:
        yield opener
    finally:
        opener.close_all()
        loop.stop()
