"""The SQL of people and sessions."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import RowMapping, delete, func, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from convosphere.core.database import fetch_one
from convosphere.core.model import utc_now
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.errors import AlreadyFoundedError, EmailTakenError, LinkInvalidError
from convosphere.identity.models import Account, Installation, Invitation, Membership, SetUpToken, WebSession, Workspace

_RESOLVE_SESSION = text("SELECT * FROM resolve_session(:token_hash, make_interval(hours => :idle_hours))")


async def resolve_session(token_hash: bytes, idle_hours: int) -> RowMapping | None:
    """The person of a live session: session_id, account_id, workspace_id, role, name, email, locale.

    Asked for every event, so it is one statement in no unit of work; there is no actor yet who could have one.
    """
    return await fetch_one(_RESOLVE_SESSION, {"token_hash": token_hash, "idle_hours": idle_hours})


async def get_founded_workspace(uow: UnitOfWork) -> UUID | None:
    """The workspace of this installation, or None while it has no owner."""
    return await uow.session.scalar(select(col(Installation.workspace_id)))


async def get_workspace_name(uow: UnitOfWork) -> str:
    """The name of the unit's workspace."""
    return (await uow.session.scalars(select(col(Workspace.name)).where(col(Workspace.id) == uow.workspace_id))).one()


async def replace_set_up_token(uow: UnitOfWork, token_hash: bytes, expires_at: datetime) -> None:
    """Make one token the only one that works."""
    await uow.session.execute(delete(SetUpToken))
    uow.session.add(SetUpToken(token_hash=token_hash, expires_at=expires_at))


async def use_set_up_token(uow: UnitOfWork, token_hash: bytes) -> None:
    """Use up a set-up token.

    Raises:
        LinkInvalidError: it is unknown, expired or used.
    """
    used = await uow.session.execute(
        update(SetUpToken)
        .where(
            col(SetUpToken.token_hash) == token_hash,
            col(SetUpToken.used_at).is_(None),
            col(SetUpToken.expires_at) > func.now(),
        )
        .values(used_at=func.now())
        .returning(col(SetUpToken.token_hash))
    )
    if used.first() is None:
        raise LinkInvalidError


async def found_installation(uow: UnitOfWork, workspace_name: str) -> None:
    """Create the workspace of the unit's actor as the one of this installation.

    Raises:
        AlreadyFoundedError: somebody else was first.
    """
    uow.session.add(Workspace(id=uow.workspace_id, name=workspace_name))
    uow.session.add(Installation(workspace_id=uow.workspace_id))
    try:
        await uow.session.flush()
    except IntegrityError:
        raise AlreadyFoundedError from None


async def add_account(uow: UnitOfWork, *, email: str, name: str, password_hash: str, locale: str, role: str) -> Account:
    """Add a person as member of the unit's workspace.

    Raises:
        EmailTakenError: the address has an account.
    """
    account = Account(email=email, name=name, password_hash=password_hash, locale=locale)
    uow.session.add(account)
    try:
        await uow.session.flush()
    except IntegrityError:
        raise EmailTakenError from None
    uow.session.add(Membership(workspace_id=uow.workspace_id, account_id=account.id, role=role))
    await uow.session.flush()
    return account


async def find_account(uow: UnitOfWork, email: str) -> Account | None:
    """The active account of an address."""
    return await uow.session.scalar(
        select(Account).where(col(Account.email) == email, col(Account.is_active).is_(True))
    )


async def find_membership(uow: UnitOfWork, account_id: UUID) -> Membership | None:
    """A person's first active membership; the unit's actor must be that person."""
    return await uow.session.scalar(
        select(Membership)
        .where(col(Membership.account_id) == account_id, col(Membership.is_active).is_(True))
        .order_by(col(Membership.created_at))
        .limit(1)
    )


async def add_session(uow: UnitOfWork, session: WebSession) -> None:
    """Store a new session, and forget those of the person that have ended."""
    await uow.session.execute(
        delete(WebSession).where(
            col(WebSession.account_id) == session.account_id, col(WebSession.expires_at) < func.now()
        )
    )
    uow.session.add(session)


async def end_session(uow: UnitOfWork, session_id: UUID) -> None:
    """Forget one of the actor's sessions."""
    await uow.session.execute(
        delete(WebSession).where(col(WebSession.id) == session_id, col(WebSession.account_id) == uow.account_id)
    )


async def use_invitation(uow: UnitOfWork, token_hash: bytes) -> Invitation:
    """Use up an invitation.

    Raises:
        LinkInvalidError: it is unknown, expired or used.
    """
    invitation = await _find_invitation(uow, token_hash, lock=True)
    if invitation is None:
        raise LinkInvalidError
    invitation.used_at = utc_now()
    return invitation


async def find_invitation(uow: UnitOfWork, token_hash: bytes) -> Invitation | None:
    """An invitation that can still be used."""
    return await _find_invitation(uow, token_hash, lock=False)


async def _find_invitation(uow: UnitOfWork, token_hash: bytes, *, lock: bool) -> Invitation | None:
    await uow.session.execute(
        text("SELECT set_config('convosphere.invitation', :token, true)"), {"token": token_hash.hex()}
    )
    statement = select(Invitation).where(
        col(Invitation.token_hash) == token_hash,
        col(Invitation.used_at).is_(None),
        col(Invitation.expires_at) > func.now(),
    )
    return await uow.session.scalar(statement.with_for_update() if lock else statement)


async def add_invitation(uow: UnitOfWork, *, token_hash: bytes, email: str | None, role: str, days: int) -> Invitation:
    """Store an invitation to the unit's workspace."""
    invitation = Invitation(
        workspace_id=uow.workspace_id,
        token_hash=token_hash,
        email=email,
        role=role,
        created_by=uow.actor.account_id,
        expires_at=utc_now() + timedelta(days=days),
    )
    uow.session.add(invitation)
    return invitation


async def set_locale(uow: UnitOfWork, locale: str) -> None:
    """Keep the actor's language."""
    await uow.session.execute(update(Account).where(col(Account.id) == uow.account_id).values(locale=locale))
