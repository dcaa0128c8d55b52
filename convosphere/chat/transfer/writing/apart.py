"""Documents written in a process of their own: a long one takes seconds, for which answers would wait."""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import structlog

from convosphere.chat.transfer.schema import PortableConversation
from convosphere.chat.transfer.schemas import ExportFormat
from convosphere.chat.transfer.writing.frames import LENGTH, LONGEST
from convosphere.core.confined.processes import clean_environment, without_network
from convosphere.core.errors import ExpectedError
from convosphere.core.i18n import Message, t

_log = structlog.get_logger(__name__)
_MODULE: Final = "convosphere.chat.transfer.writing.process"
_PATIENCE_SECONDS: Final = 360.0


class DocumentFailedError(ExpectedError):
    """A conversation cannot be written in a format."""

    code = "document_failed"
    status = 500

    @classmethod
    def default_message(cls) -> Message:
        return t("This conversation cannot be written in this format. Take it out as Markdown or JSON.")


class DocumentWriter:
    """Starts its process with the first document. To be closed, as by `async with`."""

    def __init__(self) -> None:
        self._process: Process | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._end()

    async def write(
        self, conversation: PortableConversation, form: ExportFormat, locale: str, contents: Mapping[str, Path]
    ) -> bytes:
        """A document.

        Raises:
            DocumentFailedError: it could not be made, or would take too much.
        """
        told = {
            "form": form,
            "locale": locale,
            "contents": {name: str(path) for name, path in contents.items()},
            "conversation": conversation.model_dump(mode="json"),
        }
        request = json.dumps(told).encode()
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                return await self._ask(await self._started(), request)
        except (TimeoutError, asyncio.IncompleteReadError, BrokenPipeError, ConnectionResetError) as error:
            await self._end()
            _log.warning("document_failed", form=form, messages=len(conversation.messages), reason=type(error).__name__)
            raise DocumentFailedError from None

    async def _ask(self, process: Process, request: bytes) -> bytes:
        if process.stdin is None or process.stdout is None:
            raise DocumentFailedError
        process.stdin.write(LENGTH.pack(len(request)) + request)
        await process.stdin.drain()
        (length,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
        if length > LONGEST:
            raise ConnectionResetError
        return await process.stdout.readexactly(length)

    async def _started(self) -> Process:
        if self._process is None:
            confined = await asyncio.to_thread(without_network)
            self._process = await asyncio.create_subprocess_exec(
                *confined, sys.executable, "-m", _MODULE, stdin=PIPE, stdout=PIPE, stderr=DEVNULL,
                env=clean_environment(), start_new_session=True,
            )  # fmt: skip
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process and process.returncode is None:
            process.kill()
            await process.wait()
