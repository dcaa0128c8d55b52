"""The SQL of sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
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
_LEFT = text(
    "SELECT extract(epoch FROM least(expires_at, last_seen_at + make_interval(hours => :idle_hours)) - now())"
    " AS seconds, expires_at <= last_seen_at + make_interval(hours => :idle_hours) AS is_final"
    " FROM web_session WHERE id = :session_id"
)
# A browser that leaves while it is answered never gets the new token, so the one before may ask for another until one
# was seen; not at once, because the browser's other tabs come with it as well while the first is being answered.
_CONFIRM = (
    "UPDATE web_session SET is_renewal_due = false"
    " WHERE token_hash = :token_hash AND is_renewal_due AND previous_token_hash IS NOT NULL RETURNING id"
)
_CONFIRM_RENEWAL = text(_CONFIRM)
_RENEW_DUE = text(
    f"WITH confirmed AS ({_CONFIRM})"  # noqa: S608
    " UPDATE web_session SET previous_token_hash = :token_hash, token_hash = :new_hash, renewed_at = now()"
    " WHERE is_renewal_due AND (token_hash = :token_hash AND previous_token_hash IS NULL"
    " OR previous_token_hash = :token_hash AND renewed_at < now() - interval '3 seconds') RETURNING expires_at"
)
_MARK_DUE = text(
    "UPDATE web_session SET is_renewal_due = true,"
    " previous_token_hash = CASE WHEN is_renewal_due THEN previous_token_hash END WHERE id = ANY(:session_ids)"
)
_JUST_RENEWED = text(
    "SELECT 1 FROM web_session WHERE previous_token_hash = :token_hash AND renewed_at > now() - interval '10 seconds'"
)
# One in which somebody looked as another one is kept until its end is in the trail.
_FORGET_ENDED = text(
    "DELETE FROM web_session WHERE account_id = :account_id AND expires_at < now() AND looking_as IS NULL"
)
_IS_RUN_OUT = (
    "looking_as IS NOT NULL AND least(expires_at, last_seen_at + make_interval(hours => :idle_hours)) <= now()"
)
_RUN_OUT_IN = text(f"SELECT DISTINCT active_workspace_id FROM web_session WHERE {_IS_RUN_OUT}")  # noqa: S608
_END_RUN_OUT = text(
    "WITH ended AS (DELETE FROM web_session WHERE active_workspace_id = :workspace_id"  # noqa: S608
    f" AND {_IS_RUN_OUT} RETURNING id, account_id, looking_as)"
    " SELECT e.id AS session_id, e.account_id AS real_account_id, real.name AS real_name, seen.id AS account_id,"
    " seen.name AS name FROM ended AS e JOIN account AS real ON real.id = e.account_id"
    " JOIN account AS seen ON seen.id = e.looking_as"
)
_ADDED = (
    "id", "token_hash", "account_id", "active_workspace_id", "address", "user_agent", "created_at", "expires_at",
    "authenticated_at", "method", "looking_as", "previous_token_hash", "renewed_at",
)  # fmt: skip
_ADD = text(
    "INSERT INTO web_session (id, token_hash, account_id, active_workspace_id, address, user_agent, created_at,"
    " expires_at, authenticated_at, method, looking_as, previous_token_hash, renewed_at) VALUES (:id, :token_hash,"
    " :account_id, :active_workspace_id, :address, :user_agent, coalesce(:created_at, now()), :expires_at,"
    " coalesce(:authenticated_at, now()), :method, :looking_as, :previous_token_hash, :renewed_at)"
)
_SIGNED_IN = text("UPDATE account SET last_sign_in_at = now() WHERE id = :account_id")


@dataclass(frozen=True)
class EndedLook:
    """A session in which somebody looked as another one, until its time ran out."""

    session_id: UUID
    real_account_id: UUID
    real_name: str
    account_id: UUID
    name: str


async def resolve_session(token_hash: bytes, idle_hours: int) -> dict[str, Any] | None:
    """The person of a live session: session_id, account_id, workspace_id, role, name, email, locale.

    Asked for every event, so it is one statement in no unit of work; there is no actor yet who could have one.
    """
    return await fetch_one(_RESOLVE_SESSION, {"token_hash": token_hash, "idle_hours": idle_hours})


async def get_seconds_left(token_hash: bytes, idle_hours: int) -> float:
    """How long a session lasts if nobody does anything in it; 0 when there is none."""
    found = await fetch_one(_SECONDS_LEFT, {"token_hash": token_hash, "idle_hours": idle_hours})
    return max(0.0, float(found["seconds"])) if found else 0.0


async def get_left(uow: UnitOfWork, session_id: UUID, idle_hours: int) -> tuple[float, bool]:
    """The same of a session by its id, and whether it ends then whatever the person does."""
    values = {"session_id": session_id, "idle_hours": idle_hours}
    found = (await uow.session.execute(_LEFT, values)).first()
    return (max(0.0, float(found.seconds)), bool(found.is_final)) if found else (0.0, False)


async def mark_seen(uow: UnitOfWork, session_id: UUID) -> None:
    """Note that the person of a session did something just now."""
    await uow.session.execute(
        update(WebSession).where(col(WebSession.id) == session_id).values(last_seen_at=func.now())
    )


async def list_own(uow: UnitOfWork, idle_hours: int) -> list[WebSession]:
    """The actor's live sessions, the one used last first."""
    is_alive = (col(WebSession.expires_at) > func.now()) & (
        col(WebSession.last_seen_at) > func.now() - func.make_interval(0, 0, 0, 0, idle_hours)
    )
    found = await uow.session.scalars(
        select(WebSession)
        .where(col(WebSession.account_id) == uow.account_id, is_alive)
        .order_by(col(WebSession.last_seen_at).desc())
    )
    return list(found)


