"""Signing in: by password, with a second step for whoever has a second factor, or by passkey alone."""

import secrets
from typing import NoReturn
from uuid import UUID

from convosphere.core.audit.actions import SESSION_OPENED
from convosphere.core.audit.refusals import refused
from convosphere.core.identifiers import hash_token, new_token
from convosphere.core.permissions import ANONYMOUS, Actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.ceremonies import CHALLENGE_BYTES, Options, Site, authentication_options, parse_assertion
from convosphere.identity.errors import (
    CodeWrongError,
    PasskeyRefusedError,
    SignInExpiredError,
    SignInFailedError,
)
from convosphere.identity.passwords import hash_password, is_outdated, is_password
from convosphere.identity.queries import entrants as entrant_queries
from convosphere.identity.queries import factors as factor_queries
from convosphere.identity.queries import people as people_queries
from convosphere.identity.queries import steps as step_queries
from convosphere.identity.queries.entrants import Claimed, Entrant
from convosphere.identity.schemas import Client, HalfSignedIn, SignedIn
from convosphere.identity.service.people import normalised_email
from convosphere.identity.service.proofs import count_one_time_code, is_one_time_code, use_code, use_passkey
from convosphere.identity.service.sessions import open_session
from convosphere.identity.service.verification import refuse_unverified

_SECOND_STEP = "second_factor"
_BY_PASSKEY = "passkey"


async def sign_in(email: str, password: str, client: Client) -> SignedIn | HalfSignedIn:
    """Open a session for somebody who knows the password, or ask for more, where there is a second factor.

    Raises:
        SignInFailedError: address or password is wrong, or the account is not active.
        EmailUnverifiedError: the address has to be confirmed first.
    """
    claimed = await entrant_queries.find_claimed(normalised_email(email))
    if not await is_password(password, claimed.password_hash if claimed else None) or claimed is None:
        _refuse(claimed)
    await refuse_unverified(claimed)
    entrant = await _entrant(claimed.id)
    stored_hash = entrant.password_hash or ""
    if stored_hash != claimed.password_hash and not await is_password(password, stored_hash):
        _refuse(claimed)  # It was changed while it was checked.
    fresh_hash = await hash_password(password) if is_outdated(stored_hash) else None
    async with unit_of_work(_actor(entrant)) as uow:
        if fresh_hash:
            await people_queries.renew_password_hash(uow, entrant.id, stored_hash, fresh_hash)
        if entrant.has_factor:
            return await _ask_for_more(uow, entrant)
        return await _open(uow, entrant, client, "password")


async def finish_by_code(token: str, code: str, client: Client) -> SignedIn:
    """Open the session that waits for a one-time code, or a recovery code in its place.

    Raises:
        SignInExpiredError: it does not wait any more.
        CodeWrongError: the code is wrong or was used; some tries are left.
        TooManyAttemptsError: too many codes were tried for this account.
    """
    account_id = await _count_try(token)
    entrant = await _entrant(account_id)
    if is_one_time_code(code):
        await count_one_time_code(_actor(entrant), SESSION_OPENED)
    async with unit_of_work(_actor(entrant)) as uow:
        factor = await use_code(uow, code)
        if factor is None:
            refused(_actor(entrant), SESSION_OPENED, after={"reason": CodeWrongError.code})
            raise CodeWrongError
        await _use_step(uow, token)
        return await _open(uow, entrant, client, f"password+{factor}")


async def ask_for_passkey(token: str, site: Site) -> Options:
    """What the browser needs to use one of the person's passkeys as second factor.

    Raises:
        SignInExpiredError: no sign-in waits for it.
    """
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    async with unit_of_work(ANONYMOUS) as uow:
        account_id = await step_queries.find_step_account(uow, hash_token(token), _SECOND_STEP)
        if account_id is None:
            raise SignInExpiredError
        await step_queries.set_challenge(uow, hash_token(token), challenge)
    async with unit_of_work(Actor(account_id, None, frozenset())) as uow:
        passkeys = await factor_queries.list_passkeys(uow, account_id)
    return authentication_options(site, challenge, [passkey.credential_id for passkey in passkeys])


