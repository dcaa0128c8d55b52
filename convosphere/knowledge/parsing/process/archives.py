"""`python -m convosphere.knowledge.parsing.process.archives`: lists an archive, and unpacks files of it one by one.

Once it is ready, its input is the request for the archive and then, for each file that is wanted, a line with its
number. It answers with a frame, the list or why there is none, and then with each file in pieces: how long a piece is,
and its bytes. A piece of length 0 ends a file, `BROKEN_OFF` stands where the rest of one is damaged.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from convosphere.core.confined.confinement import confine_memory, confine_process, confine_time
from convosphere.knowledge.parsing.archives import BROKEN, opened_archive
from convosphere.knowledge.parsing.errors import ParseError, TooManyMembersError
from convosphere.knowledge.parsing.members import contents_of
from convosphere.knowledge.parsing.process.frames import (
    BROKEN_OFF,
    HEADER,
    LONGEST_PIECE,
    ContentsFrame,
    FailureFrame,
    ReadyFrame,
    Request,
    decode_request,
    encode_frame,
)
from convosphere.knowledge.parsing.sources import Source


def main() -> None:
    """Confine, list, and unpack until the input ends."""
    output = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    confine_process()
    _write(output, encode_frame(ReadyFrame()))
    request = decode_request(sys.stdin.buffer.readline())
    confine_memory(request.limits.megabytes)
    confine_time(request.limits.seconds)
    try:
        contents = contents_of(Path(request.path), request.limits)
    except ParseError as error:
        _write(output, encode_frame(FailureFrame(error.code, error.values)))
        return
    _write(output, encode_frame(ContentsFrame(list(contents.members), list(contents.warnings))))
    _unpack(request, output)


def _unpack(request: Request, output: int) -> None:
    beyond = TooManyMembersError(count=str(request.limits.parts))
    with opened_archive(Source(Path(request.path)), request.limits.parts, beyond) as archive:
        entries = archive.infolist()
        for line in sys.stdin.buffer:
            confine_time(request.limits.seconds)
            try:
                for piece in _pieces(archive, entries[int(line)]):
                    _write(output, HEADER.pack(len(piece)) + piece)
                _write(output, HEADER.pack(0))
            # Some ways to pack unpack as much at once as whoever packed it likes.
            except (*BROKEN, MemoryError):
                _write(output, HEADER.pack(BROKEN_OFF))


def _pieces(archive: ZipFile, entry: ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as file:
        while piece := file.read(LONGEST_PIECE):
            yield piece


def _write(output: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(output, left) :]


if __name__ == "__main__":
    main()
