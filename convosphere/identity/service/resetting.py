"""The end of a recovery: a new password, set with a link."""

from uuid import UUID

from convosphere.core.audit.actions import ACCOUNT_RECOVERED
from convosphere.core.audit.refusals import refused
from convosphere.core.identifiers import hash_token
from convosphere.core.model import utc_now
from convosphere.core.permissions import ANONYMOUS, system_actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.errors import LinkInvalidError
from convosphere.identity.models import Account
from convosphere.identity.passwords import hash_password
from convosphere.identity.queries import founding as founding_queries
from convosphere.identity.queries import links as link_queries
from convosphere.identity.queries import steps as step_queries
from convosphere.identity.service.links import workspace_of
from convosphere.identity.service.notices import PASSWORD_CHANGED, tell
from convosphere.identity.service.sessions import end_sessions
from convosphere.identity.strength import check_password


async def recover(token: str, password: str) -> None:
    """Set a new password with a link, end all sessions of the account, and tell its owner.

    Raises:
        PasswordRefusedError: the password would be easily guessed; the link still works.
        LinkInvalidError: the link does not work any more.
    """
    async with unit_of_work(ANONYMOUS) as uow:
        link = await link_queries.find_link(uow, hash_token(token), "recovery")
        account = await uow.session.get(Account, link.account_id) if link else None
    workspace_id = await workspace_of(account)
    if account is None or workspace_id is None:
        refused(ANONYMOUS, ACCOUNT_RECOVERED, after={"reason": LinkInvalidError.code})
        raise LinkInvalidError
    async with unit_of_work(system_actor(workspace_id)) as uow:
        team = await founding_queries.get_workspace_name(uow)
    check_password(password, account.name, account.email, team)
    password_hash = await hash_password(password)
    async with unit_of_work(system_actor(workspace_id)) as uow:
        await link_queries.use_link(uow, hash_token(token), "recovery")
        await _set_password(uow, account.id, password_hash)


async def _set_password(uow: UnitOfWork, account_id: UUID, password_hash: str) -> None:
    account = await uow.session.get_one(Account, account_id, with_for_update=True)
    account.password_hash, account.password_changed_at = password_hash, utc_now()
    account.email_verified_at = account.email_verified_at or utc_now()
    await link_queries.end_links(uow, account_id)
    await step_queries.end_steps(uow, account_id)
    await end_sessions(uow, account_id)
    await tell(uow, account, PASSWORD_CHANGED)
    uow.record(ACCOUNT_RECOVERED, account_id, label=account.name)
