"""How people come in: by invitation, or by themselves where that is open."""

from uuid import UUID

from convosphere.core.audit.actions import INVITATION_CREATED, INVITATION_USED
from convosphere.core.audit.refusals import refused
from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.identifiers import hash_token, new_token
from convosphere.core.mail.sending import is_mail_possible
from convosphere.core.model import utc_now
from convosphere.core.permissions import ANONYMOUS, Actor, Permission, system_actor
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.errors import LinkInvalidError, SignUpClosedError, UnprovedEmailTakenError
from convosphere.identity.models import Invitation
from convosphere.identity.passwords import hash_password
from convosphere.identity.queries import founding as founding_queries
from convosphere.identity.queries import invitations as invitation_queries
from convosphere.identity.queries.people import is_email_taken
from convosphere.identity.roles import Role
from convosphere.identity.schemas import Client, InvitationLink, NewAccount, SignedIn
from convosphere.identity.service.people import add_account, checked_account, checked_email
from convosphere.identity.service.sessions import open_session
from convosphere.identity.service.verification import ask_to_verify, must_verify, tell_address_known

INVITATION_DAYS = 7


async def invite(actor: Actor, *, role: str, email: str = "") -> InvitationLink:
    """Make a one-time link with which somebody joins the actor's workspace.

    Raises:
        SignUpClosedError: nobody can join.
    """
    require(actor, Permission.PERSON_INVITE)
    _refuse_if_closed()
    email = checked_email(email) if email.strip() else ""
    if role not in (Role.ADMIN, Role.MEMBER):
        raise InvalidInputError(t("This role cannot be given by invitation."))
    token = new_token()
    async with unit_of_work(actor) as uow:
        invitation = await invitation_queries.add_invitation(
            uow, token_hash=hash_token(token), email=email or None, role=role, days=INVITATION_DAYS
        )
        expires_at = invitation.expires_at.isoformat(timespec="seconds")
        uow.record(INVITATION_CREATED, invitation.id, after={"role": role, "email": email, "expires_at": expires_at})
    return InvitationLink(token, invitation.expires_at)


async def sign_up(invitation_token: str, new: NewAccount, client: Client) -> SignedIn | None:
    """Create an account, by invitation or, where the installation is open, without, and sign it in.

    Who invites an address vouches for it. Any other has to be confirmed first where mail can be sent, and whoever
    enters it learns nothing about it: None, whether it has an account, whose owner is told, or gets one.

    Raises:
        SignUpClosedError: sign-up is closed, or not open and there is no invitation.
        LinkInvalidError: the invitation does not work any more.
        EmailTakenError: the address has an account, and is vouched for or no mail can be sent.
    """
    new = checked_account(new)
    _refuse_if_closed()
    workspace_id = await _workspace_to_join(invitation_token)
    password_hash = await hash_password(new.password)
    try:
        async with unit_of_work(system_actor(workspace_id)) as uow:
            return await _join(uow, invitation_token, new, password_hash, client)
    except UnprovedEmailTakenError:
        async with unit_of_work(system_actor(workspace_id)) as uow:
            await tell_address_known(uow, new.email)
        return None


async def _join(
    uow: UnitOfWork, invitation_token: str, new: NewAccount, password_hash: str, client: Client
) -> SignedIn | None:
    invitation = await _use_invitation(uow, invitation_token, new.email) if invitation_token else None
    role = Role(invitation.role) if invitation else Role.MEMBER
    is_vouched_for = invitation is not None and invitation.email is not None
    if not is_vouched_for and is_mail_possible() and await is_email_taken(uow, new.email):
        raise UnprovedEmailTakenError  # Undoes the use of the invitation.
    account = await add_account(uow, new, password_hash, role)
    account.email_verified_at = utc_now() if is_vouched_for else None
    if must_verify(account):
        await ask_to_verify(uow, account)
        return None
    return await open_session(uow, account, role, client)


def _refuse_if_closed() -> None:
    if get_settings().sign_up == "closed":
        raise SignUpClosedError(t("Nobody new can join here."))


async def _workspace_to_join(invitation_token: str) -> UUID:
    async with unit_of_work(ANONYMOUS) as uow:
        if invitation_token:
            invitation = await invitation_queries.find_invitation(uow, hash_token(invitation_token))
            if invitation is None:
                refused(ANONYMOUS, INVITATION_USED)
                raise LinkInvalidError
            return invitation.workspace_id
        workspace_id = await founding_queries.get_founded_workspace(uow)
    if get_settings().sign_up != "open" or workspace_id is None:
        raise SignUpClosedError
    return workspace_id


async def _use_invitation(uow: UnitOfWork, token: str, email: str) -> Invitation:
    invitation = await invitation_queries.use_invitation(uow, hash_token(token))
    if invitation.email not in (None, email):
        raise LinkInvalidError(t("This invitation is for another e-mail address."))
    uow.record(INVITATION_USED, invitation.id, after={"role": invitation.role, "email": email})
    return invitation
