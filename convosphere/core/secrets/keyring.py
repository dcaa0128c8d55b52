"""The keys that secrets are sealed with: the newest seals, all of them open."""

import hashlib
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from convosphere.core.errors import ConfigurationError
from convosphere.core.settings import Settings, get_settings

KEY_BYTES = 32
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
    settings = get_settings()
    if given := settings.secret_keys.get_secret_value():
        return _ring_of(given)
    path = keys_path(settings)
    if not path.exists():
        _make(path)
    return _ring_in(path, path.stat().st_mtime_ns)


def add_key(path: Path) -> None:
    """Put a fresh key before all others, so that it seals from now on."""
    _replace(path, [secrets.token_hex(KEY_BYTES), *path.read_text().split()])


def drop_old_keys(path: Path) -> int:
    """Keep only the newest key; gives how many went."""
    newest, *old = path.read_text().split()
    _replace(path, [newest])
    return len(old)


@lru_cache(maxsize=4)
def _ring_in(path: Path, _changed: int) -> KeyRing:
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


def _make(path: Path) -> None:
    """Write the first key so that another process sees all of it or nothing, and only the first one's counts."""
    fresh = _write(path, [secrets.token_hex(KEY_BYTES)])
    with suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()


def _replace(path: Path, words: list[str]) -> None:
    _write(path, words).replace(path)


def _write(path: Path, words: list[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f"keys.{secrets.token_hex(8)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write("\n".join(words) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return fresh
