"""A ZIP that is sent while it is made: nothing of it is kept longer than until it is taken."""

import asyncio
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

_CHUNK: Final = 1024 * 1024
_PACKED: Final = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".pdf", ".docx", ".xlsx", ".pptx", ".zip", ".epub", ".odt")
"""What hardly gets smaller."""


class _Outlet:
    """Bytes on their way; it cannot be gone back in, so that the ZIP says each size after what it is of."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._waiting.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """There is nothing to wait for."""

    def take(self) -> bytes:
        waiting, self._waiting = self._waiting, []
        return b"".join(waiting)


class ArchiveWriter:
    """Makes a ZIP. The same contents always make the same one: members carry no time."""

    def __init__(self) -> None:
        self._outlet = _Outlet()
        self._zip = zipfile.ZipFile(self._outlet, "w")  # pyright: ignore[reportCallIssue, reportArgumentType]  # It writes and flushes.

    def add(self, name: str, data: bytes) -> None:
        """Add a member."""
        self._zip.writestr(_member(name), data)

    @contextmanager
    def begun(self, name: str) -> Iterator[IO[bytes]]:
        """Add a member of unknown size, as it is written."""
        with self._zip.open(_member(name), "w", force_zip64=True) as member:
            yield member

    async def add_file(self, name: str, path: str) -> AsyncIterator[bytes]:
        """Add what is on disk, piece by piece; what is gone is left out."""
        if not await asyncio.to_thread(Path(path).is_file):
            return
        # Of a directory of our own, on a local disk.
        with Path(path).open("rb") as source, self.begun(name) as member:  # noqa: ASYNC230
            while chunk := await asyncio.to_thread(source.read, _CHUNK):
                await asyncio.to_thread(member.write, chunk)
                yield self.take()
        yield self.take()

    def take(self) -> bytes:
        """What has been made since the last time."""
        return self._outlet.take()

    def end(self) -> bytes:
        """The last of it."""
        self._zip.close()
        return self._outlet.take()


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    member.compress_type = zipfile.ZIP_STORED if name.endswith(_PACKED) else zipfile.ZIP_DEFLATED
    member.external_attr = 0o600 << 16
    return member
