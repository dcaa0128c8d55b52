"""The SQL of the trash."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.models import Account
from convosphere.knowledge.models import Document, DocumentVersion
from convosphere.knowledge.queries.access import may_access_trashed


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


@dataclass(frozen=True)
class TrashRow:
    """A document in the trash."""

    id: UUID
    name: str
    size: int
    by: str
    trashed_at: datetime


async def list_rows(uow: UnitOfWork, skip: int, most: int) -> list[TrashRow]:
    """What of it the actor manages, the latest first."""
    rows = await uow.session.execute(
        select(
            col(Document.id), col(Document.name), col(DocumentVersion.size),
            func.coalesce(col(Account.name), "").label("by"), col(Document.trashed_at),
        )
        .join(DocumentVersion, col(DocumentVersion.id) == col(Document.current_version_id))
        .outerjoin(Account, col(Account.id) == col(Document.trashed_by))
        .where(may_access_trashed(uow, "manage"))
        .order_by(col(Document.trashed_at).desc(), col(Document.id).desc())
        .offset(skip)
        .limit(most)
    )  # fmt: skip
    return [TrashRow(**row) for row in rows.mappings()]


async def count(uow: UnitOfWork) -> int:
    """How much of it the actor manages."""
    counted = select(func.count()).select_from(Document).where(may_access_trashed(uow, "manage"))
    return await uow.session.scalar(counted) or 0


async def list_expired(uow: UnitOfWork, kept: timedelta, most: int) -> list[UUID]:
    """Some that have been there for so long, the longest first."""
    expired = select(col(Document.id)).where(col(Document.trashed_at) < func.now() - kept)
    return list(await uow.session.scalars(expired.order_by(col(Document.trashed_at)).limit(most)))
