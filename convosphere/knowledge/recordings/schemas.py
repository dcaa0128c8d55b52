"""What a recording is cut into, and how it travels."""

import hashlib
import struct
from dataclasses import dataclass, field
from typing import Final

RATE: Final = 16_000
"""Samples a second, of 16 bits and one channel: what models for speech work with, whatever they are sent."""
BYTES_A_SECOND: Final = 2 * RATE
LONGEST_PIECE: Final = 600
"""Seconds; 19.2 MB as WAV, where the narrowest provider takes 25."""
MOST_SECONDS: Final = 12 * 3_600
"""What comes later is left out."""

RECORD: Final = struct.Struct(">cII")
"""What the process sends: a letter, a time in milliseconds, and how many bytes follow."""
WHOLE: Final = b"W"
"""First of all: how long the recording says that it is."""
PIECE: Final = b"P"
"""A piece, which begins at the time."""
SILENCE: Final = b"S"
"""Nothing is heard until the time."""
END: Final = b"E"
"""Last of all: how long it really was. Without it something broke."""
DAMAGED_STATUS: Final = 3
NO_SOUND_STATUS: Final = 4
OTHER_TYPE_STATUS: Final = 5
"""With these the process ends where there is nothing to be had of a file."""

_WAV_HEAD: Final = struct.Struct("<4sI4s4sIHHIIHH4sI")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a recording from second `begins` on, as bare samples; `total` seconds are in the whole of it."""

    begins: float
    total: float
    samples: bytes = field(repr=False)

    @property
    def seconds(self) -> float:
        """How long it plays."""
        return len(self.samples) / BYTES_A_SECOND

    @property
    def sha256(self) -> str:
        """What tells it from all others."""
        return hashlib.sha256(self.samples).hexdigest()

    def as_wav(self) -> bytes:
        """The piece as a file that every provider can read."""
        size = len(self.samples)
        head = _WAV_HEAD.pack(
            b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, 1, RATE, BYTES_A_SECOND, 2, 16, b"data", size
        )
        return head + self.samples
