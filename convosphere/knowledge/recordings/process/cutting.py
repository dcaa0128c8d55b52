"""Where a stream of samples is best cut: where it is quiet, so that no word is torn."""

import sys
from array import array
from collections.abc import Iterator
from typing import Final

from convosphere.knowledge.recordings.schemas import BYTES_A_SECOND, LONGEST_PIECE, RATE

_SEARCHED_SECONDS: Final = 60
"""Of a full piece the last so many are searched for the quietest place."""
_WINDOW: Final = 2 * RATE // 5
"""Bytes of 200 ms: a pause between two words is about as long."""
_EACH: Final = 8
"""Of so many samples one is looked at."""
_HEARD: Final = 100
"""Of 32,767: below this is the noise of an empty room, 50 decibels under full level."""


class Cutter:
    """Takes samples as they come and gives pieces of at most `longest` seconds."""

    def __init__(self, longest: int = LONGEST_PIECE) -> None:
        self._most = longest * BYTES_A_SECOND
        self._searched = min(_SEARCHED_SECONDS, longest // 2) * BYTES_A_SECOND
        self._held = bytearray()

    def take(self, samples: bytes) -> Iterator[bytes]:
        """Add samples; gives what has become a whole piece by that."""
        self._held += samples
        while len(self._held) >= self._most:
            yield self._cut(self._quietest())

    def rest(self) -> bytes:
        """What is left at the end."""
        return self._cut(len(self._held))

    def _cut(self, end: int) -> bytes:
        piece = bytes(self._held[:end])
        del self._held[:end]
        return piece

    def _quietest(self) -> int:
        """The middle of the quietest window of the last minute."""
        first = self._most - self._searched
        loudness = [loudness_of(self._held[at : at + _WINDOW]) for at in range(first, self._most, _WINDOW)]
        return first + loudness.index(min(loudness)) * _WINDOW + _WINDOW // 4 * 2


def is_silent(samples: bytes) -> bool:
    """Whether nothing could be heard in any part of it."""
    return all(loudness_of(samples[at : at + _WINDOW]) < _HEARD for at in range(0, len(samples), _WINDOW))


def loudness_of(samples: bytes | bytearray) -> float:
    """The mean distance of samples from silence."""
    values = array("h", bytes(samples[: len(samples) // 2 * 2]))
    if sys.byteorder == "big":
        values.byteswap()
    seen = values[::_EACH]
    return sum(map(abs, seen)) / len(seen) if seen else 0.0
