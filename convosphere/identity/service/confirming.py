"""Proving again who one is without the password, for those who have none, or would rather not type it."""

import secrets

from convosphere.core.audit.actions import SESSION_CONFIRMED
from convosphere.core.audit.refusals import refused
from convosphere.core.authorization import require
from convosphere.core.errors import NotFoundError
from convosphere.core.i18n import t
from convosphere.core.identifiers import hash_token, new_token
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.ceremonies import CHALLENGE_BYTES, Options, Site, authentication_options
from convosphere.identity.errors import CodeWrongError, SignInExpiredError
from convosphere.identity.queries import factors as factor_queries
from convosphere.identity.queries import steps as step_queries
from convosphere.identity.schemas import SignedIn
from convosphere.identity.service.proofs import count_one_time_code, use_one_time_code, use_passkey
from convosphere.identity.service.renewal import renew_session

_CONFIRMING = "confirm"


async def ask_to_confirm(actor: Actor, site: Site) -> tuple[str, Options]:
    """What the browser needs to use one of the actor's passkeys, and the token of this step.

    Raises:
        NotFoundError: the actor has no passkey.
    """
    require(actor, Permission.ACCOUNT_WRITE)
    token, challenge = new_token(), secrets.token_bytes(CHALLENGE_BYTES)
    async with unit_of_work(actor) as uow:
        passkeys = await factor_queries.list_passkeys(uow, uow.account_id)
        if not passkeys:
            raise NotFoundError(t("You have no passkey yet. Please enter your password."))
        await step_queries.add_step(uow, hash_token(token), _CONFIRMING, uow.account_id, challenge)
    return token, authentication_options(site, challenge, [passkey.credential_id for passkey in passkeys])


async def confirm_by_code(actor: Actor, code: str) -> SignedIn:
    """Take a one-time code of the actor's app; gives the session's new token.

    Raises:
        CodeWrongError: it is not one, or was used.
        TooManyAttemptsError: too many were tried for this account.
    """
    require(actor, Permission.ACCOUNT_WRITE)
    await count_one_time_code(actor, SESSION_CONFIRMED)
    async with unit_of_work(actor) as uow:
        if not await use_one_time_code(uow, code):
            refused(actor, SESSION_CONFIRMED, after={"reason": CodeWrongError.code})
            raise CodeWrongError
        method = "password+totp" if actor.method == "password" else actor.method
        return await renew_session(uow, proves=True, method=method)


async def confirm_by_passkey(actor: Actor, token: str, credential: str, site: Site) -> SignedIn:
    """Take the answer; gives the session's new token.

    Raises:
        SignInExpiredError: nothing was asked of the actor, or it was answered before.
        PasskeyRefusedError: the answer is not true.
    """
    require(actor, Permission.ACCOUNT_WRITE)
    async with unit_of_work(actor) as uow:
        step = await step_queries.use_step(uow, hash_token(token), _CONFIRMING)
    if step is None or step.challenge is None or step.account_id != actor.account_id:
        raise SignInExpiredError
    async with unit_of_work(actor) as uow:
        await use_passkey(uow, credential, step.challenge, site, SESSION_CONFIRMED)
        method = "password+passkey" if actor.method == "password" else actor.method
        return await renew_session(uow, proves=True, method=method)
