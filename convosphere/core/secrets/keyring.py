"""The keys that secrets are sealed with: the newest seals, all of them open."""

import hashlib
import os
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from convosphere.core.errors import ConfigurationError
from convosphere.core.keyfiles import KEY_BYTES, fresh_key, make_key_file, replace_keys
from convosphere.core.settings import Settings, get_settings

ID_BYTES = 8


@dataclass(frozen=True)
class SealingKey:
    """A key of AES-256, with what tells it apart."""

    id: bytes
    material: bytes


class KeyRing:
    """All keys of the installation, the newest first."""

    def __init__(self, materials: list[bytes]) -> None:
        self._keys = {key.id: key for key in map(_sealing_key, materials)}
        self.newest = next(iter(self._keys.values()))

    @property
    def ids(self) -> list[bytes]:
        """What tells the keys apart, the newest one's first."""
        return list(self._keys)

    def find(self, key_id: bytes) -> SealingKey | None:
        """The key that something was sealed with."""
        return self._keys.get(key_id)


def keys_path(settings: Settings) -> Path:
    """The file of keys, unless they come from the environment."""
    return settings.data / "secrets" / "keys"


def key_ring() -> KeyRing:
    """The setting `SECRET_KEYS`, else the file `secrets/keys`, which is made when it is first needed.

    Another process may add a key at any time; a change of the file is seen at the next call.

    Raises:
        ConfigurationError: the file holds something else than keys.
    """
    ring = present_key_ring()
    if ring is None:
        make_key_file(path := keys_path(get_settings()))
        return _ring_in(path, *_version(path))
    return ring


def present_key_ring() -> KeyRing | None:
    """The same, but None where there are no keys yet.

    Raises:
        ConfigurationError: the file holds something else than keys.
    """
    settings = get_settings()
    if given := settings.secret_keys.get_secret_value():
        return _ring_of(given)
    path = keys_path(settings)
    try:
        return _ring_in(path, *_version(path))
    except FileNotFoundError:
        return None


def add_key(path: Path) -> None:
    """Put a fresh key before all others, so that it seals from now on."""
    replace_keys(path, [fresh_key(), *path.read_text().split()])


def drop_keys(path: Path, key_ids: Collection[bytes]) -> int:
    """Forget these keys, but never the newest; gives how many went."""
    newest, *older = path.read_text().split()
    kept = [word for word in older if _sealing_key(bytes.fromhex(word)).id not in key_ids]
    if len(kept) < len(older):
        replace_keys(path, [newest, *kept])
    return len(older) - len(kept)


def _version(path: Path) -> tuple[int, int]:
    """Changes with the file. A network's file system answers from memory unless the file is opened."""
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
    return status.st_ino, status.st_mtime_ns


@lru_cache(maxsize=4)
def _ring_in(path: Path, _file: int, _changed: int) -> KeyRing:
    return _ring_of(path.read_text(), where=str(path))


@lru_cache(maxsize=4)
def _ring_of(text: str, where: str = "SECRET_KEYS") -> KeyRing:
    try:
        materials = [bytes.fromhex(word) for word in text.replace(",", " ").split()]
    except ValueError:
        materials = []
    if not materials or any(len(material) != KEY_BYTES for material in materials):
        raise ConfigurationError(
            f"{where} holds no keys of {KEY_BYTES} bytes in hexadecimal. Put them back from a backup: without them, "
            "what was sealed with them cannot be read again."
        )
    return KeyRing(materials)


def _sealing_key(material: bytes) -> SealingKey:
    return SealingKey(hashlib.sha256(b"convosphere key id" + material).digest()[:ID_BYTES], material)
