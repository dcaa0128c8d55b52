"""Tabs without a browser: they speak to the product as its pages do, and note when each part of an answer came.

A page speaks Socket.IO over one WebSocket. Of that only few frames are needed, and a general client would cost this
process more than the product's own work, so they are written and read here.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiohttp

_ROOT = "reflex___state____state"
_CHAT = f"{_ROOT}.convosphere___chat___state___"
ANSWER = f"{_CHAT}answer_state____growing_state"
CONVERSATION = f"{_CHAT}conversation_state____conversation_state"
LIST = f"{_CHAT}list_state____conversation_list_state"
TRANSCRIPT = f"{_CHAT}transcript_state____transcript_state"
_ON_LOAD = f"{_ROOT}.reflex___state____on_load_internal_state.on_load_internal"
_EVENT = '42/_event,["event",'


@dataclass
class Answer:
    """An answer as a tab saw it: times of the wall clock, each with the characters that were there then."""

    asked_at: float
    seen: list[tuple[float, int]] = field(default_factory=list)
    text: str = ""
    status: str = ""


class Tab:
    """One open page of a signed-in person."""

    def __init__(self, address: str, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._address = address
        self._socket = socket
        self._path = "/chat"
        self._waiting: list[tuple[str, str, asyncio.Future[float]]] = []
        self._lengths: dict[str, int] = {}
        self._question = ""
        self._answered = asyncio.Event()
        self.answer: Answer | None = None

    async def call(self, handler: str, **payload: str) -> None:
        """Send an event to a handler, named with its State."""
        await self._emit({"name": handler, "payload": payload, "router_data": self._router_data()})

    async def ask(self, text: str) -> Answer:
        """Send a question and take in its whole answer."""
        self._answered.clear()
        self._lengths = {}
        self._question = text
        self.answer = Answer(time.time())
        await self.call(f"{CONVERSATION}.send", text=text, key=str(uuid4()), conversation_id=self._conversation_id)
        await self._answered.wait()
        return self.answer

    async def wait_for(self, state: str, var: str) -> float:
        """The time at which a var of a State comes the next time."""
        arrival: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting.append((state, f"{var}_rx_state_", arrival))
        return await arrival

    async def listen(self) -> None:
        """Take in frames until the socket closes."""
        async for frame in self._socket:
            data = frame.data
            if data == "2":
                await self._socket.send_str("3")
            elif isinstance(data, str) and data.startswith(_EVENT):
                await self._take(json.loads(data[len(_EVENT) : -1]), time.time())

    async def start(self) -> None:
        """Shake hands and load, as a page does that has just been opened."""
        await self._socket.receive_str()
        boot = {"name": f"{_ROOT}.hydrate_and_load", "payload": {}, "router_data": self._router_data()}
        await self._socket.send_str("40/_event," + json.dumps({"event": boot}))

    async def _emit(self, event: dict[str, Any]) -> None:
        await self._socket.send_str(_EVENT + json.dumps(event) + "]")

    @property
    def _conversation_id(self) -> str:
        return self._path.removeprefix("/chat").strip("/")

    def _router_data(self) -> dict[str, Any]:
        query = {"query": {"conversation_id": self._conversation_id}} if self._conversation_id else {}
        return {"pathname": self._path, "asPath": self._path, **query}

    async def _take(self, update: dict[str, Any], now: float) -> None:
        delta = update.get("delta") or {}
        for waiting in [item for item in self._waiting if item[1] in delta.get(item[0], ())]:
            self._waiting.remove(waiting)
            waiting[2].set_result(now)
        begun = (delta.get(CONVERSATION, {}).get("receipt_rx_state_") or {}).get("conversation")
        if begun and begun != self._conversation_id:
            self._path = f"/chat/{begun}"
            await self._emit({"name": _ON_LOAD, "router_data": self._router_data()})
        if self.answer and not self.answer.status:
            self._see(self.answer, delta, now)

    def _see(self, answer: Answer, delta: dict[str, Any], now: float) -> None:
        if shown := delta.get(ANSWER):
            for var in ("chapters_rx_state_", "blocks_rx_state_", "tail_rx_state_", "tip_rx_state_"):
                if var in shown:
                    self._lengths[var] = sum(len(text) for text in shown[var])
            if count := sum(self._lengths.values()):
                answer.seen.append((now, count))
        receipt = delta.get(CONVERSATION, {}).get("receipt_rx_state_") or {}
        if receipt.get("state") == "refused":
            answer.status = "refused"
            self._answered.set()
        # A tab that caught up with the list has the answer among those that it loaded.
        for var in ("latest_rx_state_", "earlier_rx_state_"):
            items = delta.get(TRANSCRIPT, {}).get(var) or ()
            before = [item["text"] for item in items[-2:-1]]
            if items and items[-1]["role"] == "assistant" and before in ([], [self._question]):
                answer.text, answer.status = items[-1]["text"], items[-1]["status"]
                answer.seen.append((now, len(answer.text)))
                self._answered.set()


@asynccontextmanager
async def open_tab(http: aiohttp.ClientSession, address: str, cookie: str, *, lists: bool = True) -> AsyncIterator[Tab]:
    """A tab that has loaded, with the list of conversations followed as the page does."""
    url = f"{address}/_event/?EIO=4&transport=websocket&token={uuid4()}"
    async with http.ws_connect(url, headers={"Cookie": cookie, "Origin": address}, max_msg_size=0) as socket:
        tab = Tab(address, socket)
        await tab.start()
        listening = asyncio.create_task(tab.listen())
        try:
            loaded = asyncio.ensure_future(tab.wait_for(TRANSCRIPT, "is_loading"))
            if lists:
                await tab.call(f"{LIST}.follow")
            await asyncio.wait_for(loaded, 60)
            yield tab
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
