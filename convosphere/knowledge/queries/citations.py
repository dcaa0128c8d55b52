"""The SQL of citations."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.models import Document
from convosphere.knowledge.queries.access import may_access_document


async def visible_document_names(uow: UnitOfWork, document_ids: Collection[UUID]) -> dict[UUID, str]:
    """Names of those of some documents that the actor may see now."""
    if not document_ids:
        return {}
    statement = select(col(Document.id), col(Document.name)).where(
        col(Document.id).in_(document_ids), may_access_document(uow, "view")
    )
    return {row[0]: row[1] for row in await uow.session.execute(statement)}
