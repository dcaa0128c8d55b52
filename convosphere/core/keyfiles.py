"""Files of keys in the data directory: for the starting user only, and seen by other processes whole or not at all."""

import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

KEY_BYTES = 32


def fresh_key() -> str:
    """A new key of 256 bits in hexadecimal."""
    return secrets.token_hex(KEY_BYTES)


def make_key_file(path: Path) -> None:
    """Write a first key; where several processes do so at once, only the first one's counts."""
    fresh = _write(path, [fresh_key()])
    try:
        with suppress(FileExistsError):
            os.link(fresh, path)
    finally:
        fresh.unlink()


def replace_keys(path: Path, keys: Sequence[str]) -> None:
    """Put other keys into a file, one a line."""
    _write(path, keys).replace(path)


def _write(path: Path, keys: Sequence[str]) -> Path:
    """A file beside the one that is meant, on the disk to its last sign."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write("\n".join(keys) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return fresh
