"""The key of the trail, which is kept outside the database, and the keys of chains that are made from it."""

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from convosphere.core.errors import ConfigurationError
from convosphere.core.settings import Settings, get_settings

_SALT = b"convosphere audit trail"
_KEY_BYTES = 32


@dataclass(frozen=True)
class AuditKeys:
    """What entries and heads are sealed with; HKDF-SHA256 (RFC 5869) makes a key for each use from the one."""

    secret: bytes

    @property
    def key_id(self) -> str:
        """Tells keys apart, and nothing about them."""
        return self._derive("id")[:8].hex()

    def of_chain(self, chain: UUID) -> bytes:
        """The key of a workspace's chain, or of the installation's."""
        return self._derive(f"chain {chain}")

    def of_heads(self) -> bytes:
        """The key of the file of heads."""
        return self._derive("heads")

    def _derive(self, use: str) -> bytes:
        extracted = hmac.digest(_SALT, self.secret, hashlib.sha256)
        return hmac.digest(extracted, use.encode() + b"\x01", hashlib.sha256)


def audit_directory(settings: Settings) -> Path:
    """Where key and heads are."""
    return settings.data / "audit"


def heads_path(settings: Settings) -> Path:
    """The file of heads."""
    return audit_directory(settings) / "heads.jsonl"


def audit_keys() -> AuditKeys:
    """The installation's key: the setting `AUDIT_KEY`, else the file `audit/key`, made when it is first needed.

    Raises:
        ConfigurationError: the file is gone although there are heads that were sealed with it, or it is damaged.
    """
    settings = get_settings()
    return _keys(settings.audit_key.get_secret_value(), audit_directory(settings) / "key", heads_path(settings))


@lru_cache(maxsize=4)
def _keys(given: str, path: Path, heads: Path) -> AuditKeys:
    if given:
        return AuditKeys(given.encode())
    if not path.exists():
        if heads.exists():
            raise ConfigurationError(
                f"{path} is gone, but {heads.name} beside it shows that there is a trail. Put the key back from a "
                "backup, or move the file of heads away to begin with a new key; entries so far cannot be checked then."
            )
        _make(path)
    text = path.read_text().strip()
    if len(text) < 2 * _KEY_BYTES:
        raise ConfigurationError(f"{path} is no key of the audit trail: it is too short. Put it back from a backup.")
    return AuditKeys(text.encode())


def _make(path: Path) -> None:
    """Write a new key so that another process sees all of it or nothing, and only the first one's counts."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f"key.{secrets.token_hex(8)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(_KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(fresh, path)
    finally:
        fresh.unlink()
