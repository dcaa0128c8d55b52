"""Changing one's password."""

from convosphere.core.audit.actions import PASSWORD_CHANGED as CHANGED
from convosphere.core.audit.refusals import refused
from convosphere.core.authorization import require
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.errors import PasswordWrongError
from convosphere.identity.passwords import hash_password, is_password
from convosphere.identity.queries import factors as factor_queries
from convosphere.identity.queries import founding as founding_queries
from convosphere.identity.queries import links as link_queries
from convosphere.identity.queries import steps as step_queries
from convosphere.identity.schemas import SignedIn
from convosphere.identity.service.notices import PASSWORD_CHANGED, tell
from convosphere.identity.service.recent import require_recent
from convosphere.identity.service.renewal import renew_session
from convosphere.identity.service.sessions import end_other_sessions
from convosphere.identity.strength import Strength, check_password, measure_password


async def change_password(actor: Actor, current: str, new: str) -> SignedIn:
    """Change the actor's password, or set the first one; every other session of theirs ends.

    Raises:
        PasswordWrongError: the current password is another.
        PasswordRefusedError: the new one would be easily guessed.
        ReauthenticationRequiredError: there is no current password, and no recent proof either.
    """
    require(actor, Permission.ACCOUNT_WRITE)
    async with unit_of_work(actor) as uow:
        before = (await factor_queries.get_account(uow)).password_hash
        team = await founding_queries.get_workspace_name(uow)
    if before is None:
        require_recent(actor)
    elif not await is_password(current, before):
        refused(actor, CHANGED, after={"reason": PasswordWrongError.code})
        raise PasswordWrongError
    check_password(new, actor.name, actor.email, team)
    password_hash = await hash_password(new)
    async with unit_of_work(actor) as uow:
        account = await factor_queries.lock_factors(uow, uow.account_id)
        if account.password_hash != before:  # Somebody else was faster: what was proved is not true any more.
            raise PasswordWrongError
        account.password_hash, account.password_changed_at = password_hash, utc_now()
        await step_queries.end_steps(uow, account.id)
        await link_queries.end_links(uow, account.id)
        await end_other_sessions(uow)
        await tell(uow, account, PASSWORD_CHANGED)
        uow.record(CHANGED, account.id, label=account.name)
        return await renew_session(uow, proves=True)


async def measure_own_password(actor: Actor, password: str) -> Strength:
    """How strong a new password of the actor would be."""
    async with unit_of_work(actor) as uow:
        team = await founding_queries.get_workspace_name(uow)
    return await measure_password(password, actor.name, actor.email, team)
