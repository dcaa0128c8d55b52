"""Passwords: Argon2id, hashed in threads, few at a time: each takes 7 MiB and a core for a while."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from nacl.exceptions import InvalidkeyError
from nacl.pwhash import argon2id

MAXIMUM_LENGTH = 128

# One of the settings that OWASP's cheat sheet takes for equally strong, and the fastest of them, as it stays in a
# processor's cache: whoever signs in waits for everybody before them. Libsodium's code uses what the processor has, and
# takes 11 ms where the reference implementation takes 17, or 19 with 12 MiB in three passes.
_PASSES: Final = 5
_MEMORY_KIBIBYTES: Final = 7_168
_MADE_AS_TODAY: Final = f"$argon2id$v=19$m={_MEMORY_KIBIBYTES},t={_PASSES},p=1$"
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")


async def hash_password(password: str) -> str:
    """The Argon2id hash that is stored."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _hash, password)


async def is_password(password: str, stored_hash: str | None) -> bool:
    """Whether a password is the one; takes as long for an account that does not exist."""
    if len(password) > MAXIMUM_LENGTH:
        return False
    return await asyncio.get_running_loop().run_in_executor(_threads, _verify, password, stored_hash)


def is_outdated(stored_hash: str) -> bool:
    """Whether a hash was made with other parameters than those of today."""
    return not stored_hash.startswith(_MADE_AS_TODAY)


def _hash(password: str) -> str:
    return argon2id.str(password.encode(), opslimit=_PASSES, memlimit=_MEMORY_KIBIBYTES * 1024).decode()


_UNKNOWN_ACCOUNT_HASH = _hash("nobody has this password")


def _verify(password: str, stored_hash: str | None) -> bool:
    try:
        # An empty hash is nobody's: whoever has none comes in another way.
        return argon2id.verify((stored_hash or _UNKNOWN_ACCOUNT_HASH).encode(), password.encode()) and bool(stored_hash)
    except InvalidkeyError:
        return False
