"""The SQL of sessions."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlmodel import col

from convosphere.core.database import fetch_one
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.models import WebSession

_RESOLVE_SESSION = text("SELECT * FROM resolve_session(:token_hash, make_interval(hours => :idle_hours))")
_SECONDS_LEFT = text(
    "SELECT extract(epoch FROM least(expires_at, last_seen_at + make_interval(hours => :idle_hours)) - now())"
    " AS seconds FROM web_session WHERE token_hash = :token_hash"
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


async def end_session(uow: UnitOfWork, session_id: UUID) -> None:
    """Forget one of the actor's sessions."""
    await uow.session.execute(
        delete(WebSession).where(col(WebSession.id) == session_id, col(WebSession.account_id) == uow.account_id)
    )


async def list_sessions(uow: UnitOfWork, account_id: UUID) -> list[UUID]:
    """The ids of a person's sessions."""
    return list(await uow.session.scalars(select(col(WebSession.id)).where(col(WebSession.account_id) == account_id)))


async def end_sessions(uow: UnitOfWork, account_id: UUID) -> list[UUID]:
    """Forget all of a person's sessions; gives their ids."""
    ended = delete(WebSession).where(col(WebSession.account_id) == account_id).returning(col(WebSession.id))
    return list(await uow.session.scalars(ended))
