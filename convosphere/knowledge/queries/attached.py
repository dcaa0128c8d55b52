"""The SQL of documents that came with messages."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.models import Document, DocumentVersion
from convosphere.knowledge.queries.access import may_access_document


async def count_characters(uow: UnitOfWork, version_id: UUID) -> int:
    """How long the text of a version is."""
    length = func.coalesce(func.length(col(DocumentVersion.text)), 0)
    return await uow.session.scalar(select(length).where(col(DocumentVersion.id) == version_id)) or 0


async def list_texts(uow: UnitOfWork, document_ids: Sequence[UUID], most: int) -> dict[UUID, str]:
    """The texts of those of some documents that the actor may view, each up to so many characters."""
    rows = await uow.session.execute(
        select(col(Document.id), func.left(func.coalesce(col(DocumentVersion.text), ""), most))
        .join(DocumentVersion, col(DocumentVersion.id) == col(Document.current_version_id))
        .where(col(Document.id).in_(document_ids), may_access_document(uow, "view"))
    )
    return {row[0]: row[1] for row in rows}


async def list_attached(uow: UnitOfWork, document_ids: Sequence[UUID]) -> list[UUID]:
    """Those of some documents that only came with messages, held."""
    attached = select(col(Document.id)).where(col(Document.id).in_(document_ids), col(Document.is_attached))
    return list(await uow.session.scalars(attached.order_by(col(Document.id)).with_for_update()))
