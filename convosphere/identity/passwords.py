"""Passwords: Argon2id, hashed in threads, few at a time: each takes 12 MiB and a core for a while."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

MAXIMUM_LENGTH = 128

# One of the settings that OWASP's cheat sheet takes for equally strong. The library's own, 64 MiB by four threads,
# takes ten times as long, so that twenty people who sign in at once would wait for two seconds and more.
_hasher = PasswordHasher(memory_cost=12_288, time_cost=3, parallelism=1)
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")
_UNKNOWN_ACCOUNT_HASH = _hasher.hash("nobody has this password")


async def hash_password(password: str) -> str:
    """The Argon2id hash that is stored."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, password)


async def is_password(password: str, stored_hash: str | None) -> bool:
    """Whether a password is the one; takes as long for an account that does not exist."""
    if len(password) > MAXIMUM_LENGTH:
        return False
    return await asyncio.get_running_loop().run_in_executor(_threads, _verify, password, stored_hash)


def is_outdated(stored_hash: str) -> bool:
    """Whether a hash was made with other parameters than those of today."""
    return _hasher.check_needs_rehash(stored_hash)


def _verify(password: str, stored_hash: str | None) -> bool:
    try:
        return _hasher.verify(stored_hash or _UNKNOWN_ACCOUNT_HASH, password) and stored_hash is not None
    except (VerifyMismatchError, InvalidHashError):
        return False
