"""The app's end of the reading process, which lives as long as one source is read and is started when first needed."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from typing import Final, Self, TypeVar

import structlog
from pydantic import BaseModel, ValidationError

from convosphere.core.confined.processes import clean_environment, without_network
from convosphere.core.i18n import t
from convosphere.knowledge.sources.errors import EntryError
from convosphere.knowledge.sources.reading.schemas import (
    ANSWER,
    HTML,
    LONGEST_ANSWER,
    REQUEST,
    XML,
    Element,
    PageLinks,
)

_MODULE: Final = "convosphere.knowledge.sources.reading.process"
_PATIENCE_SECONDS: Final = 60.0
_log = structlog.get_logger()
Answer = TypeVar("Answer", bound=BaseModel)


class Reader:
    """Reads what the servers of one source answer. It is used by one run at a time."""

    def __init__(self) -> None:
        self._process: Process | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._stop()

    async def links(self, data: bytes) -> PageLinks:
        """Where a page leads.

        Raises:
            EntryError: the process could not read it.
        """
        return await self._ask(HTML, data, PageLinks)

    async def tree(self, data: bytes) -> Element:
        """XML as a tree; an element without a name if it is none.

        Raises:
            EntryError: the process could not read it.
        """
        return await self._ask(XML, data, Element)

    async def _ask(self, kind: bytes, data: bytes, answer: type[Answer]) -> Answer:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                body = await self._answer(kind, data)
            return await asyncio.to_thread(answer.model_validate_json, body)
        except (OSError, EOFError, TimeoutError, ValidationError, ValueError) as error:
            _log.warning("source_reader_failed", reason=type(error).__name__, size=len(data))
            await self._stop()
            raise EntryError(t("This could not be read: it is damaged or too complicated.")) from None
        except asyncio.CancelledError:
            await asyncio.shield(self._stop())
            raise

    async def _answer(self, kind: bytes, data: bytes) -> bytes:
        if self._process is None:
            self._process = await asyncio.create_subprocess_exec(
                *await asyncio.to_thread(without_network), sys.executable, "-m", _MODULE,
                stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=clean_environment(), start_new_session=True,
            )  # fmt: skip
        source, sink = self._process.stdout, self._process.stdin
        if source is None or sink is None:
            raise ValueError("a reader is spoken to through pipes")
        sink.write(REQUEST.pack(kind, len(data)) + data)
        await sink.drain()
        (length,) = ANSWER.unpack(await source.readexactly(ANSWER.size))
        if length > LONGEST_ANSWER:
            raise ValueError("answer too long")
        return await source.readexactly(length)

    async def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None or process.stdin is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        process.stdin.close()
