"""Proving that an address is somebody's: of a new account, and of one that changes its address."""

from sqlalchemy.exc import IntegrityError

from convosphere.core.audit.actions import EMAIL_CHANGED, EMAIL_VERIFIED
from convosphere.core.audit.refusals import refused
from convosphere.core.identifiers import hash_token
from convosphere.core.mail.sending import is_mail_possible, send_letter
from convosphere.core.model import utc_now
from convosphere.core.permissions import ANONYMOUS, system_actor
from convosphere.core.throttling import Throttle
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.errors import EmailUnverifiedError, LinkInvalidError
from convosphere.identity.models import Account, AccountLink
from convosphere.identity.queries import links as link_queries
from convosphere.identity.queries import people as people_queries
from convosphere.identity.queries.entrants import Claimed
from convosphere.identity.service import notices
from convosphere.identity.service.letters import known_address_letter, verification_letter
from convosphere.identity.service.links import issue_link, may_have_another, workspace_of

_tellings = Throttle("3/hour", "verification_letters")


def must_verify(account: Account | Claimed) -> bool:
    """Whether an account may not be signed in to before its address is confirmed: wherever that can be asked for."""
    return account.email_verified_at is None and is_mail_possible()


async def ask_to_verify(uow: UnitOfWork, account: Account) -> None:
    """Send the link that confirms an account's address, unless it was sent enough of them lately."""
    if await may_have_another(uow, account, "verification"):
        link = await issue_link(uow, account, "verification")
        await send_letter(uow, verification_letter(account, link, account.email))


async def refuse_unverified(claimed: Claimed) -> None:
    """Send whoever knows the password of an unconfirmed account another link.

    Raises:
        EmailUnverifiedError: the address is not confirmed.
    """
    if not must_verify(claimed):
        return
    async with unit_of_work(ANONYMOUS) as uow:
        await ask_to_verify(uow, await uow.session.get_one(Account, claimed.id))
    raise EmailUnverifiedError


async def tell_address_known(uow: UnitOfWork, email: str) -> None:
    """Tell the owner of an address that somebody entered it for an account; whoever did learns nothing."""
    account = await people_queries.find_account(uow, email)
    if account and await _tellings.allows(str(account.id)):
        await send_letter(uow, known_address_letter(account))


async def verify(token: str) -> None:
    """Take an address as proved by whoever read its mail.

    Raises:
        LinkInvalidError: the link does not work any more, or the address was taken meanwhile.
    """
    async with unit_of_work(ANONYMOUS) as uow:
        link = await link_queries.find_link(uow, hash_token(token), "verification", "email_change")
        account = await uow.session.get(Account, link.account_id) if link else None
    workspace_id = await workspace_of(account)
    if workspace_id is None:
        refused(ANONYMOUS, EMAIL_VERIFIED)
        raise LinkInvalidError
    async with unit_of_work(system_actor(workspace_id)) as uow:
        link = await link_queries.use_link(uow, hash_token(token), "verification", "email_change")
        await _take(uow, link)


async def _take(uow: UnitOfWork, link: AccountLink) -> None:
    account = await uow.session.get_one(Account, link.account_id, with_for_update=True)
    if link.purpose == "email_change":
        await change_address(uow, account, link.email)
    elif link.email == account.email:
        account.email_verified_at = utc_now()
        uow.record(EMAIL_VERIFIED, account.id, label=account.name, after={"email": account.email})
    else:
        raise LinkInvalidError


async def change_address(uow: UnitOfWork, account: Account, email: str) -> None:
    """Give an account another address, and tell the old one; links that were sent to that stop working.

    Raises:
        LinkInvalidError: the address was taken meanwhile.
    """
    before = account.email
    account.email, account.email_verified_at = email, utc_now()
    try:
        await uow.session.flush()
    except IntegrityError:
        raise LinkInvalidError from None
    await link_queries.end_links(uow, account.id)
    await notices.tell(uow, account, notices.EMAIL_CHANGED, to=before, email=email)
    uow.record(EMAIL_CHANGED, account.id, label=account.name, before={"email": before}, after={"email": email})
