"""The SQL of citations."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import case, select
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.models import Document
from convosphere.knowledge.queries.access import may_access_document
from convosphere.knowledge.queries.filtering import is_review_due


@dataclass(frozen=True)
class CitedDocument:
    """What stands beside a citation: a name, the day that the document is from, and when its review was due."""

    name: str = ""
    dated_on: date | None = None
    review_due_on: date | None = None


async def visible_documents(uow: UnitOfWork, document_ids: Collection[UUID]) -> dict[UUID, CitedDocument]:
    """Those of some documents that the actor may see now."""
    if not document_ids:
        return {}
    due = case((is_review_due(), col(Document.review_on)))
    statement = select(col(Document.id), col(Document.name), col(Document.dated_on), due).where(
        col(Document.id).in_(document_ids), may_access_document(uow, "view")
    )
    return {row[0]: CitedDocument(*row[1:]) for row in await uow.session.execute(statement)}
