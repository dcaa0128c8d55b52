"""The app's end of one reading process: starts it, asks it, ends it."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress

import structlog

from convosphere.core.confined.processes import clean_environment, without_network
from convosphere.knowledge.parsing.errors import (
    DamagedFileError,
    ParseError,
    ParseMemoryError,
    ParseTimeoutError,
    error_from_code,
)
from convosphere.knowledge.parsing.process.checking import decode_frame
from convosphere.knowledge.parsing.process.frames import (
    HEADER,
    LONGEST_FRAME,
    EndedFrame,
    FailureFrame,
    Frame,
    ProgressFrame,
    ReadyFrame,
    Request,
    ResultFrame,
    encode_request,
)
from convosphere.knowledge.parsing.schemas import ParsedDocument, Progress, ReportProgress

_log = structlog.get_logger(__name__)
_OUTSIDE = 1 << 16
"""Frames longer than this are decoded in a thread, so that the event loop goes on."""
_RECOGNIZER = "TESSERACT"
_END_SECONDS = 10.0
"""On a busy machine a process needs a while even to end in order, with its reader collected."""
_START_SECONDS = 60.0
"""Loading parsers is not reading: on a busy machine it may take longer than a file may."""
BY_SIGNAL: dict[int, type[ParseError]] = {signal.SIGXCPU: ParseTimeoutError, signal.SIGKILL: ParseMemoryError}


class LostReaderError(Exception):
    """The process itself ended or spoke nonsense; it takes no further file."""


class Keeper:
    """One process that reads file after file, one at a time."""

    def __init__(self, process: Process, module: str) -> None:
        if process.stdin is None or process.stdout is None:
            raise ValueError("a reader is spoken to through pipes")
        self._process = process
        self._input = process.stdin
        self._output = process.stdout
        self.module = module
        self.idle_since = 0.0
        self.read = 0
        self.usable = True

    @classmethod
    async def start(cls, module: str, recognizer: str = "") -> "Keeper":
        """Start a process without network, secrets or a terminal, and wait until it takes files.

        `recognizer` is the path of the program that reads pictures.

        Raises:
            LostReaderError: it does not start.
        """
        command = [sys.executable, "-m", f"convosphere.knowledge.parsing.process.{module}"]
        process = await asyncio.create_subprocess_exec(
            *await asyncio.to_thread(without_network),
            *command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env={**clean_environment(), _RECOGNIZER: recognizer},
            start_new_session=True,
        )
        keeper = cls(process, module)
        try:
            async with asyncio.timeout(_START_SECONDS):
                is_ready = isinstance(await keeper._frame(), ReadyFrame)
        except (OSError, EOFError, ValueError, TimeoutError) as error:
            await keeper.stop()
            raise LostReaderError from error
        except asyncio.CancelledError:
            await asyncio.shield(keeper.stop())
            raise
        if not is_ready:
            await keeper.stop()
            raise LostReaderError
        return keeper

    async def ask(self, request: Request, report: ReportProgress) -> ParsedDocument:
        """Have one file read.

        Raises:
            ParseError: of any kind; `usable` says whether the process can take the next file.
            LostReaderError: the process itself is gone.
        """
        self.read += 1
        try:
            self._input.write(encode_request(request))
            await self._input.drain()
            answer, status = await self._answer(report)
        except (OSError, EOFError, ValueError) as error:
            raise LostReaderError from error
        if status or answer is None:
            self.usable = False
            _log.warning("reader_died", name=request.name, status=status)
            raise BY_SIGNAL.get(-status, DamagedFileError)
        if isinstance(answer, FailureFrame):
            if answer.detail:
                _log.warning("reader_failed", name=request.name, detail=answer.detail)
            raise error_from_code(answer.code, answer.values)
        try:
            return answer.document()
        except ValueError as error:
            raise LostReaderError from error

    @property
    def process_id(self) -> int:
        """The id of the process, which leads a group of its own."""
        return self._process.pid

    async def stop(self) -> None:
        """End the process and its reader at once."""
        for number in (signal.SIGTERM, signal.SIGCONT):
            self._signal(number)
        try:
            async with asyncio.timeout(_END_SECONDS):
                await self._process.wait()
        except TimeoutError:
            self._signal(signal.SIGKILL)
            await self._process.wait()
        self._input.close()

    async def _answer(self, report: ReportProgress) -> tuple[ResultFrame | FailureFrame | None, int]:
        """What became of a file, and how its reader ended."""
        answer: ResultFrame | FailureFrame | None = None
        while not isinstance(frame := await self._frame(), EndedFrame):
            if isinstance(frame, ProgressFrame):
                report(Progress(frame.done, frame.total))
            elif isinstance(frame, ResultFrame | FailureFrame):
                answer = frame
        return answer, frame.status

    def _signal(self, number: signal.Signals) -> None:
        """Send it to all of the group, if there is one left."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    async def _frame(self) -> Frame:
        (length,) = HEADER.unpack(await self._output.readexactly(HEADER.size))
        if length > LONGEST_FRAME:
            raise ValueError("frame too long")
        body = await self._output.readexactly(length)
        return decode_frame(body) if length < _OUTSIDE else await asyncio.to_thread(decode_frame, body)
