"""The rules of accounts and sessions."""

from datetime import timedelta
from uuid import UUID

from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import LOCALES, t
from convosphere.core.identifiers import hash_token, new_id, new_token
from convosphere.core.model import utc_now
from convosphere.core.permissions import ANONYMOUS, Actor, Permission, system_actor
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity import queries
from convosphere.identity.errors import LinkInvalidError, SignInFailedError, SignUpClosedError
from convosphere.identity.models import Account, WebSession
from convosphere.identity.passwords import check_password, hash_password, is_password
from convosphere.identity.roles import PERMISSIONS, Role
from convosphere.identity.schemas import Client, InvitationLink, NewAccount, SignedIn

SET_UP_MINUTES = 30
INVITATION_DAYS = 7
NAME_LENGTH = 100


async def resolve_actor(token: str) -> Actor:
    """Whoever a session cookie belongs to, read anew each time; anonymous when it belongs to nobody any more."""
    if not token:
        return ANONYMOUS
    found = await queries.resolve_session(hash_token(token), get_settings().session_idle_hours)
    if found is None:
        return ANONYMOUS
    return Actor(**found, permissions=PERMISSIONS[Role(found["role"])])


async def issue_set_up_token() -> str | None:
    """A fresh set-up token, or None when the installation has an owner. Tokens issued before stop working."""
    token = new_token()
    async with unit_of_work(ANONYMOUS) as uow:
        if await queries.get_founded_workspace(uow) is not None:
            return None
        await queries.replace_set_up_token(uow, hash_token(token), utc_now() + timedelta(minutes=SET_UP_MINUTES))
    return token


async def set_up(token: str, workspace_name: str, new: NewAccount, client: Client) -> SignedIn:
    """Found the installation's workspace with its owner, and sign the owner in.

    Raises:
        LinkInvalidError: the token does not work, or there is an owner.
    """
    new = _checked(new)
    password_hash = await hash_password(new.password)
    async with unit_of_work(system_actor(new_id())) as uow:
        await queries.use_set_up_token(uow, hash_token(token))
        await queries.found_installation(uow, _name(workspace_name))
        account = await _add_account(uow, new, password_hash, Role.OWNER)
        return await _open_session(uow, account, Role.OWNER, client)


async def create_owner(workspace_name: str, new: NewAccount) -> None:
    """Found the installation from a terminal.

    Raises:
        AlreadyFoundedError: there is an owner.
    """
    new = _checked(new)
    password_hash = await hash_password(new.password)
    async with unit_of_work(system_actor(new_id())) as uow:
        await queries.found_installation(uow, _name(workspace_name))
        await _add_account(uow, new, password_hash, Role.OWNER)


async def sign_in(email: str, password: str, client: Client) -> SignedIn:
    """Open a session for somebody who knows the password.

    Raises:
        SignInFailedError: address or password is wrong, or the account is not active.
    """
    async with unit_of_work(ANONYMOUS) as uow:
        account = await queries.find_account(uow, _email(email))
    if not await is_password(password, account.password_hash if account else None) or account is None:
        raise SignInFailedError
    async with unit_of_work(Actor(account.id, None, frozenset())) as uow:
        membership = await queries.find_membership(uow, account.id)
    if membership is None:
        raise SignInFailedError
    async with unit_of_work(system_actor(membership.workspace_id)) as uow:
        return await _open_session(uow, account, Role(membership.role), client)


async def sign_up(invitation_token: str, new: NewAccount, client: Client) -> SignedIn:
    """Create an account, by invitation or, where the installation is open, without, and sign it in.

    Raises:
        SignUpClosedError: there is no invitation and sign-up is not open.
        LinkInvalidError: the invitation does not work any more.
        EmailTakenError: the address has an account.
    """
    new = _checked(new)
    workspace_id = await _workspace_to_join(invitation_token)
    password_hash = await hash_password(new.password)
    async with unit_of_work(system_actor(workspace_id)) as uow:
        role = await _use_invitation(uow, invitation_token, new.email) if invitation_token else Role.MEMBER
        account = await _add_account(uow, new, password_hash, role)
        return await _open_session(uow, account, role, client)


