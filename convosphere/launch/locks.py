"""One starter per directory: a lock that the kernel drops with its holder, however that ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from convosphere.core.errors import ConfigurationError


@contextmanager
def exclusive_lock(path: Path, purpose: str) -> Iterator[None]:
    """Hold `path` as long as the block runs; the file names the holder's process and is removed at the end.

    Raises:
        ConfigurationError: another process holds it; the text names that process.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = _open_locked(path, purpose)
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)


def holder(path: Path) -> int | None:
    """The process that holds a lock, if one does."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return _written_process(descriptor)
    else:
        return None
    finally:
        os.close(descriptor)


def _open_locked(path: Path, purpose: str) -> int:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            process = _written_process(descriptor)
            os.close(descriptor)
            raise ConfigurationError(
                f"{path.parent} is in use: process {process or 'unknown'} {purpose}. "
                "Stop that one first, or set CONVOSPHERE_DATA to another directory."
            ) from None
        if _is_current(descriptor, path):
            return descriptor
        os.close(descriptor)  # Its last holder removed the file between our open and our lock.


def _is_current(descriptor: int, path: Path) -> bool:
    try:
        return os.fstat(descriptor).st_ino == path.stat().st_ino
    except FileNotFoundError:
        return False


def _written_process(descriptor: int) -> int | None:
    text = os.pread(descriptor, 32, 0).decode().strip()
    return int(text) if text.isdigit() else None
