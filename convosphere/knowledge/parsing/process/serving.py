"""The loop of a reading process: it holds the loaded parsers and forks readers, one for a file or for a few small ones.

So a file costs a fork, not a start of Python with its imports; a hostile one has a process of its own, with limits of
its own, and takes nothing along to the next.
"""

import gc
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType
from typing import NoReturn

from convosphere.core.confined.confinement import confine_memory, confine_process, confine_time
from convosphere.knowledge.parsing.blocks import Draft
from convosphere.knowledge.parsing.detection import check_type
from convosphere.knowledge.parsing.documents import finish
from convosphere.knowledge.parsing.errors import ParseError, ParseMemoryError, TooComplexError
from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.parsing.process.frames import (
    EndedFrame,
    FailureFrame,
    Frame,
    ProgressFrame,
    ReadyFrame,
    Request,
    ResultFrame,
    decode_request,
    encode_frame,
)
from convosphere.knowledge.parsing.schemas import Limits, Progress, ReportProgress
from convosphere.knowledge.parsing.sources import Source

Reader = Callable[[Source, Limits, ReportProgress], Draft]
_BETWEEN_REPORTS = 0.2
_LONGEST_DETAIL = 4_000
_BEHIND_PEOPLE = 5
"""Nicer than the process that asks: one file keeps a processor for a while, and nobody waits for this one's locks."""


def serve(readers: Mapping[DocumentType, Reader], files_per_reader: int = 1, *, starts_programs: bool = False) -> None:
    """Answer requests from standard input until it ends, or until a reader dies of a file."""
    confine_process()
    os.nice(_BEHIND_PEOPLE)
    # Whatever a library prints goes to standard error and cannot be taken for a frame.
    output = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    gc.collect()
    gc.freeze()
    reader = _ReaderProcess()
    signal.signal(signal.SIGTERM, reader.end_with_it)
    _write(output, ReadyFrame())
    # The app sends a request only after the answer to the one before, so no process buffers another's line.
    while line := sys.stdin.buffer.readline():
        if not reader.fork():
            confine_memory(decode_request(line).limits.megabytes, starts_programs=starts_programs)
            _read_and_exit(line, readers, files_per_reader, output)
        if status := reader.wait():
            _write(output, EndedFrame(status))
            return


class _ReaderProcess:
    """The reader there is at the moment, seen from the process that forks."""

    def __init__(self) -> None:
        self._id = 0

    def fork(self) -> int:
        """Fork; 0 in the reader."""
        self._id = os.fork()
        if not self._id:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
        return self._id

    def wait(self) -> int:
        """Wait for its end; negative: the signal that it died of."""
        _, status = os.waitpid(self._id, 0)
        self._id = 0
        return os.waitstatus_to_exitcode(status)

    def end_with_it(self, _signal: int, _frame: FrameType | None) -> NoReturn:
        """End the reader and this process. Collecting the reader here leaves no zombie to the system."""
        if self._id:
            os.kill(self._id, signal.SIGKILL)
            os.waitpid(self._id, 0)
        os._exit(0)


def _read_and_exit(line: bytes, readers: Mapping[DocumentType, Reader], files: int, output: int) -> NoReturn:
    confine_process()
    for number in range(1, files + 1):
        request = decode_request(line)
        confine_time(request.limits.seconds)
        answer = _answer(request, readers, output)
        _write(output, answer)
        _write(output, EndedFrame(0))
        # Whoever failed may be in disorder, and takes no further file.
        if isinstance(answer, FailureFrame) or number == files:
            break
        if not (line := sys.stdin.buffer.readline()):
            break
    os._exit(0)


def _answer(request: Request, readers: Mapping[DocumentType, Reader], output: int) -> Frame:
    try:
        return _read(request, readers, output)
    except ParseError as error:
        return FailureFrame(error.code, error.values)
    except MemoryError:
        return FailureFrame(ParseMemoryError.code, {})
    except RecursionError:
        return FailureFrame(TooComplexError.code, {})
    except Exception:  # noqa: BLE001 - Parsers raise anything over broken files; the app logs the detail.
        return FailureFrame(ParseError.code, {}, traceback.format_exc()[-_LONGEST_DETAIL:])


def _read(request: Request, readers: Mapping[DocumentType, Reader], output: int) -> Frame:
    source, kind = Source(Path(request.path)), DocumentType(request.kind)
    check_type(source, kind)
    draft = readers[kind](source, request.limits, _Reporter(output).report)
    return ResultFrame.of(finish(draft, request.name, request.limits))


class _Reporter:
    """Passes progress on, some times a second."""

    def __init__(self, output: int) -> None:
        self._output = output
        self._next = 0.0

    def report(self, progress: Progress) -> None:
        """Send it if the last one is long enough ago."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _BETWEEN_REPORTS
            _write(self._output, ProgressFrame(progress.done, progress.total))


def _write(output: int, frame: Frame) -> None:
    data = memoryview(encode_frame(frame))
    while data:
        data = data[os.write(output, data) :]
