"""A line between a browser and the product that can be cut, as when a network is lost."""

import asyncio
import threading
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

SIZE = 1 << 16


class Relay:
    """Passes bytes on from a port of its own; `url` is the product as it is reached through it."""

    def __init__(self, url: str) -> None:
        self._goal = urlsplit(url).port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="relay", daemon=True)
        self._lines: dict[asyncio.StreamWriter, asyncio.StreamWriter] = {}
        self._kept: list[asyncio.StreamWriter] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_cut = False

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._run(self._listen())
        self.url = f"http://localhost:{self._server.sockets[0].getsockname()[1]}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def cut(self) -> None:
        """Lose all lines: the browser sees that, while the product goes on talking into nothing."""
        self._run(self._cut())

    def mend(self) -> None:
        """Let the browser come back."""
        self._is_cut = False

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401  # Whatever the coroutine gives.
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def _cut(self) -> None:
        self._is_cut = True
        for browser, product in self._lines.items():
            browser.transport.abort()
            self._kept.append(product)
        self._lines.clear()

    async def _end(self) -> None:
        self._server.close()
        for writer in [*self._lines, *self._lines.values(), *self._kept]:
            writer.transport.abort()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.transport.abort()
            return
        answers, product = await asyncio.open_connection("127.0.0.1", self._goal)
        self._lines[writer] = product
        for source, goal, others in ((reader, product, writer), (answers, writer, product)):
            task = asyncio.create_task(self._pass_on(source, goal, others))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass_on(
        self, source: asyncio.StreamReader, goal: asyncio.StreamWriter, other: asyncio.StreamWriter
    ) -> None:
        try:
            while data := await source.read(SIZE):
                goal.write(data)
                await goal.drain()
        except ConnectionError:
            return
        finally:
            # What the product says into a line that was cut gets lost, and nobody tells it.
            if {goal, other} & {*self._lines, *self._lines.values()}:
                goal.close()