async def sign_out(actor: Actor) -> None:
    """End the session that the actor came with."""
    if actor.session_id is None:
        return
    async with unit_of_work(actor) as uow:
        await queries.end_session(uow, actor.session_id)
        await uow.publish(f"session:{actor.session_id}")


async def invite(actor: Actor, *, role: str, email: str = "") -> InvitationLink:
    """Make a one-time link with which somebody joins the actor's workspace."""
    require(actor, Permission.PERSON_INVITE)
    email = _checked_email(email) if email.strip() else ""
    if role not in (Role.ADMIN, Role.MEMBER):
        raise InvalidInputError(t("This role cannot be given by invitation."))
    token = new_token()
    async with unit_of_work(actor) as uow:
        invitation = await queries.add_invitation(
            uow, token_hash=hash_token(token), email=email or None, role=role, days=INVITATION_DAYS
        )
    return InvitationLink(token, invitation.expires_at)


async def get_workspace_name(actor: Actor) -> str:
    """What the actor's workspace is called."""
    require(actor, Permission.ACCOUNT_USE)
    async with unit_of_work(actor) as uow:
        return await queries.get_workspace_name(uow)


async def founded_workspace() -> UUID | None:
    """The workspace of the installation; None while it has no owner."""
    async with unit_of_work(ANONYMOUS) as uow:
        return await queries.get_founded_workspace(uow)


async def set_locale(actor: Actor, locale: str) -> None:
    """Keep the language that a person chose."""
    require(actor, Permission.ACCOUNT_USE)
    if locale not in LOCALES:
        raise InvalidInputError(t("This language is not there."))
    async with unit_of_work(actor) as uow:
        await queries.set_locale(uow, locale)


async def _workspace_to_join(invitation_token: str) -> UUID:
    async with unit_of_work(ANONYMOUS) as uow:
        if invitation_token:
            invitation = await queries.find_invitation(uow, hash_token(invitation_token))
            if invitation is None or get_settings().sign_up == "closed":
                raise LinkInvalidError
            return invitation.workspace_id
        workspace_id = await queries.get_founded_workspace(uow)
    if get_settings().sign_up != "open" or workspace_id is None:
        raise SignUpClosedError
    return workspace_id


async def _use_invitation(uow: UnitOfWork, token: str, email: str) -> Role:
    invitation = await queries.use_invitation(uow, hash_token(token))
    if invitation.email not in (None, email):
        raise LinkInvalidError(t("This invitation is for another e-mail address."))
    return Role(invitation.role)


async def _add_account(uow: UnitOfWork, new: NewAccount, password_hash: str, role: Role) -> Account:
    return await queries.add_account(
        uow, email=new.email, name=new.name, password_hash=password_hash, locale=new.locale, role=role
    )


async def _open_session(uow: UnitOfWork, account: Account, role: Role, client: Client) -> SignedIn:
    token = new_token()
    session = WebSession(
        token_hash=hash_token(token),
        account_id=account.id,
        active_workspace_id=uow.workspace_id,
        address=client.address,
        user_agent=client.user_agent[:300],
        expires_at=utc_now() + timedelta(days=get_settings().session_days),
    )
    await queries.add_session(uow, session)
    actor = Actor(
        account_id=account.id,
        workspace_id=uow.workspace_id,
        permissions=PERMISSIONS[role],
        name=account.name,
        email=account.email,
        role=role,
        locale=account.locale,
        session_id=session.id,
    )
    return SignedIn(token, session.expires_at, actor)


def _checked(new: NewAccount) -> NewAccount:
    check_password(new.password)
    locale = new.locale if new.locale in LOCALES else get_settings().default_locale
    return NewAccount(_name(new.name), _checked_email(new.email), new.password, locale)


def _checked_email(text: str) -> str:
    email = _email(text)
    local_part, _, domain = email.partition("@")
    if not local_part or "." not in domain.strip(".") or len(email) > 254 or any(part.isspace() for part in email):
        raise InvalidInputError(t("Please enter an e-mail address such as name@example.org."))
    return email


def _email(text: str) -> str:
    return text.strip().lower()


def _name(text: str) -> str:
    name = " ".join("".join(character for character in text if character.isprintable()).split())[:NAME_LENGTH]
    if not name:
        raise InvalidInputError(t("Please enter a name."))
    return name