async def finish_by_passkey(token: str, credential: str, site: Site, client: Client) -> SignedIn:
    """Open the session that waits for a passkey.

    Raises:
        SignInExpiredError: it does not wait any more, or no passkey was asked for.
        PasskeyRefusedError: the answer is not true; some tries are left.
    """
    entrant = await _entrant(await _count_try(token))
    async with unit_of_work(ANONYMOUS) as uow:
        challenge = await step_queries.take_challenge(uow, hash_token(token))
    if challenge is None:
        raise SignInExpiredError
    async with unit_of_work(_actor(entrant)) as uow:
        await use_passkey(uow, credential, challenge, site, SESSION_OPENED)
        await _use_step(uow, token)
        return await _open(uow, entrant, client, "password+passkey")


async def ask_for_any_passkey(site: Site) -> tuple[str, Options]:
    """What the browser needs to sign somebody in without a name, and the token of this step."""
    token, challenge = new_token(), secrets.token_bytes(CHALLENGE_BYTES)
    async with unit_of_work(ANONYMOUS) as uow:
        await step_queries.add_step(uow, hash_token(token), _BY_PASSKEY, None, challenge)
    return token, authentication_options(site, challenge)


async def sign_in_by_passkey(token: str, credential: str, site: Site, client: Client) -> SignedIn:
    """Open a session for whoever the passkey belongs to.

    Raises:
        SignInExpiredError: nothing was asked, or it was answered before.
        PasskeyRefusedError: the passkey is unknown, or its answer is not true.
    """
    async with unit_of_work(ANONYMOUS) as uow:
        step = await step_queries.use_step(uow, hash_token(token), _BY_PASSKEY)
    if step is None or step.challenge is None:
        raise SignInExpiredError
    handle = parse_assertion(credential).user_handle
    if handle is None or len(handle) != 16:
        raise PasskeyRefusedError
    try:
        entrant = await _entrant(UUID(bytes=handle))
    except SignInFailedError:
        raise PasskeyRefusedError from None
    async with unit_of_work(_actor(entrant)) as uow:
        await use_passkey(uow, credential, step.challenge, site, SESSION_OPENED)
        return await _open(uow, entrant, client, "passkey")


async def _entrant(account_id: UUID) -> Entrant:
    async with unit_of_work(Actor(account_id, None, frozenset())) as uow:
        entrant = await entrant_queries.find_entrant(uow)
    return entrant or _refuse(None)


def _actor(entrant: Entrant) -> Actor:
    """Without any permission: what they may is for their session to say."""
    return Actor(entrant.id, entrant.workspace_id, frozenset(), name=entrant.name)


async def _open(uow: UnitOfWork, entrant: Entrant, client: Client, method: str) -> SignedIn:
    return await open_session(uow, entrant, entrant.role, client, method)


async def _ask_for_more(uow: UnitOfWork, entrant: Entrant) -> HalfSignedIn:
    token = new_token()
    await step_queries.add_step(uow, hash_token(token), _SECOND_STEP, entrant.id)
    has = {"passkey": entrant.passkeys, "totp": entrant.has_totp, "recovery": entrant.codes}
    return HalfSignedIn(token, tuple(way for way, there_is in has.items() if there_is))


async def _count_try(token: str) -> UUID:
    """Counted on its own, so that a try counts whatever becomes of it."""
    async with unit_of_work(ANONYMOUS) as uow:
        account_id = await step_queries.count_try(uow, hash_token(token), _SECOND_STEP)
    if account_id is None:
        refused(ANONYMOUS, SESSION_OPENED, after={"reason": SignInExpiredError.code})
        raise SignInExpiredError
    return account_id


async def _use_step(uow: UnitOfWork, token: str) -> None:
    if await step_queries.use_step(uow, hash_token(token), _SECOND_STEP) is None:
        raise SignInExpiredError


def _refuse(claimed: Claimed | None) -> NoReturn:
    """What was typed is not kept: it may be a password in the wrong field."""
    claimant = Actor(claimed.id, None, frozenset(), name=claimed.name) if claimed else ANONYMOUS
    refused(claimant, SESSION_OPENED, after={"reason": SignInFailedError.code})
    raise SignInFailedError
