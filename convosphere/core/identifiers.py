"""Ids and secrets. Ids are ordered by time and never secret; tokens are secret and never stored."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from convosphere.core.errors import NotFoundError

new_id = uuid7
"""A UUIDv7 (RFC 9562, section 5.7)."""


_COUNTER_BITS = 12
_RANDOM_BITS = 62


def ids_at(moments: Sequence[datetime]) -> list[UUID]:
    """Ids of what happened before, as if they had been made then: in the order given, each after the one before.

    Within a millisecond they count (RFC 9562, section 6.2, method 1).
    """
    ids: list[UUID] = []
    last, count = -1, 0
    for moment in moments:
        now = max(int(moment.timestamp() * 1000), 0)
        last, count = (now, 0) if now > last else (last, count + 1)
        if count >> _COUNTER_BITS:
            last, count = last + 1, 0
        high = last << 16 | 0x7 << 12 | count
        ids.append(UUID(int=high << 64 | 0b10 << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)))
    return ids


def first_id_at(moment: datetime) -> UUID:
    """The least id that something made at a moment can have: what was made before has a lesser one."""
    return UUID(int=max(int(moment.timestamp() * 1000), 0) << 80)


def parse_id(text: str) -> UUID:
    """An id that came from outside.

    Raises:
        NotFoundError: it is no id, so nothing has it.
    """
    try:
        return UUID(text)
    except (ValueError, AttributeError):  # The latter, where a number came instead of a text.
        raise NotFoundError from None


def new_token() -> str:
    """A secret of 256 bits for links and cookies."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> bytes:
    """What is stored of a token. A token of 256 bits needs no slow hash."""
    return hashlib.sha256(token.encode()).digest()
