"""The SQL of sessions."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlmodel import col

from convosphere.core.database import fetch_one
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.models import Membership, WebSession

_RESOLVE_SESSION = text("SELECT * FROM resolve_session(:token_hash, make_interval(hours => :idle_hours))")
_SECONDS_LEFT = text(
    "SELECT extract(epoch FROM least(expires_at, last_seen_at + make_interval(hours => :idle_hours)) - now())"
    " AS seconds FROM web_session WHERE token_hash = :token_hash"
)
_JUST_RENEWED = text(
    "SELECT 1 FROM web_session WHERE previous_token_hash = :token_hash AND renewed_at > now() - interval '10 seconds'"
)


async def resolve_session(token_hash: bytes, idle_hours: int) -> dict[str, Any] | None:
    """The person of a live session: session_id, account_id, workspace_id, role, name, email, locale.

    Asked for every event, so it is one statement in no unit of work; there is no actor yet who could have one.
    """
    return await fetch_one(_RESOLVE_SESSION, {"token_hash": token_hash, "idle_hours": idle_hours})


async def get_seconds_left(token_hash: bytes, idle_hours: int) -> float:
    """How long a session lasts if nobody does anything in it; 0 when there is none."""
    found = await fetch_one(_SECONDS_LEFT, {"token_hash": token_hash, "idle_hours": idle_hours})
    return max(0.0, float(found["seconds"])) if found else 0.0


async def add_session(uow: UnitOfWork, session: WebSession) -> None:
    """Store a new session, and forget those of the person that have ended."""
    await uow.session.execute(
        delete(WebSession).where(
            col(WebSession.account_id) == session.account_id, col(WebSession.expires_at) < func.now()
        )
    )
    uow.session.add(session)


async def renew_session(uow: UnitOfWork, session_id: UUID, token_hash: bytes) -> WebSession | None:
    """Give one of the actor's sessions another token, or any session in the workspace of a system actor."""
    await uow.session.execute(
        update(WebSession)
        .where(col(WebSession.id) == session_id)
        .values(
            previous_token_hash=col(WebSession.token_hash),
            token_hash=token_hash,
            renewed_at=func.now(),
            is_renewal_due=False,
        )
    )
    return await uow.session.get(WebSession, session_id)


async def was_just_renewed(token_hash: bytes) -> bool:
    """Whether a token that opens nothing any more belonged to a session seconds ago, which has another one now."""
    return await fetch_one(_JUST_RENEWED, {"token_hash": token_hash}) is not None


async def end_session(uow: UnitOfWork, session_id: UUID) -> None:
    """Forget one of the actor's sessions; of whoever looks as somebody, the one in which they do."""
    owner_id = uow.actor.real_account_id or uow.account_id
    await uow.session.execute(
        delete(WebSession).where(col(WebSession.id) == session_id, col(WebSession.account_id) == owner_id)
    )


async def list_sessions(uow: UnitOfWork, account_id: UUID) -> list[UUID]:
    """The ids of a person's sessions, and of those in which somebody looks as them."""
    is_theirs = (col(WebSession.account_id) == account_id) | (col(WebSession.looking_as) == account_id)
    return list(await uow.session.scalars(select(col(WebSession.id)).where(is_theirs)))


async def list_sessions_of_role(uow: UnitOfWork, key: str) -> list[UUID]:
    """The ids of all sessions of people who have a role, and of those in which somebody looks as one of them."""
    having = select(col(Membership.account_id)).where(
        col(Membership.workspace_id) == uow.workspace_id, col(Membership.role) == key
    )
    is_theirs = col(WebSession.account_id).in_(having) | col(WebSession.looking_as).in_(having)
    return list(await uow.session.scalars(select(col(WebSession.id)).where(is_theirs)))


async def end_sessions(uow: UnitOfWork, account_id: UUID) -> list[UUID]:
    """Forget all of a person's sessions; gives their ids."""
    ended = delete(WebSession).where(col(WebSession.account_id) == account_id).returning(col(WebSession.id))
    return list(await uow.session.scalars(ended))


async def end_other_sessions(uow: UnitOfWork, account_id: UUID, kept: UUID | None, method: str = "") -> list[UUID]:
    """Forget a person's sessions but one, or only those that were opened by a method; gives their ids."""
    others = delete(WebSession).where(col(WebSession.account_id) == account_id, col(WebSession.id) != kept)
    if method:
        others = others.where(col(WebSession.method) == method)
    return list(await uow.session.scalars(others.returning(col(WebSession.id))))
