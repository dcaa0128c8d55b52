"""Looking as somebody: to see what they see, without being able to change anything."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from convosphere.core.audit.actions import LOOK_ENDED, LOOK_STARTED
from convosphere.core.authorization import require
from convosphere.core.errors import ConflictError, ForbiddenError, NotFoundError, SignInRequiredError
from convosphere.core.i18n import t
from convosphere.core.identifiers import hash_token, new_token
from convosphere.core.model import utc_now
from convosphere.core.permissions import ANONYMOUS, Actor, Permission, system_actor
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.models import WebSession
from convosphere.identity.queries import roles as role_queries
from convosphere.identity.queries import sessions as session_queries
from convosphere.identity.roles import may_look_as, permissions_of
from convosphere.identity.schemas import SignedIn
from convosphere.identity.service.recent import require_recent

LOOK_TIME = timedelta(minutes=60)
"""It ends by itself then, and with it the session: whoever goes on signs in."""


async def start_looking(actor: Actor, account_id: UUID) -> SignedIn:
    """Look as an active person of the workspace from now on, in a session that takes the place of the actor's own.

    Raises:
        ReauthenticationRequiredError: the actor has not proved who they are for a while.
        NotFoundError: there is no such person, or they are not active.
        ForbiddenError: they may do more than the actor.
        ConflictError: it is the actor.
    """
    require(actor, Permission.PERSON_LOOK)
    require_recent(actor)
    if account_id == actor.account_id:
        raise ConflictError(t("This is how you see it already."))
    async with unit_of_work(actor) as uow:
        standing = await role_queries.get_standing(uow, account_id)
        if not standing.membership.is_active:
            raise NotFoundError
        await _check_no_more(uow, standing.membership.role)
        now = await _own_session(uow)
        until = min(utc_now() + LOOK_TIME, now.expires_at)
        opened = await _replace(uow, now, looking_as=account_id, expires_at=until)
        uow.record(LOOK_STARTED, account_id, label=standing.name, after={"until": until.isoformat(timespec="seconds")})
        return opened


async def stop_looking(actor: Actor) -> SignedIn:
    """Be oneself again, in a session of its own that lasts as long as the first one would have.

    Raises:
        ConflictError: the actor looks as nobody.
    """
    if actor.real_account_id is None:
        raise ConflictError(t("You are looking as nobody."))
    async with unit_of_work(actor) as uow:
        now = await _own_session(uow)
        ends = now.created_at + timedelta(days=get_settings().session_days)
        opened = await _replace(uow, now, looking_as=None, expires_at=ends)
        uow.record(LOOK_ENDED, actor.account_id, label=actor.name)
        return opened


async def end_run_out() -> int:
    """Write to the trail where looking has ended by itself; gives how often."""
    idle_hours = get_settings().session_idle_hours
    async with unit_of_work(ANONYMOUS) as uow:
        workspaces = await session_queries.list_run_out(uow, idle_hours)
    count = 0
    for workspace_id in workspaces:
        async with unit_of_work(system_actor(workspace_id)) as uow:
            ended = await session_queries.end_run_out(uow, idle_hours)
            for look in ended:
                who = Actor(
                    look.account_id, workspace_id, frozenset(), name=look.name, session_id=look.session_id,
                    real_account_id=look.real_account_id, real_name=look.real_name,
                )  # fmt: skip
                uow.record(LOOK_ENDED, look.account_id, label=look.name, by=who)
        count += len(ended)
    return count


async def _check_no_more(uow: UnitOfWork, role: str) -> None:
    stored = await role_queries.find_role(uow, role)
    theirs = permissions_of(role, stored.permissions if stored and stored.is_custom else None)
    if not may_look_as(uow.actor.role, uow.actor.permissions, role, theirs):
        raise ForbiddenError(t("This person may do more than you. Only people who may do no more can be looked as."))


async def _own_session(uow: UnitOfWork) -> WebSession:
    session = await uow.session.get(WebSession, uow.actor.session_id) if uow.actor.session_id else None
    if session is None:
        raise SignInRequiredError
    return session


async def _replace(uow: UnitOfWork, session: WebSession, *, looking_as: UUID | None, expires_at: datetime) -> SignedIn:
    """A session with another id and token in place of one; what was proved, and when it began, stays."""
    token = new_token()
    opened = WebSession(
        token_hash=hash_token(token), account_id=session.account_id, address=session.address,
        active_workspace_id=session.active_workspace_id, user_agent=session.user_agent, method=session.method,
        created_at=session.created_at, authenticated_at=session.authenticated_at, expires_at=expires_at,
        looking_as=looking_as, previous_token_hash=session.token_hash, renewed_at=utc_now(),
    )  # fmt: skip
    session_queries.add_session(uow, opened)
    await session_queries.end_session(uow, session.id)
    await uow.publish(f"session:{session.id}")
    return SignedIn(token, expires_at, replace(uow.actor, account_id=session.account_id))
