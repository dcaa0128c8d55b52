"""Adding, naming and removing one's passkeys."""

import secrets
from uuid import UUID

from convosphere.core.audit.actions import FACTOR_ADDED
from convosphere.core.audit.refusals import refused
from convosphere.core.authorization import require
from convosphere.core.errors import ConflictError
from convosphere.core.i18n import t
from convosphere.core.identifiers import hash_token, new_token
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.ceremonies import (
    CHALLENGE_BYTES,
    Holder,
    Options,
    Site,
    registration_options,
    verify_registration,
)
from convosphere.identity.errors import PasskeyRefusedError, SignInExpiredError
from convosphere.identity.models import Passkey
from convosphere.identity.queries import factors as factor_queries
from convosphere.identity.queries import steps as step_queries
from convosphere.identity.service.factors import FactorAdded, follow_addition, follow_removal
from convosphere.identity.service.people import checked_name
from convosphere.identity.service.recent import require_recent

MOST_PASSKEYS = 20
_FACTOR = "passkey"
_ADDING = "add_passkey"


async def start_adding(actor: Actor, site: Site) -> tuple[str, Options]:
    """What the browser needs to make a passkey, and the token of this step.

    Raises:
        ConflictError: there are very many already.
        ReauthenticationRequiredError: the actor proved who they are too long ago.
    """
    require(actor, Permission.ACCOUNT_WRITE)
    require_recent(actor)
    token, challenge = new_token(), secrets.token_bytes(CHALLENGE_BYTES)
    async with unit_of_work(actor) as uow:
        known = [passkey.credential_id for passkey in await factor_queries.list_passkeys(uow, uow.account_id)]
        if len(known) >= MOST_PASSKEYS:
            raise ConflictError(t("There are {count} passkeys already. Please remove one first.", count=MOST_PASSKEYS))
        await step_queries.add_step(uow, hash_token(token), _ADDING, uow.account_id, challenge)
        holder = Holder(uow.account_id.bytes, actor.email, actor.name)
    return token, registration_options(site, challenge, holder, known)


async def add_passkey(actor: Actor, token: str, name: str, credential: str, site: Site) -> FactorAdded:
    """Store the passkey that the browser made.

    Raises:
        SignInExpiredError: nothing was asked of this person, or it was answered before.
        PasskeyRefusedError: it was made for something else, or belongs to an account already.
        ReauthenticationRequiredError: the actor proved who they are too long ago.
    """
    require(actor, Permission.ACCOUNT_WRITE)
    require_recent(actor)
    name = checked_name(name)
    async with unit_of_work(actor) as uow:
        step = await step_queries.use_step(uow, hash_token(token), _ADDING)
    if step is None or step.challenge is None or step.account_id != actor.account_id:
        raise SignInExpiredError
    try:
        made = verify_registration(site, step.challenge, credential)
    except PasskeyRefusedError as error:
        refused(actor, FACTOR_ADDED, after={"factor": _FACTOR, "reason": error.code})
        raise
    async with unit_of_work(actor) as uow:
        account = await factor_queries.lock_factors(uow, uow.account_id)
        await factor_queries.add_passkey(
            uow,
            Passkey(
                account_id=account.id, credential_id=made.credential_id, public_key=made.public_key,
                sign_count=made.sign_count, transports=made.transports, name=name,
            ),
        )  # fmt: skip
        return await follow_addition(uow, account, _FACTOR, name)


async def rename_passkey(actor: Actor, passkey_id: UUID, name: str) -> None:
    """Call a passkey something else.

    Raises:
        NotFoundError: the actor has no such passkey.
    """
    require(actor, Permission.ACCOUNT_WRITE)
    async with unit_of_work(actor) as uow:
        (await factor_queries.get_passkey(uow, uow.account_id, passkey_id)).name = checked_name(name)


async def remove_passkey(actor: Actor, passkey_id: UUID) -> None:
    """Forget a passkey.

    Raises:
        NotFoundError: the actor has no such passkey.
        LastFactorError: the actor's role asks for a second factor, and there is no other.
        LastWayInError: the actor has no password, and no other passkey.
        ReauthenticationRequiredError: the actor proved who they are too long ago.
    """
    require(actor, Permission.ACCOUNT_WRITE)
    require_recent(actor)
    async with unit_of_work(actor) as uow:
        account = await factor_queries.lock_factors(uow, uow.account_id)
        passkey = await factor_queries.get_passkey(uow, account.id, passkey_id)
        await uow.session.delete(passkey)
        await follow_removal(uow, account, _FACTOR, passkey.name)
