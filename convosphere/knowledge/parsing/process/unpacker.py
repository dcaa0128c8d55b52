"""The app's end of the process that unpacks an archive: believes nothing of what comes back but its length."""

import asyncio
import os
import signal
import sys
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from convosphere.core.confined.processes import clean_environment, without_network
from convosphere.core.errors import UnavailableError
from convosphere.knowledge.parsing.errors import DamagedFileError, ParseTimeoutError, error_from_code
from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.parsing.members import Contents, Member
from convosphere.knowledge.parsing.process.checking import decode_frame
from convosphere.knowledge.parsing.process.frames import (
    BROKEN_OFF,
    HEADER,
    LONGEST_FRAME,
    LONGEST_PIECE,
    ContentsFrame,
    FailureFrame,
    Frame,
    ReadyFrame,
    Request,
    encode_request,
)
from convosphere.knowledge.parsing.process.keeper import BY_SIGNAL, LostReaderError
from convosphere.knowledge.parsing.schemas import Limits

_MODULE: Final = "convosphere.knowledge.parsing.process.archives"


class Unpacker:
    """An archive that a process has open."""

    def __init__(self, process: Process, limits: Limits) -> None:
        if process.stdin is None or process.stdout is None:
            raise ValueError("an unpacker is spoken to through pipes")
        self._process = process
        self._input: StreamWriter = process.stdin
        self._output: StreamReader = process.stdout
        self._limits = limits
        self._is_sending = False
        self._left = 0
        """So many bytes of the file that is sent are to come."""

    async def wait(self) -> None:
        """Until it takes an archive.

        Raises:
            LostReaderError: it never does.
        """
        if not isinstance(await self._frame(), ReadyFrame):
            raise LostReaderError

    async def contents(self, path: Path) -> Contents:
        """What is in the archive; to be asked first, and once.

        Raises:
            ParseError: it cannot be opened.
            LostReaderError: the process is gone.
        """
        self._input.write(encode_request(Request(str(Path.cwd() / path), "", DocumentType.ZIP, self._limits)))
        frame = await self._frame()
        if isinstance(frame, FailureFrame):
            raise error_from_code(frame.code, frame.values)
        if not isinstance(frame, ContentsFrame) or len(frame.members) > self._limits.parts:
            raise LostReaderError
        return Contents(tuple(frame.members), tuple(frame.warnings))

    async def pieces(self, member: Member) -> AsyncIterator[bytes]:
        """The bytes of a file.

        A process that is lost says why by the error's cause, where that is known.

        Raises:
            DamagedFileError: the rest of it cannot be unpacked.
            LostReaderError: the process is gone, or sends more than there is.
        """
        # Of the file before somebody may not have wanted all.
        while self._is_sending:
            with suppress(DamagedFileError):
                await self._piece()
        self._input.write(b"%d\n" % member.number)
        self._is_sending, self._left = True, member.size
        while piece := await self._piece():
            yield piece

    async def _frame(self) -> Frame:
        body = await self._take(LONGEST_FRAME)
        try:
            return await asyncio.to_thread(decode_frame, body)
        except ValueError as error:
            raise LostReaderError from error

    async def _piece(self) -> bytes:
        self._is_sending = bool(piece := await self._take(LONGEST_PIECE))
        self._left -= len(piece)
        if self._left < 0:
            raise LostReaderError
        return piece

    async def _take(self, longest: int) -> bytes:
        """The next that is sent, of at most so many bytes."""
        try:
            # Processor time is bounded inside; this bounds waiting as well.
            async with asyncio.timeout(self._limits.seconds + 2):
                (length,) = HEADER.unpack(await self._output.readexactly(HEADER.size))
                if length <= longest:
                    return await self._output.readexactly(length)
        except TimeoutError:
            raise LostReaderError from ParseTimeoutError()
        except (OSError, EOFError) as error:
            why = BY_SIGNAL.get(-await self._process.wait())
            raise LostReaderError from why() if why else error
        if length != BROKEN_OFF:
            raise LostReaderError
        self._is_sending = False
        raise DamagedFileError


@asynccontextmanager
async def unpacking_apart(limits: Limits) -> AsyncGenerator[Unpacker, None]:
    """Has a process without network, secrets or a terminal, which ends with the block.

    Raises:
        UnavailableError: no process starts.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *await asyncio.to_thread(without_network), sys.executable, "-m", _MODULE,
            stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=clean_environment(), start_new_session=True,
            limit=2 * LONGEST_PIECE,
        )  # fmt: skip
    except OSError as error:
        raise UnavailableError from error
    unpacker = Unpacker(process, limits)
    try:
        try:
            await unpacker.wait()
        except LostReaderError as error:
            raise UnavailableError from error
        yield unpacker
    finally:
        await asyncio.shield(_end(process))


async def _end(process: Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    if process.stdout is not None:
        # A pipe that is full, and read by nobody, never tells that it has ended, and so neither does the process.
        with suppress(OSError):
            while await process.stdout.read(LONGEST_PIECE):
                pass
    await process.wait()
    if process.stdin is not None:
        process.stdin.close()
