"""Codes that stand in for a second factor, each once: on paper, for the day on which the phone is lost."""

import hashlib
import secrets
from uuid import UUID

COUNT = 10
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # Without those that look alike.
_GROUPS, _GROUP = 4, 4
LENGTH = _GROUPS * _GROUP
"""16 signs of 31 are 79 bits, which need no slow hash."""


def new_codes() -> list[str]:
    """Ten of them, in groups that are easy to copy by hand."""
    return ["-".join(_group() for _ in range(_GROUPS)) for _ in range(COUNT)]


def hash_code(account_id: UUID, code: str) -> bytes:
    """What is stored of a person's code, however it was typed."""
    typed = "".join(sign for sign in code.lower() if sign in _SIGNS)
    return hashlib.sha256(account_id.bytes + typed.encode()).digest()


def _group() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(_GROUP))
