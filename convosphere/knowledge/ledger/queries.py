"""Entering and reading stages. One statement, however many stages."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.ledger.models import DocumentStage
from convosphere.knowledge.ledger.schemas import StageEnd
from convosphere.knowledge.search.models import PassageVector
from convosphere.knowledge.search.vectors import served_vector_set


async def enter(uow: UnitOfWork, version_id: UUID, ends: Sequence[StageEnd]) -> None:
    """Enter how stages ended; attempts at a stage that ended before add up."""
    rows = [
        {
            "document_version_id": version_id,
            "stage": end.stage.value,
            "workspace_id": uow.workspace_id,
            "state": end.state.value,
            "amount": end.amount,
            "milliseconds": end.milliseconds,
            "attempts": end.attempts,
            "error": end.error.as_dict() if end.error else None,
        }
        for end in ends
    ]
    new = insert(DocumentStage).values(rows)
    told = new.excluded
    await uow.session.execute(
        new.on_conflict_do_update(
            index_elements=["document_version_id", "stage"],
            set_={
                "state": told.state,
                "amount": told.amount,
                "milliseconds": told.milliseconds,
                "attempts": col(DocumentStage.attempts) + told.attempts,
                "error": told.error,
                "ended_at": func.now(),
            },
        )
    )


async def list_stages(uow: UnitOfWork, version_id: UUID) -> list[DocumentStage]:
    """What was entered of a version. The caller has fetched its document."""
    found = await uow.session.scalars(select(DocumentStage).where(col(DocumentStage.document_version_id) == version_id))
    return list(found)


async def count_vectors(uow: UnitOfWork, version_id: UUID) -> int | None:
    """How many passages of a version have a vector of the model that is searched; None without such a model."""
    if (served := await served_vector_set(uow)) is None:
        return None
    return await uow.session.scalar(
        select(func.count())
        .select_from(PassageVector)
        .where(col(PassageVector.document_version_id) == version_id, col(PassageVector.vector_set_id) == served.id)
    )
