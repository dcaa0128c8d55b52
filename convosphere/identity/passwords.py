"""Passwords: Argon2id, hashed in threads, few at a time, since each hash takes 64 MiB."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from convosphere.core.i18n import t
from convosphere.identity.errors import PasswordRefusedError

MINIMUM_LENGTH = 8
MAXIMUM_LENGTH = 128

# The most common ones of eight or more characters in the yearly published lists.
_COMMON = frozenset(
    """
    12345678 123456789 1234567890 password password1 password123 passwort passwort1 passwort123 qwertyui qwerty123
    qwertyuiop qwertzui qwertzuiop 1q2w3e4r 11111111 00000000 iloveyou sunshine princess football baseball superman
    trustno1 welcome1 admin123 administrator changeme letmein1 hallo123 schatz123 fussball convosphere
    """.split()
)

_hasher = PasswordHasher()
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")
_UNKNOWN_ACCOUNT_HASH = _hasher.hash("nobody has this password")


def check_password(password: str) -> None:
    """Refuse passwords that are easily guessed (OWASP ASVS 5.0, 6.2: length, no rules of composition, common ones).

    Raises:
        PasswordRefusedError: says which rule is broken.
    """
    if len(password) < MINIMUM_LENGTH:
        raise PasswordRefusedError(t("The password needs at least {count} characters.", count=MINIMUM_LENGTH))
    if len(password) > MAXIMUM_LENGTH:
        raise PasswordRefusedError(t("The password may have at most {count} characters.", count=MAXIMUM_LENGTH))
    if password.lower() in _COMMON or len(set(password)) < 3:
        raise PasswordRefusedError(t("This password is among the most common ones. Please choose another."))


async def hash_password(password: str) -> str:
    """The Argon2id hash that is stored."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, password)


async def is_password(password: str, stored_hash: str | None) -> bool:
    """Whether a password is the one; takes as long for an account that does not exist."""
    if len(password) > MAXIMUM_LENGTH:
        return False
    return await asyncio.get_running_loop().run_in_executor(_threads, _verify, password, stored_hash)


def _verify(password: str, stored_hash: str | None) -> bool:
    try:
        return _hasher.verify(stored_hash or _UNKNOWN_ACCOUNT_HASH, password) and stored_hash is not None
    except (VerifyMismatchError, InvalidHashError):
        return False
