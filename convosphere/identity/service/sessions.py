"""Signing in and out."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NoReturn
from uuid import UUID

from convosphere.core.audit.actions import SESSION_ENDED, SESSION_OPENED
from convosphere.core.audit.refusals import refused
from convosphere.core.identifiers import hash_token, new_token
from convosphere.core.model import utc_now
from convosphere.core.permissions import ANONYMOUS, Actor, Permission, system_actor
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.errors import SignInFailedError
from convosphere.identity.models import Account, WebSession
from convosphere.identity.passwords import is_password
from convosphere.identity.queries import people as people_queries
from convosphere.identity.queries import sessions as session_queries
from convosphere.identity.roles import ALWAYS, PERMISSIONS, Role, permissions_of
from convosphere.identity.schemas import Client, SignedIn
from convosphere.identity.service.people import normalised_email

_SHOWN = (
    "session_id", "account_id", "workspace_id", "role", "name", "email", "locale", "authenticated_at", "method",
    "lacks_factor",
)  # fmt: skip


async def resolve_actor(token: str) -> Actor:
    """Whoever a session cookie belongs to, read anew each time; anonymous when it belongs to nobody any more."""
    if not token:
        return ANONYMOUS
    found = await session_queries.resolve_session(hash_token(token), get_settings().session_idle_hours)
    if found is None:
        return ANONYMOUS
    return _actor(found)


def _actor(found: Mapping[str, Any]) -> Actor:
    shown = {name: found[name] for name in _SHOWN}
    permissions = permissions_of(found["role"], found["custom_permissions"])
    if found["real_account_id"] == found["account_id"]:
        return Actor(**shown, permissions=ALWAYS if found["lacks_factor"] else permissions)
    if Permission.PERSON_LOOK not in permissions_of(found["real_role"], found["real_permissions"]):
        return ANONYMOUS
    read = frozenset(permission for permission in permissions if permission.only_reads)
    return Actor(**shown, permissions=read, real_account_id=found["real_account_id"], real_name=found["real_name"])


async def seconds_left(token: str) -> float:
    """How long a session lasts unless somebody does something in it; 0 when it is over. Asking does not prolong it."""
    return await session_queries.get_seconds_left(hash_token(token), get_settings().session_idle_hours)


async def sign_in(email: str, password: str, client: Client) -> SignedIn:
    """Open a session for somebody who knows the password.

    Raises:
        SignInFailedError: address or password is wrong, or the account is not active.
    """
    async with unit_of_work(ANONYMOUS) as uow:
        account = await people_queries.find_account(uow, normalised_email(email))
    if not await is_password(password, account.password_hash if account else None) or account is None:
        _refuse_sign_in(account)
    async with unit_of_work(Actor(account.id, None, frozenset())) as uow:
        membership = await people_queries.find_membership(uow, account.id)
    if membership is None:
        _refuse_sign_in(account)
    async with unit_of_work(system_actor(membership.workspace_id)) as uow:
        return await open_session(uow, account, Role(membership.role), client)


async def sign_out(actor: Actor) -> None:
    """End the session that the actor came with."""
    if actor.session_id is None:
        return
    async with unit_of_work(actor) as uow:
        await session_queries.end_session(uow, actor.session_id)
        uow.record(SESSION_ENDED, actor.session_id)
        await _publish(uow, [actor.session_id])


async def end_sessions(uow: UnitOfWork, account_id: UUID) -> None:
    """Sign a person out everywhere, once the unit commits: their sockets close in all processes."""
    await _publish(uow, await session_queries.end_sessions(uow, account_id))


async def tell_sessions(uow: UnitOfWork, account_id: UUID) -> None:
    """Have all processes look anew who a person is; for the unit that changes their role or blocks them."""
    await _publish(uow, await session_queries.list_sessions(uow, account_id))


async def open_session(uow: UnitOfWork, account: Account, role: Role, client: Client) -> SignedIn:
    """Store a new session of an account in the unit's workspace."""
    token = new_token()
    session = WebSession(
        token_hash=hash_token(token),
        account_id=account.id,
        active_workspace_id=uow.workspace_id,
        address=client.address,
        user_agent=client.user_agent[:300],
        expires_at=utc_now() + timedelta(days=get_settings().session_days),
    )
    await session_queries.add_session(uow, session)
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
    uow.record(SESSION_OPENED, session.id, by=actor)
    return SignedIn(token, session.expires_at, actor)


def _refuse_sign_in(account: Account | None) -> NoReturn:
    """What was typed is not kept: it may be a password in the wrong field."""
    claimed = Actor(account.id, None, frozenset(), name=account.name) if account else ANONYMOUS
    refused(claimed, SESSION_OPENED, after={"reason": SignInFailedError.code})
    raise SignInFailedError


async def _publish(uow: UnitOfWork, session_ids: Sequence[UUID]) -> None:
    await uow.publish(*(f"session:{session_id}" for session_id in session_ids))
