"""What was read of a version. The caller has fetched its document first."""

from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import defer
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.errors import PassageGoneError
from convosphere.knowledge.models import Document, DocumentVersion
from convosphere.knowledge.queries.access import may_access_document
from convosphere.knowledge.schemas import PassageText
from convosphere.knowledge.search.models import Passage, PassageSet


async def get_version(uow: UnitOfWork, version_id: UUID) -> DocumentVersion:
    """A version without its text, which may be long."""
    statement = select(DocumentVersion).where(col(DocumentVersion.id) == version_id)
    without_text = defer(DocumentVersion.text)  # pyright: ignore[reportArgumentType]  # SQLModel types it as a value.
    return (await uow.session.scalars(statement.options(without_text))).one()


async def count(uow: UnitOfWork, version_id: UUID) -> tuple[int, int]:
    """Characters and passages of a version."""
    characters = select(func.coalesce(func.length(col(DocumentVersion.text)), 0)).where(
        col(DocumentVersion.id) == version_id
    )
    passages = (
        select(func.count())
        .select_from(Passage)
        .join(PassageSet, _in_current_set())
        .where(col(Passage.document_version_id) == version_id)
    )
    row = await uow.session.execute(select(characters.scalar_subquery(), passages.scalar_subquery()))
    characters_and_passages = row.one()
    return characters_and_passages[0], characters_and_passages[1]


async def list_passages(uow: UnitOfWork, version_id: UUID, after: int, limit: int) -> list[PassageText]:
    """The passages of a version behind number `after`, in order."""
    rows = await uow.session.execute(
        select(
            col(Passage.number), col(Passage.text), col(Passage.start_offset), col(Passage.end_offset),
            col(Passage.page), col(Passage.heading),
        )
        .join(PassageSet, _in_current_set())
        .where(col(Passage.document_version_id) == version_id, col(Passage.number) > after)
        .order_by(col(Passage.number))
        .limit(limit)
    )  # fmt: skip
    return [PassageText(*row) for row in rows]


async def find_stretch(uow: UnitOfWork, version_id: UUID, end: int) -> Row[UUID, str, str]:
    """Document id, document name and file name of a version that has at least `end` characters.

    Raises:
        PassageGoneError: the actor sees no such version, or it is shorter.
    """
    found = await uow.session.execute(
        select(col(Document.id), col(Document.name), col(DocumentVersion.file_name))
        .join(Document, col(Document.id) == col(DocumentVersion.document_id))
        .where(
            col(DocumentVersion.id) == version_id,
            may_access_document(uow, "view"),
            func.length(col(DocumentVersion.text)) >= end,
        )
    )
    if (row := found.first()) is None:
        raise PassageGoneError
    return row


async def cut(
    uow: UnitOfWork, version_id: UUID, stretch: tuple[int, int], around: tuple[int, int]
) -> Row[str, str, str]:
    """What stands before, in and behind a stretch of a version's text, within the bounds around it."""
    (start, end), (first, last) = stretch, around
    text = col(DocumentVersion.text)
    found = await uow.session.execute(
        select(
            func.substr(text, first + 1, start - first),
            func.substr(text, start + 1, end - start),
            func.substr(text, end + 1, last - end),
        ).where(col(DocumentVersion.id) == version_id)
    )
    return found.one()


async def bounds_around(uow: UnitOfWork, version_id: UUID, start: int, end: int) -> tuple[int, int]:
    """Where the passage before a stretch begins, and where the one behind it ends."""
    of_version = (
        select(Passage)
        .join(PassageSet, _in_current_set())
        .where(col(Passage.document_version_id) == version_id)
        .with_only_columns(col(Passage.start_offset), col(Passage.end_offset))
    )
    before = of_version.where(col(Passage.start_offset) <= start).order_by(col(Passage.start_offset).desc()).limit(2)
    behind = of_version.where(col(Passage.end_offset) >= end).order_by(col(Passage.end_offset)).limit(2)
    starts = [row.start_offset for row in await uow.session.execute(before)]
    ends = [row.end_offset for row in await uow.session.execute(behind)]
    return min(starts, default=start), max(ends, default=end)


async def get_page(uow: UnitOfWork, version_id: UUID, start: int) -> int | None:
    """The page that a passage starts on, by its offset."""
    return await uow.session.scalar(
        select(col(Passage.page))
        .join(PassageSet, _in_current_set())
        .where(col(Passage.document_version_id) == version_id, col(Passage.start_offset) <= start)
        .order_by(col(Passage.start_offset).desc())
        .limit(1)
    )


def _in_current_set() -> ColumnElement[bool]:
    return (col(PassageSet.id) == col(Passage.passage_set_id)) & col(PassageSet.is_current)
