"""Where a reader finds the bytes of a file."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True)
class Source:
    """A file on disk, or one that came inside another, which never touches the disk."""

    origin: Path | bytes

    def open(self) -> BinaryIO:
        """The bytes, to be read from their start."""
        return BytesIO(self.origin) if isinstance(self.origin, bytes) else self.origin.open("rb")

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return len(self.origin) if isinstance(self.origin, bytes) else self.origin.stat().st_size

    def read(self, most: int) -> bytes:
        """The first bytes, at most so many."""
        with self.open() as file:
            # Python makes room for as many as it is asked for, whatever there is.
            return file.read(min(most, self.size))
