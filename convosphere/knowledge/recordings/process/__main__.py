"""`python -m convosphere.knowledge.recordings.process TYPE PATH LONGEST`: the sound of a recording in pieces."""

import os
import sys
from pathlib import Path
from typing import Final

from convosphere.core.confined.confinement import confine_memory, confine_process, confine_time
from convosphere.knowledge.parsing.detection import check_type
from convosphere.knowledge.parsing.errors import NoSoundError, ParseError, UnsupportedTypeError
from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.parsing.sources import Source
from convosphere.knowledge.recordings.process.cutting import Cutter, is_silent
from convosphere.knowledge.recordings.process.decoding import Decoder
from convosphere.knowledge.recordings.schemas import (
    BYTES_A_SECOND,
    DAMAGED_STATUS,
    END,
    NO_SOUND_STATUS,
    OTHER_TYPE_STATUS,
    PIECE,
    RECORD,
    SILENCE,
    WHOLE,
)

MEGABYTES: Final = 512
SECONDS: Final = 900
"""Of processor time. An hour of AAC takes about 20."""


def main(kind: str, path: str, longest: str) -> None:
    """Confine, decode, write. The libraries are loaded before, while files may still be opened."""
    output = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    confine_process()
    confine_memory(MEGABYTES)
    confine_time(SECONDS)
    source = Source(Path(path))
    check_type(source, DocumentType(kind))
    decoder, cutter, done = Decoder(source), Cutter(int(longest)), 0
    _send(output, WHOLE, decoder.seconds)
    for samples in decoder.samples():
        for piece in cutter.take(samples):
            done = _send_piece(output, done, piece)
    done = _send_piece(output, done, cutter.rest())
    _send(output, END, done / BYTES_A_SECOND)


def _send_piece(output: int, done: int, piece: bytes) -> int:
    """Send what can be heard; gives how many bytes of the recording there were so far."""
    after = done + len(piece)
    if is_silent(piece):
        _send(output, SILENCE, after / BYTES_A_SECOND)
    else:
        _send(output, PIECE, done / BYTES_A_SECOND, piece)
    return after


def _send(output: int, letter: bytes, seconds: float, data: bytes = b"") -> None:
    left = memoryview(RECORD.pack(letter, round(1_000 * seconds), len(data)) + data)
    while left:
        left = left[os.write(output, left) :]


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except NoSoundError:
        sys.exit(NO_SOUND_STATUS)
    except UnsupportedTypeError:
        sys.exit(OTHER_TYPE_STATUS)
    except (ParseError, MemoryError):
        sys.exit(DAMAGED_STATUS)
