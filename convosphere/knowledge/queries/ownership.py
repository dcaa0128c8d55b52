"""The SQL of what somebody owns, for when they leave."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, update
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.models import Document
from convosphere.knowledge.queries.rows import is_given


async def count_owned(uow: UnitOfWork, account_id: UUID) -> tuple[int, int]:
    """How many documents a person has for themselves, and how many they share."""
    counted = await uow.session.execute(
        select(func.count().filter(~is_given()), func.count().filter(is_given())).where(
            col(Document.owner_id) == account_id
        )
    )
    own, shared = counted.one()
    return own, shared


async def list_owned(uow: UnitOfWork, account_id: UUID, most: int, *, only_shared: bool = False) -> list[UUID]:
    """Some of a person's documents."""
    owned = select(col(Document.id)).where(col(Document.owner_id) == account_id).order_by(col(Document.id)).limit(most)
    return list(await uow.session.scalars(owned.where(is_given()) if only_shared else owned))


async def hand_over(uow: UnitOfWork, document_ids: Sequence[UUID], heir_id: UUID) -> list[tuple[UUID, str]]:
    """Give documents another owner; gives them with their names. What was granted on them stays."""
    given = await uow.session.execute(
        update(Document)
        .where(col(Document.id).in_(document_ids))
        .values(owner_id=heir_id)
        .returning(col(Document.id), col(Document.name))
    )
    return [(row[0], row[1]) for row in given]
