"""The SQL of what people mark documents as."""

from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.models import DocumentMark


async def set_favourite(uow: UnitOfWork, document_id: UUID, *, is_favourite: bool) -> None:
    """Mark a document as a favourite of the actor, or as none."""
    favoured_at = func.now() if is_favourite else None
    mark = {"account_id": uow.account_id, "document_id": document_id, "workspace_id": uow.workspace_id}
    statement = insert(DocumentMark).values(mark | {"favoured_at": favoured_at})
    await uow.session.execute(
        statement.on_conflict_do_update(index_elements=["account_id", "document_id"], set_={"favoured_at": favoured_at})
    )
