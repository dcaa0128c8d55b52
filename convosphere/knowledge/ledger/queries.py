"""Entering and reading stages. One statement, however many stages."""

import json
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, text
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.ledger.models import DocumentStage
from convosphere.knowledge.ledger.schemas import StageEnd
from convosphere.knowledge.search.models import PassageVector
from convosphere.knowledge.search.vectors import served_vector_set

_ENTER = text("""
    INSERT INTO document_stage AS s
        (document_version_id, workspace_id, stage, state, amount, milliseconds, attempts, error)
    SELECT :document_version_id, :workspace_id, n.*
    FROM unnest(CAST(:stages AS text[]), CAST(:states AS text[]), CAST(:amounts AS bigint[]),
                CAST(:milliseconds AS int[]), CAST(:attempts AS int[]), CAST(CAST(:errors AS text[]) AS jsonb[])) AS n
    ON CONFLICT (document_version_id, stage) DO UPDATE SET state = excluded.state, amount = excluded.amount,
        milliseconds = excluded.milliseconds, attempts = s.attempts + excluded.attempts, error = excluded.error,
        ended_at = now()
""")


def enter(uow: UnitOfWork, version_id: UUID, ends: Sequence[StageEnd]) -> None:
    """Enter, when the unit commits, how stages ended; attempts at a stage that ended before add up."""
    uow.defer(
        _ENTER,
        {
            "document_version_id": version_id,
            "workspace_id": uow.workspace_id,
            "stages": [end.stage.value for end in ends],
            "states": [end.state.value for end in ends],
            "amounts": [end.amount for end in ends],
            "milliseconds": [end.milliseconds for end in ends],
            "attempts": [end.attempts for end in ends],
            "errors": [json.dumps(end.error.as_dict()) if end.error else None for end in ends],
        },
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
