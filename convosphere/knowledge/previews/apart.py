"""The product's end: has something made of a file, and believes nothing of what comes back but its length."""

import asyncio
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Timer
from typing import Final

import structlog

from convosphere.core.confined.processes import clean_environment, without_network
from convosphere.knowledge.previews.errors import PreviewRefusedError
from convosphere.knowledge.previews.schemas import HEADER, MOST_BYTES, REFUSED

_log = structlog.get_logger(__name__)
_MODULES: Final = "convosphere.knowledge.previews.process"
_PATIENCE_SECONDS: Final = 40.0

# Two at a time: each may take 512 MB for a moment.
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="previews")


async def make(module: str, media_type: str, path: Path, number: int = 0, told: bytes = b"") -> bytes:
    """What a process makes of a file of some type; `module` is one of `process`, and `told` stands on its input.

    Raises:
        PreviewRefusedError: the file is damaged, too large, or more than the process could take.
    """
    return await asyncio.get_running_loop().run_in_executor(_threads, _make, module, media_type, path, number, told)


def _make(module: str, media_type: str, path: Path, number: int, told: bytes) -> bytes:
    command = [*without_network(), sys.executable, "-m", f"{_MODULES}.{module}", media_type, str(Path.cwd() / path)]
    process = subprocess.Popen(  # noqa: S603  # Of constants and a number.
        [*command, str(number)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env=clean_environment(), start_new_session=True,
    )  # fmt: skip
    clock = Timer(_PATIENCE_SECONDS, _end, [process])
    clock.start()
    try:
        _tell(process, told)
        data = _read(process)
    finally:
        clock.cancel()
        _end(process)
        process.communicate()
    if process.returncode not in {0, REFUSED}:
        _log.warning("preview_process_died", module=module, status=process.returncode)
    if data is None:
        raise PreviewRefusedError
    return data


def _tell(process: subprocess.Popen[bytes], told: bytes) -> None:
    # What is closed here must not be flushed again at the end.
    told_by, process.stdin = process.stdin, None
    if told_by is not None:
        with suppress(BrokenPipeError), told_by:  # It may have ended before it was told anything.
            told_by.write(told)


def _read(process: subprocess.Popen[bytes]) -> bytes | None:
    """What it writes, if it is whole and no longer than may be; then it may end in order."""
    if process.stdout is None:
        return None
    (length,) = HEADER.unpack(process.stdout.read(HEADER.size).ljust(HEADER.size, b"\0"))
    data = process.stdout.read(length) if length <= MOST_BYTES else b""
    if not length or len(data) != length:
        return None
    with suppress(subprocess.TimeoutExpired):
        process.wait(_PATIENCE_SECONDS)
    return data


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
