"""Another e-mail address for an account: confirmed by its own mail, or vouched for by an administrator."""

from typing import Literal
from uuid import UUID

from convosphere.core.audit.actions import EMAIL_CHANGE_ASKED
from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.mail.sending import is_mail_possible, send_letter
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.errors import EmailTakenError, LimitOfLinksError, MailImpossibleError
from convosphere.identity.models import Account
from convosphere.identity.queries import people as people_queries
from convosphere.identity.queries import roles as role_queries
from convosphere.identity.service import notices
from convosphere.identity.service.letters import known_address_letter, verification_letter
from convosphere.identity.service.links import issue_link, may_have_another
from convosphere.identity.service.people import checked_email
from convosphere.identity.service.recent import require_recent
from convosphere.identity.service.roles import check_may_act_on
from convosphere.identity.service.verification import change_address


async def ask_for_address(actor: Actor, email: str) -> Literal["asked", "changed"]:
    """Have one's own address changed: by a link that is sent to the new one, while the old one is told.

    An address that has an account is answered alike; its owner is told. Without mail an administrator's is changed at
    once.

    Raises:
        ReauthenticationRequiredError: the actor proved who they are too long ago.
        MailImpossibleError: no mail is sent here, so only an administrator can do it.
        LimitOfLinksError: that was asked for often enough lately.
    """
    require(actor, Permission.ACCOUNT_WRITE)
    require_recent(actor)
    email = checked_email(email)
    if email == actor.email:
        raise InvalidInputError(t("This is your e-mail address already."))
    if not is_mail_possible():
        if not actor.may(Permission.PERSON_MANAGE) or actor.account_id is None:
            raise MailImpossibleError
        await give_address(actor, actor.account_id, email)
        return "changed"
    async with unit_of_work(actor) as uow:
        account = await uow.session.get_one(Account, uow.account_id, with_for_update=True)
        if not await may_have_another(uow, account, "email_change"):
            raise LimitOfLinksError
        link = await issue_link(uow, account, "email_change", email)
        owner = await people_queries.find_account(uow, email)
        await send_letter(uow, known_address_letter(owner) if owner else verification_letter(account, link, email))
        await notices.tell(uow, account, notices.EMAIL_CHANGE_ASKED, email=email)
        uow.record(EMAIL_CHANGE_ASKED, account.id, label=account.name, after={"email": email})
    return "asked"


async def give_address(actor: Actor, account_id: UUID, email: str) -> None:
    """Change somebody's address, as an administrator who vouches for it.

    Raises:
        NotFoundError: there is no such person in the workspace.
        ForbiddenError: that person may do more than the actor.
        ReauthenticationRequiredError: the actor proved who they are too long ago.
        EmailTakenError: the address has an account.
    """
    require(actor, Permission.PERSON_MANAGE)
    require_recent(actor)
    email = checked_email(email)
    async with unit_of_work(actor) as uow:
        await role_queries.lock_roles(uow)
        standing = await role_queries.get_standing(uow, account_id)
        await check_may_act_on(uow, account_id, standing.membership.role)
        if await people_queries.is_email_taken(uow, email):
            raise EmailTakenError(t("Another account has this e-mail address."))
        account = await uow.session.get_one(Account, account_id, with_for_update=True)
        await change_address(uow, account, email)
