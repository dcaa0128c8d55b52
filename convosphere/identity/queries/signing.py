"""The SQL of the keys that sign access tokens."""

from datetime import timedelta

from sqlalchemy import delete, func, select, update
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.models import SigningKey


async def list_signing_keys(uow: UnitOfWork) -> list[SigningKey]:
    """All of them, the newest first."""
    return list(await uow.session.scalars(select(SigningKey).order_by(col(SigningKey.created_at).desc())))


async def retire_signing_keys(uow: UnitOfWork) -> None:
    """Sign with none of them any more; what they signed stays good until it expires."""
    await uow.session.execute(
        update(SigningKey).where(col(SigningKey.retired_at).is_(None)).values(retired_at=func.now())
    )


async def forget_signing_keys(uow: UnitOfWork, after: timedelta) -> None:
    """Forget those that retired so long ago that nothing they signed can be good."""
    await uow.session.execute(delete(SigningKey).where(col(SigningKey.retired_at) < func.now() - after))
