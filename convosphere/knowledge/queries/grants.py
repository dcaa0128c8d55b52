"""The SQL of what is granted of many documents at once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from convosphere.core.identifiers import new_id
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.grants import Level
from convosphere.identity.models import AccessGrant
from convosphere.identity.queries.grants import SubjectType
from convosphere.knowledge.models import Document
from convosphere.knowledge.queries.documents import OBJECT_TYPE


@dataclass(frozen=True)
class GivenRow:
    """What was given of a document; `subject_id` is empty for everyone."""

    document_id: UUID
    subject_type: str
    subject_id: str
    level: str

    def as_dict(self) -> dict[str, str]:
        """All but the document."""
        said = asdict(self)
        del said["document_id"]
        return said


async def list_given(uow: UnitOfWork, document_ids: Sequence[UUID]) -> dict[UUID, list[GivenRow]]:
    """What was given of some documents, to whomever."""
    rows = await uow.session.execute(
        select(
            col(AccessGrant.object_id), col(AccessGrant.subject_type), col(AccessGrant.subject_id),
            col(AccessGrant.level),
        ).where(_is_given(document_ids))
    )  # fmt: skip
    given: dict[UUID, list[GivenRow]] = defaultdict(list)
    for document_id, subject_type, subject_id, level in rows:
        given[document_id].append(GivenRow(document_id, subject_type, str(subject_id or ""), level))
    return given


async def give(
    uow: UnitOfWork, document_ids: Sequence[UUID], subject_type: SubjectType, subject_id: UUID | None, level: Level
) -> None:
    """Give it of each document, in place of what the same had or was denied."""
    await uow.session.execute(delete(AccessGrant).where(_is_of(document_ids, subject_type, subject_id)))
    key = str(subject_id or "")
    await _insert(uow, [GivenRow(document_id, subject_type, key, level) for document_id in document_ids])


async def take_from(uow: UnitOfWork, document_ids: Sequence[UUID], account_id: UUID) -> None:
    """Take back what a person was given of documents."""
    await uow.session.execute(delete(AccessGrant).where(_is_of(document_ids, "person", account_id)))


async def replace(uow: UnitOfWork, document_ids: Sequence[UUID], rows: Sequence[GivenRow]) -> None:
    """Give these, and nothing else; whoever is kept out stays out."""
    await uow.session.execute(delete(AccessGrant).where(_is_given(document_ids)))
    # A person who was given something then may own the document by now.
    owned = select(col(Document.id), col(Document.owner_id)).where(col(Document.id).in_(document_ids))
    owners = {row[0]: row[1] for row in await uow.session.execute(owned)}
    await _insert(uow, [row for row in rows if row.subject_id != str(owners.get(row.document_id))])


async def _insert(uow: UnitOfWork, rows: Sequence[GivenRow]) -> None:
    if not rows:
        return
    values = [
        {"id": new_id(), "workspace_id": uow.workspace_id, "subject_type": row.subject_type,
         "subject_id": UUID(row.subject_id) if row.subject_id else None, "object_type": OBJECT_TYPE,
         "object_id": row.document_id, "level": row.level, "is_deny": False, "created_by": uow.actor.account_id}
        for row in rows
    ]  # fmt: skip
    await uow.session.execute(insert(AccessGrant).values(values).on_conflict_do_nothing())


def _is_given(document_ids: Sequence[UUID]) -> ColumnElement[bool]:
    of_these = (col(AccessGrant.object_type) == OBJECT_TYPE) & col(AccessGrant.object_id).in_(document_ids)
    return of_these & ~col(AccessGrant.is_deny)


def _is_of(document_ids: Sequence[UUID], subject_type: str, subject_id: UUID | None) -> ColumnElement[bool]:
    return (
        (col(AccessGrant.object_type) == OBJECT_TYPE)
        & col(AccessGrant.object_id).in_(document_ids)
        & (col(AccessGrant.subject_type) == subject_type)
        & col(AccessGrant.subject_id).is_not_distinct_from(subject_id)
    )
