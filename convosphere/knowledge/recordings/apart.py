"""The product's end of the process that opens recordings: believes nothing of what comes back but its length."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

import structlog

from convosphere.core.confined.processes import clean_environment, without_network
from convosphere.core.errors import UnavailableError
from convosphere.knowledge.parsing.errors import (
    DamagedFileError,
    NoSoundError,
    ParseError,
    ParseTimeoutError,
    UnsupportedTypeError,
)
from convosphere.knowledge.recordings.schemas import (
    BYTES_A_SECOND,
    DAMAGED_STATUS,
    END,
    LONGEST_PIECE,
    NO_SOUND_STATUS,
    OTHER_TYPE_STATUS,
    PIECE,
    RECORD,
    SILENCE,
    WHOLE,
    Piece,
)

_log = structlog.get_logger(__name__)
_MODULE: Final = "convosphere.knowledge.recordings.process"
_PATIENCE_SECONDS: Final = 120.0
"""For the next piece; ten minutes of sound are decoded in a few seconds."""


class LostProcessError(Exception):
    """It ended without its last word, or spoke nonsense."""


@asynccontextmanager
async def cut_apart(
    path: Path, media_type: str, longest: int = LONGEST_PIECE
) -> AsyncGenerator[AsyncGenerator[Piece, None], None]:
    """The pieces of a recording in which something is heard, one after the other as they are taken.

    The process waits while nobody takes one, and ends with the block.

    Raises:
        ParseError: of the kind that says why.
        UnavailableError: no process starts.
    """
    process = await _start(path, media_type, longest)
    try:
        yield _pieces(process, media_type, longest)
    finally:
        await asyncio.shield(_end(process))


async def _start(path: Path, media_type: str, longest: int) -> Process:
    command = [*await asyncio.to_thread(without_network), sys.executable, "-m", _MODULE, media_type]
    try:
        return await asyncio.create_subprocess_exec(
            *command, str(Path.cwd() / path), str(longest), stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL,
            env=clean_environment(), start_new_session=True, limit=1 << 20,
        )  # fmt: skip
    except OSError as error:
        raise UnavailableError from error


async def _pieces(process: Process, media_type: str, longest: int) -> AsyncGenerator[Piece, None]:
    total = 0.0
    try:
        while True:
            letter, seconds, data = await _read(process, longest)
            total = max(total, seconds + len(data) / BYTES_A_SECOND)
            if letter == PIECE:
                yield Piece(seconds, total, data)
            if letter == END:
                return
    except (LostProcessError, asyncio.IncompleteReadError, TimeoutError) as error:
        raise await _failure(process, media_type, error) from None


async def _read(process: Process, longest: int) -> tuple[bytes, float, bytes]:
    if process.stdout is None:
        raise LostProcessError
    async with asyncio.timeout(_PATIENCE_SECONDS):
        letter, milliseconds, length = RECORD.unpack(await process.stdout.readexactly(RECORD.size))
        most = longest * BYTES_A_SECOND if letter == PIECE else 0
        if letter not in {WHOLE, PIECE, SILENCE, END} or length > most:
            raise LostProcessError
        return letter, milliseconds / 1_000, await process.stdout.readexactly(length)


async def _failure(process: Process, media_type: str, error: Exception) -> ParseError:
    """What is wrong with the file, by how the process ended."""
    if isinstance(error, TimeoutError):
        return ParseTimeoutError()
    if isinstance(error, LostProcessError):
        _kill(process)
    status = await process.wait()
    if status == NO_SOUND_STATUS:
        return NoSoundError()
    if status == OTHER_TYPE_STATUS:
        return UnsupportedTypeError(expected=media_type)
    if status == -signal.SIGXCPU:
        return ParseTimeoutError()
    if status != DAMAGED_STATUS:
        _log.warning("recording_process_died", status=status)
    return DamagedFileError()


async def _end(process: Process) -> None:
    _kill(process)
    await process.wait()


def _kill(process: Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
