"""How people come in: by invitation, or by themselves where that is open."""

from uuid import UUID

from convosphere.core.audit.actions import INVITATION_USED
from convosphere.core.audit.refusals import refused
from convosphere.core.i18n import t
from convosphere.core.identifiers import hash_token
from convosphere.core.mail.sending import is_mail_possible
from convosphere.core.model import utc_now
from convosphere.core.permissions import ANONYMOUS, Actor, Permission, system_actor
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.errors import LinkInvalidError, SignUpClosedError, UnprovedEmailTakenError
from convosphere.identity.models import Invitation
from convosphere.identity.passwords import hash_password
from convosphere.identity.queries import founding as founding_queries
from convosphere.identity.queries import groups as group_queries
from convosphere.identity.queries import invitations as invitation_queries
from convosphere.identity.queries import roles as role_queries
from convosphere.identity.queries.memberships import find_present
from convosphere.identity.queries.people import is_email_taken
from convosphere.identity.roles import Role, permissions_of
from convosphere.identity.schemas import Client, NewAccount, SignedIn
from convosphere.identity.service.groups import put_into
from convosphere.identity.service.inviting import may_give, refuse_if_closed
from convosphere.identity.service.memberships import people_topic
from convosphere.identity.service.new_accounts import checked_account
from convosphere.identity.service.people import add_account
from convosphere.identity.service.sessions import open_session
from convosphere.identity.service.verification import ask_to_verify, must_verify, tell_address_known
from convosphere.identity.strength import check_password


async def sign_up(invitation_token: str, new: NewAccount, client: Client) -> SignedIn | None:
    """Create an account, by invitation or, where the installation is open, without, and sign it in.

    Whoever comes by a link that was mailed to them reads the mail of that address. Any other has to be confirmed
    first where mail can be sent, and whoever enters it learns nothing about it: None, whether it has an account, whose
    owner is told, or gets one.

    Raises:
        SignUpClosedError: sign-up is closed, or not open and there is no invitation.
        LinkInvalidError: the invitation does not work any more.
        EmailTakenError: the address has an account, and is proved or no mail can be sent.
    """
    new = checked_account(new)
    refuse_if_closed()
    workspace_id = await _workspace_to_join(invitation_token)
    async with unit_of_work(system_actor(workspace_id)) as uow:
        check_password(new.password, await founding_queries.get_workspace_name(uow))
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
    role = invitation.role if invitation else Role.MEMBER
    is_proved = invitation is not None and invitation.is_mailed
    if not is_proved and is_mail_possible() and await is_email_taken(uow, new.email):
        raise UnprovedEmailTakenError  # Undoes the use of the invitation.
    account = await add_account(uow, new, password_hash, role)
    account.email_verified_at = utc_now() if is_proved else None
    if invitation:
        await _take_in(uow, invitation, account.id)
    await uow.publish(people_topic(uow.workspace_id))
    if must_verify(account):
        await ask_to_verify(uow, account)
        return None
    return await open_session(uow, account, role, client)


async def _take_in(uow: UnitOfWork, invitation: Invitation, account_id: UUID) -> None:
    invitation.accepted_by = account_id
    if not invitation.group_ids:
        return
    await group_queries.lock_groups(uow)
    there = {row.id for row in await group_queries.list_groups(uow)}
    for group_id in invitation.group_ids:
        if group_id in there:
            await put_into(uow, group_id, [account_id])


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
    await _check_still_given(uow, invitation)
    uow.record(INVITATION_USED, invitation.id, after={"role": invitation.role, "email": email})
    return invitation


async def _check_still_given(uow: UnitOfWork, invitation: Invitation) -> None:
    """An invitation is worth what whoever made it may give now, not what they might give then."""
    if invitation.created_by is None:
        return
    inviter = await find_present(uow, invitation.created_by)
    may = permissions_of(inviter.role, inviter.custom_permissions) if inviter else frozenset[Permission]()
    as_now = Actor(invitation.created_by, uow.workspace_id, may, role=inviter.role if inviter else "")
    stored = await role_queries.list_roles(uow)
    if not as_now.may(Permission.PERSON_INVITE) or not may_give(as_now, invitation.role, stored):
        raise LinkInvalidError
