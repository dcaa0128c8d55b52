"""A new password for somebody who forgot theirs. It opens no session: the second factor is asked for as ever."""

from uuid import UUID

from convosphere.core.audit.actions import RECOVERY_ASKED, RECOVERY_LINK_MADE
from convosphere.core.authorization import require
from convosphere.core.errors import NotFoundError
from convosphere.core.mail.sending import is_mail_possible, send_letter
from convosphere.core.permissions import ANONYMOUS, Actor, Permission, system_actor
from convosphere.core.secrets.sealing import SealedPlace, seal_for_job, unseal_in_job
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.errors import MailImpossibleError
from convosphere.identity.models import Account
from convosphere.identity.queries import people as people_queries
from convosphere.identity.queries import roles as role_queries
from convosphere.identity.schemas import IssuedLink
from convosphere.identity.service.letters import recovery_letter
from convosphere.identity.service.links import issue_link, may_have_another, workspace_of
from convosphere.identity.service.people import normalised_email
from convosphere.identity.service.recent import require_recent
from convosphere.identity.service.roles import check_may_act_on

RECOVERY_TASK = "identity.send_recovery"
_PLACE = SealedPlace("recovery", "installation", "address")
_LONGEST_ADDRESS = 254


async def ask_recovery(email: str) -> None:
    """Have a link sent to an address, if it has an account.

    All looking up is a job's: what is answered here, and when, is the same for every address. What was typed waits
    sealed, since it may be a password in the wrong field.

    Raises:
        MailImpossibleError: no mail is sent here.
    """
    if not is_mail_possible():
        raise MailImpossibleError
    sealed = seal_for_job(normalised_email(email)[:_LONGEST_ADDRESS].encode(), _PLACE)
    async with unit_of_work(ANONYMOUS) as uow:
        await uow.enqueue(RECOVERY_TASK, {"sealed": sealed}, queue="mail")


async def send_recovery(sealed: str) -> None:
    """Send the link, unless there is no such account or it was sent enough of them."""
    email = unseal_in_job(sealed, _PLACE).decode()
    async with unit_of_work(ANONYMOUS) as uow:
        account = await people_queries.find_account(uow, email)
    workspace_id = await workspace_of(account)
    if account is None or workspace_id is None:
        return
    async with unit_of_work(system_actor(workspace_id)) as uow:
        if await may_have_another(uow, account, "recovery"):
            await send_letter(uow, recovery_letter(account, await issue_link(uow, account, "recovery")))
            uow.record(RECOVERY_ASKED, account.id, label=account.name)


async def make_recovery_link(actor: Actor, account_id: UUID) -> IssuedLink:
    """A link that an administrator passes on to somebody who forgot their password; shown once.

    Raises:
        NotFoundError: there is no such active person in the workspace.
        ForbiddenError: that person may do more than the actor.
        ReauthenticationRequiredError: the actor proved who they are too long ago.
    """
    require(actor, Permission.PERSON_MANAGE)
    require_recent(actor)
    async with unit_of_work(actor) as uow:
        await role_queries.lock_roles(uow)
        standing = await role_queries.get_standing(uow, account_id)
        await check_may_act_on(uow, account_id, standing.membership.role)
        return await _make_link(uow, account_id)


async def make_recovery_link_at_terminal(email: str) -> IssuedLink:
    """The same for whoever may start commands on the server, such as a locked-out owner.

    Raises:
        NotFoundError: there is no active account of this address.
    """
    async with unit_of_work(ANONYMOUS) as uow:
        account = await people_queries.find_account(uow, normalised_email(email))
    workspace_id = await workspace_of(account)
    if account is None or workspace_id is None:
        raise NotFoundError
    async with unit_of_work(system_actor(workspace_id)) as uow:
        return await _make_link(uow, account.id)


async def _make_link(uow: UnitOfWork, account_id: UUID) -> IssuedLink:
    account = await uow.session.get(Account, account_id)
    if account is None or not account.is_active:
        raise NotFoundError
    uow.record(RECOVERY_LINK_MADE, account_id, label=account.name)
    return await issue_link(uow, account, "recovery")
