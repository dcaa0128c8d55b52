"""The SQL of what people mark documents as."""

from typing import Literal
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.models import DocumentMark

Mark = Literal["favoured_at", "followed_at"]


async def mark(uow: UnitOfWork, document_id: UUID, as_what: Mark, *, is_marked: bool) -> None:
    """Mark a document for the actor, or take the mark away."""
    told = {as_what: func.now() if is_marked else None}
    row = {"account_id": uow.account_id, "document_id": document_id, "workspace_id": uow.workspace_id}
    statement = insert(DocumentMark).values(row | told)
    await uow.session.execute(statement.on_conflict_do_update(index_elements=["account_id", "document_id"], set_=told))
