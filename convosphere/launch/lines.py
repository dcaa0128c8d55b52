"""Which line each tab has, so that a page that comes back gets its tab at once.

A network that is lost tells the server nothing: the line before looks alive until a ping fails. A second line of the
same tab looks like a copy of the tab then, which gets a State of its own, and what was open is lost.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import structlog

log = structlog.get_logger()

_MOST_SECONDS = 5.0


class Line:
    """A socket of a tab."""

    def __init__(self, tab: str) -> None:
        self.tab = tab
        self.followed = asyncio.Event()
        """Set once the page has another one."""
        self.gone = asyncio.Event()


class Lines:
    """The lines of this process."""

    def __init__(self) -> None:
        self._by_tab: dict[str, Line] = {}

    @contextmanager
    def open(self, tab: str) -> Iterator[Line]:
        """A line, for as long as it is served."""
        line = Line(tab)
        try:
            yield line
        finally:
            line.gone.set()
            if self._by_tab.get(tab) is line:
                del self._by_tab[tab]

    async def connect(self, line: Line, *, is_return: bool) -> None:
        """Let a page have its tab by this line; if it returns, the line that it had before ends first."""
        before = self._by_tab.get(line.tab)
        if before and is_return:
            before.followed.set()
            with suppress(TimeoutError):
                async with asyncio.timeout(_MOST_SECONDS):
                    await before.gone.wait()
            if not before.gone.is_set():
                log.warning("line_stays", tab=line.tab)
        if is_return or before is None:
            self._by_tab[line.tab] = line