async def end_own(uow: UnitOfWork, session_id: UUID | None, but: UUID | None) -> list[UUID]:
    """Forget one of the actor's sessions, or all `but` one; gives their ids."""
    ended = delete(WebSession).where(col(WebSession.account_id) == uow.account_id)
    ended = ended.where(col(WebSession.id) == session_id) if session_id else ended.where(col(WebSession.id) != but)
    return list(await uow.session.scalars(ended.returning(col(WebSession.id))))


async def mark_renewal_due(uow: UnitOfWork, session_ids: Sequence[UUID]) -> None:
    """Have sessions get another token when their browsers come next."""
    await uow.session.execute(_MARK_DUE, {"session_ids": list(session_ids)})


async def renew_due(token_hash: bytes, new_hash: bytes) -> datetime | None:
    """Replace the token of a session that is due for it; gives when it ends, or None where none is due."""
    found = await fetch_one(_RENEW_DUE, {"token_hash": token_hash, "new_hash": new_hash})
    return found["expires_at"] if found else None


async def confirm_renewal(token_hash: bytes) -> None:
    """Note that a browser has the new token, so that the one before opens nothing any more."""
    await fetch_one(_CONFIRM_RENEWAL, {"token_hash": token_hash})


def add_session(uow: UnitOfWork, session: WebSession) -> None:
    """Store a new session and when the person came, and forget those of theirs that have ended."""
    uow.defer(_FORGET_ENDED, {"account_id": session.account_id})
    uow.defer(_ADD, {name: getattr(session, name) for name in _ADDED})
    uow.defer(_SIGNED_IN, {"account_id": session.account_id})


async def list_run_out(uow: UnitOfWork, idle_hours: int) -> list[UUID]:
    """The workspaces in which somebody looked as another one until the time ran out."""
    return list(await uow.session.scalars(_RUN_OUT_IN, {"idle_hours": idle_hours}))


async def end_run_out(uow: UnitOfWork, idle_hours: int) -> list[EndedLook]:
    """Forget the sessions of the unit's workspace in which that happened."""
    return await uow.rows(EndedLook, _END_RUN_OUT, {"workspace_id": uow.workspace_id, "idle_hours": idle_hours})


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
