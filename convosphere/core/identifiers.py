"""Ids and secrets. Ids are ordered by time and never secret; tokens are secret and never stored."""

import hashlib
import secrets
from uuid import UUID

from uuid_utils.compat import uuid7

from convosphere.core.errors import NotFoundError

new_id = uuid7
"""A UUIDv7 (RFC 9562, section 5.7)."""


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
