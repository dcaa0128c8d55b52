"""Adding and removing one-time codes of an app."""

from dataclasses import dataclass

from convosphere.core.authorization import require
from convosphere.core.errors import ConflictError, NotFoundError
from convosphere.core.i18n import t
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission
from convosphere.core.secrets.sealing import seal
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.errors import CodeWrongError
from convosphere.identity.one_time_codes import new_seed, qr_code
from convosphere.identity.queries import factors as factor_queries
from convosphere.identity.sealed import TOTP_SECRET
from convosphere.identity.service.factors import FactorAdded, follow_addition, follow_removal
from convosphere.identity.service.proofs import use_one_time_code
from convosphere.identity.service.recent import require_recent

_FACTOR = "totp"


@dataclass(frozen=True)
class NewSeed:
    """What the person gives to their app, shown once: as picture and as text."""

    qr_code: str
    seed: str


async def start_one_time_codes(actor: Actor) -> NewSeed:
    """Make a seed, which counts once a code of it is confirmed.

    Raises:
        ConflictError: there is one that counts.
        ReauthenticationRequiredError: the actor proved who they are too long ago.
    """
    require(actor, Permission.ACCOUNT_WRITE)
    require_recent(actor)
    seed = new_seed()
    async with unit_of_work(actor) as uow:
        await factor_queries.lock_factors(uow, uow.account_id)
        stored = await factor_queries.find_totp(uow, uow.account_id)
        if stored and stored.confirmed_at:
            raise ConflictError(t("An app is set up already. Please remove it first."))
        place = TOTP_SECRET.place(uow.account_id, uow.account_id)
        await factor_queries.replace_totp(uow, uow.account_id, seal(seed.encode(), place))
    return NewSeed(qr_code(seed, actor.email), seed)


async def confirm_one_time_codes(actor: Actor, code: str) -> FactorAdded:
    """Have the seed count, now that the person's app makes the right codes of it.

    Raises:
        CodeWrongError: it is not a code of the seed, or there is none to be confirmed.
        ReauthenticationRequiredError: the actor proved who they are too long ago.
    """
    require(actor, Permission.ACCOUNT_WRITE)
    require_recent(actor)
    async with unit_of_work(actor) as uow:
        account = await factor_queries.lock_factors(uow, uow.account_id)
        if not await use_one_time_code(uow, code, is_confirmed=False):
            raise CodeWrongError
        await factor_queries.confirm_totp(uow, account.id, utc_now())
        return await follow_addition(uow, account, _FACTOR)


async def remove_one_time_codes(actor: Actor) -> None:
    """Forget the seed.

    Raises:
        NotFoundError: there is none.
        LastFactorError: the actor's role asks for a second factor, and there is no other.
        ReauthenticationRequiredError: the actor proved who they are too long ago.
    """
    require(actor, Permission.ACCOUNT_WRITE)
    require_recent(actor)
    async with unit_of_work(actor) as uow:
        account = await factor_queries.lock_factors(uow, uow.account_id)
        if not (await factor_queries.get_standing(uow, account.id)).has_totp:
            raise NotFoundError
        await factor_queries.delete_totp(uow, account.id)
        await follow_removal(uow, account, _FACTOR)
