"""What people prove themselves with beside a password: what they have, and what follows when it changes.

Whoever changes it has proved a short while ago who they are, is told by mail, and has a new session token afterwards.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from convosphere.core.audit.actions import FACTOR_ADDED, FACTOR_REMOVED, FACTORS_RESET
from convosphere.core.authorization import require
from convosphere.core.errors import ConflictError
from convosphere.core.i18n import t
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.errors import LastFactorError, LastWayInError
from convosphere.identity.models import Account
from convosphere.identity.queries import factors as factor_queries
from convosphere.identity.queries import roles as role_queries
from convosphere.identity.queries import steps as step_queries
from convosphere.identity.recovery_codes import hash_code, new_codes
from convosphere.identity.schemas import SignedIn
from convosphere.identity.service.notices import FACTOR_CHANGED, tell
from convosphere.identity.service.recent import require_recent
from convosphere.identity.service.renewal import renew_session
from convosphere.identity.service.roles import check_may_act_on
from convosphere.identity.service.sessions import end_other_sessions, end_sessions


@dataclass(frozen=True)
class PasskeyRow:
    """A passkey as a list shows it."""

    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True)
class FactorList:
    """What somebody can prove themselves with."""

    has_password: bool
    totp_since: datetime | None
    passkeys: list[PasskeyRow]
    codes_left: int
    is_required: bool
    """Whether their role asks for a second factor."""


@dataclass(frozen=True)
class FactorAdded:
    """The session with its new token, and the recovery codes, if these are the first; they are shown once."""

    session: SignedIn
    codes: list[str]


async def list_factors(actor: Actor) -> FactorList:
    """What the actor has."""
    require(actor, Permission.ACCOUNT_USE)
    async with unit_of_work(actor) as uow:
        account = await factor_queries.get_account(uow)
        totp = await factor_queries.find_totp(uow, account.id)
        return FactorList(
            has_password=account.password_hash is not None,
            totp_since=totp.confirmed_at if totp else None,
            passkeys=[
                PasskeyRow(passkey.id, passkey.name, passkey.created_at, passkey.last_used_at)
                for passkey in await factor_queries.list_passkeys(uow, account.id)
            ],
            codes_left=(await factor_queries.get_standing(uow, account.id)).codes,
            is_required=await factor_queries.is_factor_required(uow, account.id),
        )


async def renew_codes(actor: Actor) -> list[str]:
    """Ten new recovery codes; those before work no more.

    Raises:
        ConflictError: there is no second factor that they could stand in for.
        ReauthenticationRequiredError: the actor proved who they are too long ago.
    """
    require(actor, Permission.ACCOUNT_WRITE)
    require_recent(actor)
    async with unit_of_work(actor) as uow:
        account = await factor_queries.lock_factors(uow, uow.account_id)
        if not (await factor_queries.get_standing(uow, account.id)).count:
            raise ConflictError(t("Recovery codes stand in for a second factor. Please add one first."))
        uow.record(FACTOR_ADDED, account.id, after={"factor": "recovery"})
        await tell(uow, account, FACTOR_CHANGED)
        return await _make_codes(uow)


async def reset_factors(actor: Actor, account_id: UUID) -> None:
    """Take from somebody all second factors and passkeys, because they lost them; they are signed out everywhere.

    Raises:
        NotFoundError: there is no such person in the workspace.
        ForbiddenError: that person may do more than the actor.
        ReauthenticationRequiredError: the actor proved who they are too long ago.
    """
    require(actor, Permission.PERSON_MANAGE)
    require_recent(actor)
    if account_id == actor.account_id:
        raise ConflictError(t("Your own second factors are on the page of your account's security."))
    async with unit_of_work(actor) as uow:
        await role_queries.lock_roles(uow)
        standing = await role_queries.get_standing(uow, account_id)
        await check_may_act_on(uow, account_id, standing.membership.role)
        account = await factor_queries.lock_factors(uow, account_id)
        await factor_queries.delete_factors(uow, account_id)
        await step_queries.end_steps(uow, account_id)
        uow.record(FACTORS_RESET, account_id, label=account.name)
        await end_sessions(uow, account_id)
        await tell(uow, account, FACTOR_CHANGED)


async def follow_addition(uow: UnitOfWork, account: Account, factor: str, label: str = "") -> FactorAdded:
    """What follows when the actor added a factor: from now on no session of theirs is one of a password alone."""
    await uow.session.flush()
    uow.record(FACTOR_ADDED, account.id, label=label, after={"factor": factor})
    await tell(uow, account, FACTOR_CHANGED)
    standing = await factor_queries.get_standing(uow, account.id)
    codes = [] if standing.codes else await _make_codes(uow)
    await end_other_sessions(uow, "password")
    method = f"password+{factor}" if uow.actor.method == "password" else uow.actor.method
    return FactorAdded(await renew_session(uow, proves=False, method=method), codes)


async def follow_removal(uow: UnitOfWork, account: Account, factor: str, label: str = "") -> None:
    """What follows when the actor removed a factor.

    Raises:
        LastFactorError: their role asks for one, and there is no other.
        LastWayInError: they have no password, and no other passkey.
    """
    await uow.session.flush()
    standing = await factor_queries.get_standing(uow, account.id)
    if account.password_hash is None and not standing.passkeys:
        raise LastWayInError
    if not standing.count:
        if await factor_queries.is_factor_required(uow, account.id):
            raise LastFactorError
        await factor_queries.replace_codes(uow, account.id, ())
        await factor_queries.forget_proof(uow, account.id)
    await step_queries.end_steps(uow, account.id)
    uow.record(FACTOR_REMOVED, account.id, label=label, before={"factor": factor})
    await tell(uow, account, FACTOR_CHANGED)


async def _make_codes(uow: UnitOfWork) -> list[str]:
    codes = new_codes()
    await factor_queries.replace_codes(uow, uow.account_id, [hash_code(uow.account_id, code) for code in codes])
    return codes
