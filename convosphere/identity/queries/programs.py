"""The SQL of keys and tokens of programs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from convosphere.core.database import fetch_one
from convosphere.core.errors import NotFoundError
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.models import ApiKey, RefreshToken, RevokedToken

_RESOLVE_KEY = text("SELECT * FROM resolve_key(:token_hash, :address)")
_RESOLVE_TOKEN = text("SELECT * FROM resolve_token(:token_id, :family_id, :account_id, :workspace_id)")
_SAY_CREDENTIAL = text("SELECT set_config('convosphere.credential', :token, true)")


async def resolve_key(token_hash: bytes, address: str) -> dict[str, Any] | None:
    """The person of a key that works, and what the key is for; notes when and from where it was used."""
    return await fetch_one(_RESOLVE_KEY, {"token_hash": token_hash, "address": address})


async def resolve_token(token_id: UUID, family_id: UUID, account_id: UUID, workspace_id: UUID) -> dict[str, Any] | None:
    """The person of an access token, unless it, or the family that it is of, was revoked."""
    values = {"token_id": token_id, "family_id": family_id, "account_id": account_id, "workspace_id": workspace_id}
    return await fetch_one(_RESOLVE_TOKEN, values)


async def list_keys(uow: UnitOfWork) -> list[ApiKey]:
    """The actor's keys that are not revoked, the newest first."""
    found = await uow.session.scalars(
        select(ApiKey)
        .where(col(ApiKey.account_id) == uow.account_id, col(ApiKey.workspace_id) == uow.workspace_id)
        .where(col(ApiKey.revoked_at).is_(None))
        .order_by(col(ApiKey.created_at).desc())
    )
    return list(found)


async def revoke_key(uow: UnitOfWork, key_id: UUID) -> ApiKey:
    """End one of the actor's keys, with all tokens that were given for it.

    Raises:
        NotFoundError: the actor has no such key.
    """
    revoked = update(ApiKey).where(
        col(ApiKey.id) == key_id, col(ApiKey.account_id) == uow.account_id, col(ApiKey.revoked_at).is_(None)
    )
    key = await uow.session.scalar(revoked.values(revoked_at=func.now()).returning(ApiKey))
    if key is None:
        raise NotFoundError
    await uow.session.execute(_revoked_of(col(RefreshToken.api_key_id) == key_id))
    return key


async def find_refresh_token(uow: UnitOfWork, token_hash: bytes) -> RefreshToken | None:
    """A refresh token, whatever became of it; asked before anybody is known."""
    await uow.session.execute(_SAY_CREDENTIAL, {"token": token_hash.hex()})
    return await uow.session.scalar(select(RefreshToken).where(col(RefreshToken.token_hash) == token_hash))


async def use_refresh_token(uow: UnitOfWork, token_id: UUID) -> bool:
    """Use a refresh token up; False where it was used, is over or was revoked."""
    used = await uow.session.execute(
        update(RefreshToken)
        .where(
            col(RefreshToken.id) == token_id,
            col(RefreshToken.used_at).is_(None),
            col(RefreshToken.revoked_at).is_(None),
            col(RefreshToken.expires_at) > func.now(),
        )
        .values(used_at=func.now())
        .returning(col(RefreshToken.id))
    )
    return used.first() is not None


async def add_refresh_token(uow: UnitOfWork, token: RefreshToken) -> None:
    """Store a refresh token, and forget those of the person that are long over."""
    is_over = col(RefreshToken.expires_at) < func.now() - text("interval '1 day'")
    await uow.session.execute(delete(RefreshToken).where(col(RefreshToken.account_id) == token.account_id, is_over))
    uow.session.add(token)


async def revoke_family(uow: UnitOfWork, family_id: UUID) -> None:
    """End all tokens that came of one another."""
    await uow.session.execute(_revoked_of(col(RefreshToken.family_id) == family_id))


async def deny_token(uow: UnitOfWork, token_id: UUID, expires_at: datetime) -> None:
    """Take an access token no more, and forget those that have expired."""
    await uow.session.execute(delete(RevokedToken).where(col(RevokedToken.expires_at) < func.now()))
    await uow.session.execute(insert(RevokedToken).values(id=token_id, expires_at=expires_at).on_conflict_do_nothing())


def _revoked_of(which: Any) -> Any:  # noqa: ANN401  # SQLAlchemy's own types of conditions and statements.
    return update(RefreshToken).where(which, col(RefreshToken.revoked_at).is_(None)).values(revoked_at=func.now())
