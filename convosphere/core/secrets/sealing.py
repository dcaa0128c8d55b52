"""Envelope encryption: each secret has a key of its own, which the installation's key wraps (AES-256-GCM, SP 800-38D).

Both layers are bound to the place that the secret belongs to, so that one copied into another row does not open.
A sealed secret is: format (1 byte), id of the wrapping key (8), wrapped key (12 + 32 + 16), secret (12 + n + 16).
"""

import base64
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from convosphere.core.errors import ConvoSphereError
from convosphere.core.keyfiles import KEY_BYTES
from convosphere.core.secrets.keyring import ID_BYTES, key_ring

_FORMAT = b"\x01"
_NONCE_BYTES = 12
_TAG_BYTES = 16
_WRAPPED_BYTES = _NONCE_BYTES + KEY_BYTES + _TAG_BYTES
_HEAD_BYTES = len(_FORMAT) + ID_BYTES


class SealBrokenError(ConvoSphereError):
    """A sealed secret was changed, moved from its place, or sealed with a key that is not there."""


@dataclass(frozen=True)
class SealedPlace:
    """Where a secret belongs: what it is, whose, and of which record."""

    kind: str
    """Table and column, as `totp_secret.sealed_secret`."""
    owner: str
    """The workspace or the account."""
    record: str

    def as_bytes(self) -> bytes:
        """What both layers are bound to; the lengths keep two places from spelling alike."""
        parts = [part.encode() for part in (self.kind, self.owner, self.record)]
        return b"".join(len(part).to_bytes(4) + part for part in parts)


def seal(secret: bytes, place: SealedPlace) -> bytes:
    """Encrypt a secret for its place."""
    data_key, newest = AESGCM.generate_key(bit_length=256), key_ring().newest
    bound = place.as_bytes()
    return _FORMAT + newest.id + _encrypt(newest.material, data_key, bound) + _encrypt(data_key, secret, bound)


def unseal(sealed: bytes, place: SealedPlace) -> bytes:
    """The secret.

    Raises:
        SealBrokenError: it does not belong there, was changed, or its key is missing.
    """
    data_key = _unwrap(sealed, place)
    return _decrypt(data_key, sealed[_HEAD_BYTES + _WRAPPED_BYTES :], place)


def seal_for_job(secret: bytes, place: SealedPlace) -> str:
    """Encrypt what a job gets as its argument `sealed`, by which name the rotation of keys finds it."""
    return base64.b64encode(seal(secret, place)).decode()


def unseal_in_job(sealed: str, place: SealedPlace) -> bytes:
    """The same again, in the job.

    Raises:
        SealBrokenError: as `unseal`.
    """
    return unseal(base64.b64decode(sealed), place)


def rewrap(sealed: bytes, place: SealedPlace) -> bytes | None:
    """The same secret under the newest key, or None where it is under that already.

    Raises:
        SealBrokenError: as `unseal`.
    """
    newest = key_ring().newest
    if sealed[:_HEAD_BYTES] == _FORMAT + newest.id:
        return None
    wrapped = _encrypt(newest.material, _unwrap(sealed, place), place.as_bytes())
    return _FORMAT + newest.id + wrapped + sealed[_HEAD_BYTES + _WRAPPED_BYTES :]


def sealing_key_id(sealed: bytes) -> bytes:
    """Tells which key a secret is under, whether it is there or not."""
    return sealed[len(_FORMAT) : _HEAD_BYTES]


def _unwrap(sealed: bytes, place: SealedPlace) -> bytes:
    key = key_ring().find(sealing_key_id(sealed))
    if not sealed.startswith(_FORMAT) or key is None:
        raise SealBrokenError(f"The key that {place.kind} of {place.record} was sealed with is not there.")
    return _decrypt(key.material, sealed[_HEAD_BYTES : _HEAD_BYTES + _WRAPPED_BYTES], place)


def _encrypt(key: bytes, secret: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, secret, bound)


def _decrypt(key: bytes, sealed: bytes, place: SealedPlace) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.as_bytes())
    except (InvalidTag, ValueError):
        raise SealBrokenError(f"{place.kind} of {place.record} was changed, or belongs elsewhere.") from None
