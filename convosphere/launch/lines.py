"""Which line each tab has, so that a page that comes back gets its tab at once.

A network that is lost tells the server nothing: the line before looks alive until a ping fails. A second line of the
same tab looks like a copy of the tab then, which gets a State of its own, and what was open is lost.
"""

import asyncio
import itertools
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import structlog
from starlette.types import Send

log = structlog.get_logger()

_PING, _PONG = "2", "3"  # Of Engine.IO 4.
_TAKE_NAME = '42/_event,["new_token",'  # Of Reflex.
_CLOSED = (OSError, RuntimeError)  # What servers raise on a line that is closed.
_ANSWER_SECONDS = 1.0
_END_SECONDS = 5.0
_numbers = itertools.count()


class Line:
    """A socket of a tab; `send` is how its page is reached."""

    def __init__(self, tab: str, send: Send) -> None:
        self.tab = tab
        self.number = next(_numbers)
        self.followed = asyncio.Event()
        """Set once the page has another one."""
        self.gone = asyncio.Event()
        self._send = send
        self._heard = asyncio.Event()
        self._pings = 0

    def hear(self, frame: str | None) -> bool:
        """Note what the page said; False if that was an answer to a ping of ours, which is for nobody else."""
        self._heard.set()
        if frame != _PONG or not self._pings:
            return True
        self._pings -= 1
        return False

    async def answers(self) -> bool:
        """Whether its page is still there, which a browser says at once, even of a tab in the background."""
        self._heard.clear()
        self._pings += 1
        with suppress(TimeoutError, *_CLOSED):
            async with asyncio.timeout(_ANSWER_SECONDS):
                await self._send({"type": "websocket.send", "text": _PING})
                await self._heard.wait()
                return True
        return False

    async def end(self) -> None:
        """Let go of it, since its page has another one.

        A page that is there all the same, but too slow to answer, takes another name: else the two would end each
        other's lines for ever.
        """
        with suppress(TimeoutError, *_CLOSED):
            async with asyncio.timeout(_ANSWER_SECONDS):
                await self._send({"type": "websocket.send", "text": f'{_TAKE_NAME}"{uuid.uuid4()}"]'})
        self.followed.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(_END_SECONDS):
                await self.gone.wait()
        if not self.gone.is_set():
            log.warning("line_stays", tab=self.tab)


class Lines:
    """The lines of this process."""

    def __init__(self) -> None:
        self._by_tab: dict[str, Line] = {}

    @contextmanager
    def open(self, tab: str, send: Send) -> Iterator[Line]:
        """A line, for as long as it is served."""
        line = Line(tab, send)
        try:
            yield line
        finally:
            line.gone.set()
            if self._by_tab.get(tab) is line:
                del self._by_tab[tab]

    async def connect(self, line: Line, *, is_return: bool) -> None:
        """Let a page have its tab by this line. If it returns, the line that it had before ends first.

        Where that one's page answers there are two pages: a copy of the tab, which is told to take another name.
        """
        while (before := self._by_tab.get(line.tab)) and before is not line:
            if before.number > line.number:  # What came later is where the page is now.
                line.followed.set()
                return
            if not is_return or await before.answers():
                return
            if self._by_tab.get(line.tab) is before:  # Else another line took over meanwhile.
                self._by_tab[line.tab] = line
                await before.end()
        self._by_tab[line.tab] = line
