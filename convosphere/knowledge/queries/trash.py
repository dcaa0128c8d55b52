"""The SQL of the trash."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.models import Document


async def put(uow: UnitOfWork, document_ids: Sequence[UUID]) -> None:
    """Put documents into the trash now."""
    await uow.session.execute(
        update(Document)
        .where(col(Document.id).in_(document_ids))
        .values(trashed_at=func.now(), trashed_by=uow.actor.account_id)
        .execution_options(synchronize_session=False)
    )


async def take_out(uow: UnitOfWork, document_ids: Sequence[UUID]) -> None:
    """Take documents out of it."""
    await uow.session.execute(
        update(Document)
        .where(col(Document.id).in_(document_ids))
        .values(trashed_at=None, trashed_by=None)
        .execution_options(synchronize_session=False)
    )


async def list_expired(uow: UnitOfWork, kept: timedelta, most: int) -> list[UUID]:
    """Some that have been there for so long, the longest first."""
    expired = select(col(Document.id)).where(col(Document.trashed_at) < func.now() - kept)
    return list(await uow.session.scalars(expired.order_by(col(Document.trashed_at)).limit(most)))
