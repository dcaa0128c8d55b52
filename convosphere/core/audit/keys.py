"""The key of the trail, which is kept outside the database, and the keys of chains that are made from it."""

import hashlib
import hmac
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from convosphere.core.errors import ConfigurationError
from convosphere.core.keyfiles import KEY_BYTES, make_key_file
from convosphere.core.settings import Settings, get_settings

_SALT = b"convosphere audit trail"


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
        make_key_file(path)
    text = path.read_text().strip()
    if len(text) < 2 * KEY_BYTES:
        raise ConfigurationError(f"{path} is no key of the audit trail: it is too short. Put it back from a backup.")
    return AuditKeys(text.encode())
