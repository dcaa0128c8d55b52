"""A new token for a session at every rise of what it may do (OWASP ASVS 5.0, 7.2.4), and the proof for it."""

from datetime import datetime, timedelta
from uuid import UUID

from convosphere.core.audit.actions import SESSION_CONFIRMED
from convosphere.core.audit.refusals import refused
from convosphere.core.errors import SignInRequiredError
from convosphere.core.identifiers import hash_token, new_token
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.errors import PasswordWrongError
from convosphere.identity.models import Account
from convosphere.identity.passwords import is_password
from convosphere.identity.queries import sessions as session_queries
from convosphere.identity.schemas import SignedIn


async def reauthenticate(actor: Actor, password: str) -> SignedIn:
    """Prove again who one is, by password; gives the session's new token.

    Raises:
        PasswordWrongError: it is not the one, or the account has none.
    """
    async with unit_of_work(actor) as uow:
        account = await uow.session.get(Account, uow.account_id)
    if not await is_password(password, account.password_hash if account else None):
        refused(actor, SESSION_CONFIRMED, after={"reason": PasswordWrongError.code})
        raise PasswordWrongError
    async with unit_of_work(actor) as uow:
        return await renew_session(uow, proves=True)


async def renew_session(uow: UnitOfWork, *, proves: bool, method: str = "") -> SignedIn:
    """Give the actor's own session a new token, to be handed to the browser; the old one opens nothing any more.

    Sockets that were opened with the old one close, and their tabs come back with the new one.

    Args:
        uow: the unit of work of the person who is signed in.
        proves: whether the person has just proved who they are.
        method: how, if it was more than at sign-in: `password+totp`, `passkey` ...

    Raises:
        SignInRequiredError: the session has ended.
    """
    token = new_token()
    session = await session_queries.renew_session(uow, _session_of(uow.actor), hash_token(token))
    if session is None or session.account_id != uow.account_id:
        raise SignInRequiredError
    session.method = method or session.method
    if proves:
        session.authenticated_at = utc_now()
        session.expires_at = session.authenticated_at + timedelta(days=get_settings().session_days)
        uow.record(SESSION_CONFIRMED, session.id)
    await uow.publish(f"session:{session.id}")
    return SignedIn(token, session.expires_at, uow.actor)


async def renew_due(token: str) -> tuple[str, datetime] | None:
    """Replace a token whose person may do something else since; gives the new one and when the session ends.

    Until `confirm_renewal` hears of the new one, the token may be replaced again: the new one may have been lost.
    """
    if not token:
        return None
    new = new_token()
    expires_at = await session_queries.renew_due(hash_token(token), hash_token(new))
    return (new, expires_at) if expires_at else None


async def confirm_renewal(token: str) -> None:
    """Note that a browser has come with the token that it was given."""
    await session_queries.confirm_renewal(hash_token(token))


async def was_just_renewed(token: str) -> bool:
    """Whether a token that opens nothing belonged to a session seconds ago: its browser is about to get another."""
    return bool(token) and await session_queries.was_just_renewed(hash_token(token))


def _session_of(actor: Actor) -> UUID:
    if actor.session_id is None:
        raise SignInRequiredError
    return actor.session_id
