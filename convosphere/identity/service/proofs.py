"""Checking what people prove themselves with beside a password; the unit's actor is who they claim to be."""

from convosphere.core.audit.actions import Action, ProofFacts
from convosphere.core.audit.refusals import refused
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor
from convosphere.core.secrets.sealing import unseal
from convosphere.core.throttling import Throttle
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.ceremonies import Site, parse_assertion, verify_assertion
from convosphere.identity.errors import PasskeyRefusedError, TooManyAttemptsError
from convosphere.identity.one_time_codes import matching_step
from convosphere.identity.queries import factors as factor_queries
from convosphere.identity.recovery_codes import hash_code
from convosphere.identity.sealed import TOTP_SECRET

_FIGURES = 6


# Whoever knows the password has five tries at each sign-in, from any address, so they are counted for the account. Who
# it belongs to is not locked out: passkeys and recovery codes, which nobody guesses, are not counted.
_one_time_codes = Throttle("30/hour", "one_time_codes")


async def count_one_time_code(claimant: Actor, action: Action[ProofFacts]) -> None:
    """Count a one-time code that is about to be tried for somebody.

    Raises:
        TooManyAttemptsError: too many were tried for this account.
    """
    if seconds := await _one_time_codes.wait(str(claimant.account_id)):
        refused(claimant, action, after={"reason": TooManyAttemptsError.code})
        raise TooManyAttemptsError(seconds)


def is_one_time_code(code: str) -> bool:
    """Whether something looks like a code of an app, and not like a recovery code."""
    bare = "".join(code.split())
    return len(bare) == _FIGURES and bare.isascii() and bare.isdecimal()


async def use_code(uow: UnitOfWork, code: str) -> str | None:
    """Use up a one-time or a recovery code; gives which it was (`totp`, `recovery`), or None if it is neither."""
    if is_one_time_code(code):
        return "totp" if await use_one_time_code(uow, code) else None
    is_used = await factor_queries.use_code(uow, uow.account_id, hash_code(uow.account_id, code))
    return "recovery" if is_used else None


async def use_one_time_code(uow: UnitOfWork, code: str, *, is_confirmed: bool = True) -> bool:
    """Use up a one-time code of a seed that is confirmed, or of one that is about to be; each works once."""
    stored = await factor_queries.find_totp(uow, uow.account_id)
    if stored is None or (stored.confirmed_at is not None) != is_confirmed:
        return False
    seed = unseal(stored.sealed_secret, TOTP_SECRET.place(uow.account_id, uow.account_id)).decode()
    step = matching_step(seed, "".join(code.split()), utc_now())
    return step is not None and await factor_queries.use_totp_step(uow, uow.account_id, step)


async def use_passkey(
    uow: UnitOfWork, credential: str, challenge: bytes, site: Site, action: Action[ProofFacts]
) -> None:
    """Take a passkey's answer to a challenge.

    Args:
        action: what the passkey is to open, for the trail of refusals.

    Raises:
        PasskeyRefusedError: it is not one of the person's, or its answer is not true.
    """
    passkey = await factor_queries.lock_passkey(uow, uow.account_id, parse_assertion(credential).credential_id)
    if passkey is None:
        refused(uow.actor, action, after={"reason": PasskeyRefusedError.code})
        raise PasskeyRefusedError
    try:
        count = verify_assertion(site, challenge, credential, passkey.public_key)
    except PasskeyRefusedError:
        refused(uow.actor, action, passkey.id, label=passkey.name, after={"reason": PasskeyRefusedError.code})
        raise
    # A count that does not rise is that of a copy, unless the device counts nothing (section 6.1.1 of the standard).
    if (count or passkey.sign_count) and count <= passkey.sign_count:
        refused(uow.actor, action, passkey.id, label=passkey.name, after={"reason": "sign_count"})
        raise PasskeyRefusedError
    passkey.sign_count, passkey.last_used_at = count, utc_now()
