"""From any container and codec to bare samples, by ffmpeg's libraries, which PyAV brings."""

from collections.abc import Iterator
from typing import Final

import av
from av.audio import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Discard

from convosphere.knowledge.parsing.containers import container_of
from convosphere.knowledge.parsing.errors import DamagedFileError, NoSoundError
from convosphere.knowledge.parsing.sources import Source
from convosphere.knowledge.recordings.schemas import BYTES_A_SECOND, MOST_SECONDS, RATE

_HEAD: Final = 64
_GAP: Final = 0.5
"""Seconds without sound from which on they are filled, so that later times stay true."""
_LONGEST_TOLD: Final = 4_000_000.0
"""Seconds; more than that is nonsense, and no number that travels."""
_MOST_BROKEN: Final = 50
"""Frames that may be damaged before the file is."""


class Decoder:
    """One recording that is open. Only the container that its bytes show is tried, and only its sound is read."""

    def __init__(self, source: Source) -> None:
        name = container_of(source.read(_HEAD))
        if not name:
            raise DamagedFileError
        try:
            self._container = av.open(source.open(), mode="r", format=name, metadata_errors="ignore")
        except FFmpegError:
            raise DamagedFileError from None
        self._stream = _sound_of(self._container)
        microseconds = self._container.duration or 0
        self.seconds = min(max(microseconds / 1_000_000, 0.0), _LONGEST_TOLD)
        """How long it says that it is."""

    def samples(self) -> Iterator[bytes]:
        """All of its sound, mono, up to the longest that is read; what is broken in between is left out.

        Raises:
            DamagedFileError: hardly anything of it can be read.
        """
        given = 0
        for begins, samples in self._frames():
            missing = int((min(begins, MOST_SECONDS) - given / BYTES_A_SECOND) * RATE) * 2
            if missing > _GAP * BYTES_A_SECOND:
                given += missing
                yield from _silence(missing)
            room = MOST_SECONDS * BYTES_A_SECOND - given
            yield samples[:room]
            given += len(samples)
            if given >= MOST_SECONDS * BYTES_A_SECOND:
                return

    def _frames(self) -> Iterator[tuple[float, bytes]]:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        origin, broken, is_read = None, 0, False
        for packet in self._container.demux(self._stream):
            try:
                frames = packet.decode()
            except FFmpegError:
                broken += 1
                if broken > _MOST_BROKEN:
                    break
                continue
            for frame in frames:
                at = frame.time or 0.0
                origin = at if origin is None else origin
                for made in resampler.resample(frame):
                    is_read = True
                    yield at - origin, bytes(made.planes[0])[: 2 * made.samples]
        if not is_read:
            raise DamagedFileError


def _sound_of(container: InputContainer) -> AudioStream:
    for stream in container.streams:
        if stream.type != "audio":
            stream.discard = Discard.all
    if not container.streams.audio:
        raise NoSoundError
    stream = container.streams.audio[0]
    stream.codec_context.thread_count = 1  # The process may start none.
    return stream


def _silence(missing: int) -> Iterator[bytes]:
    second = bytes(BYTES_A_SECOND)
    for _ in range(missing // BYTES_A_SECOND):
        yield second
    yield bytes(missing % BYTES_A_SECOND)
