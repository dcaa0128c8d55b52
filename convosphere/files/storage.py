"""Bytes on disk: `files/<workspace>/<first two digits>/<sha256>`, each written once, under its hash."""

import asyncio
import errno
import hashlib
import os
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from convosphere.core.settings import get_settings
from convosphere.files.errors import StorageFullError, UploadIncompleteError

_CHUNK = 1024 * 1024
_INCOMING = "incoming"


@dataclass(frozen=True)
class IncomingFile:
    """Bytes that have arrived completely but belong to nobody yet."""

    path: Path
    sha256: str
    size: int
    reservation_id: UUID


def path_of(workspace_id: UUID, sha256: str) -> Path:
    """Where a content is."""
    return _directory(workspace_id) / sha256[:2] / sha256


async def write_incoming(
    workspace_id: UUID, chunks: AsyncIterator[bytes], size: int, reservation_id: UUID
) -> IncomingFile:
    """Write what arrives beside the stored files, in flat memory; leaves nothing behind if that fails.

    Raises:
        UploadIncompleteError: other than `size` bytes came.
        StorageFullError: the disk has no room.
    """
    path = _directory(workspace_id) / _INCOMING / str(reservation_id)
    with _full_disk_told():
        file = await asyncio.to_thread(_create, path)
        try:
            sha256 = await _write(file, chunks, size)
        except BaseException:
            file.close()
            path.unlink(missing_ok=True)
            raise
    return IncomingFile(path, sha256, size, reservation_id)


async def keep(workspace_id: UUID, incoming: IncomingFile) -> None:
    """Give arrived bytes their place; of equal contents one stays.

    Raises:
        StorageFullError: the disk has no room.
    """
    with _full_disk_told():
        await asyncio.to_thread(_move, incoming.path, path_of(workspace_id, incoming.sha256))


def discard(incoming: IncomingFile) -> bool:
    """Forget arrived bytes; False if they were kept, so that there is nothing to forget."""
    try:
        incoming.path.unlink()
    except FileNotFoundError:
        return False
    return True


def remove(workspace_id: UUID, sha256: str) -> None:
    """Delete a content."""
    path_of(workspace_id, sha256).unlink(missing_ok=True)


def remove_all(workspace_id: UUID, sha256s: Iterable[str]) -> None:
    """Delete several."""
    for sha256 in sha256s:
        remove(workspace_id, sha256)


def list_workspaces() -> list[UUID]:
    """The workspaces that have files, or had."""
    return [UUID(path.name) for path in (get_settings().data / "files").glob("????????-????-????-????-????????????")]


def list_stored(workspace_id: UUID, *, older_than_seconds: float) -> Iterator[str]:
    """The hashes that are on disk since a while."""
    limit = time.time() - older_than_seconds
    for path in _directory(workspace_id).glob("[0-9a-f][0-9a-f]/*"):
        if path.stat().st_mtime < limit:
            yield path.name


def remove_abandoned(workspace_id: UUID, *, older_than_seconds: float) -> int:
    """Delete what uploads left that were killed; gives how many."""
    limit = time.time() - older_than_seconds
    abandoned = [path for path in (_directory(workspace_id) / _INCOMING).glob("*") if path.stat().st_mtime < limit]
    for path in abandoned:
        path.unlink(missing_ok=True)
    return len(abandoned)


def _directory(workspace_id: UUID) -> Path:
    return get_settings().data / "files" / str(workspace_id)


def _create(path: Path) -> BinaryIO:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", buffering=0)


async def _write(file: BinaryIO, chunks: AsyncIterator[bytes], size: int) -> str:
    digest = hashlib.sha256()
    waiting = bytearray()
    received = 0

    def flush(*, is_last: bool = False) -> None:
        digest.update(waiting)
        view = memoryview(waiting)
        while view:  # A raw write may take only a part.
            view = view[file.write(view) :]
        if is_last:
            os.fsync(file.fileno())
            file.close()

    async for chunk in chunks:
        received += len(chunk)
        if received > size:
            raise UploadIncompleteError
        waiting += chunk
        if len(waiting) >= _CHUNK:
            await asyncio.to_thread(flush)
            waiting = bytearray()
    if received != size:
        raise UploadIncompleteError
    await asyncio.to_thread(flush, is_last=True)
    return digest.hexdigest()


def _move(source: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    source.replace(target)
    # The name must survive a power cut before the row that promises it is committed.
    descriptor = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _full_disk_told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise StorageFullError from error
        raise
