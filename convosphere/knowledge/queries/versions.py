"""The versions of a document. The caller has fetched the document, with the right for what it does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select, text, tuple_
from sqlalchemy.orm import defer
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.models import AccessGrant
from convosphere.knowledge.models import Document, DocumentVersion
from convosphere.knowledge.queries.access import DOCUMENT, may_access_document

_WITHOUT_TEXT = defer(DocumentVersion.text)  # pyright: ignore[reportArgumentType]  # SQLModel types it as a value.
# What came before versions had authors was brought by whoever its document belongs to.
_LIST = text("""
    SELECT v.id, v.number, v.file_name, v.size, v.why, coalesce(a.name, '') AS author, v.created_at,
           v.parsed_at IS NOT NULL AS is_read, s.error
    FROM document_version AS v
    JOIN document AS d ON d.id = v.document_id
    LEFT JOIN account AS a ON a.id = coalesce(v.author_id, CASE WHEN v.number = 1 THEN d.owner_id END)
    LEFT JOIN document_stage AS s ON s.document_version_id = v.id AND s.stage = 'read' AND s.state <> 'done'
    WHERE v.document_id = :document_id ORDER BY v.number DESC LIMIT :most
""")
_IS_NAMED = text("SELECT id FROM document WHERE workspace_id = :workspace_id AND name = :name LIMIT 1")
_KEEP_OUTLINE = text("""
    INSERT INTO version_outline (document_version_id, workspace_id, starts, ends, pages, headings)
    SELECT p.document_version_id, p.workspace_id, array_agg(p.start_offset ORDER BY p.number),
           array_agg(p.end_offset ORDER BY p.number), array_agg(p.page ORDER BY p.number),
           array_agg(p.heading ORDER BY p.number)
    FROM passage AS p JOIN passage_set AS s ON s.id = p.passage_set_id AND s.is_current
    WHERE p.document_version_id = :version_id GROUP BY p.document_version_id, p.workspace_id
    ON CONFLICT DO NOTHING
""")


@dataclass(frozen=True)
class _Named:
    id: UUID


@dataclass(frozen=True)
class StoredVersion:
    """A row of the list of versions; `error` is why reading it failed, as a message's dict."""

    id: UUID
    number: int
    file_name: str
    size: int
    why: str
    author: str
    created_at: datetime
    is_read: bool
    error: dict[str, Any] | None


async def list_rows(uow: UnitOfWork, document_id: UUID, most: int) -> list[StoredVersion]:
    """The latest versions, newest first."""
    return await uow.rows(StoredVersion, _LIST, {"document_id": document_id, "most": most})


async def find_version(uow: UnitOfWork, document_id: UUID, number: int | None = None) -> DocumentVersion | None:
    """A version by its number, without its text; without one the newest."""
    statement = select(DocumentVersion).where(col(DocumentVersion.document_id) == document_id)
    if number is not None:
        statement = statement.where(col(DocumentVersion.number) == number)
    newest = statement.order_by(col(DocumentVersion.number).desc()).limit(1)
    return await uow.session.scalar(newest.options(_WITHOUT_TEXT).execution_options(populate_existing=True))


async def list_newest(uow: UnitOfWork, document_ids: Sequence[UUID]) -> list[DocumentVersion]:
    """The newest version of each of some documents, without its text."""
    is_newest = tuple_(col(DocumentVersion.document_id), col(DocumentVersion.number)).in_(_latest(document_ids))
    return list(await uow.session.scalars(select(DocumentVersion).where(is_newest).options(_WITHOUT_TEXT)))


async def get_current(uow: UnitOfWork, document: Document) -> DocumentVersion:
    """The version that a document is now, without its text."""
    statement = select(DocumentVersion).where(col(DocumentVersion.id) == document.current_version_id)
    return (await uow.session.scalars(statement.options(_WITHOUT_TEXT))).one()


async def find_named(
    uow: UnitOfWork, name: str, folder_id: UUID | None, sha256: str, *, is_shared: bool, only_same: bool
) -> Document | None:
    """The document that a file would be a version of, or the very same as: by its name, in its folder, locked.

    In a folder it is one that the actor may edit, outside of all one of their own; `only_same` leaves the very same.
    What the actor wants for themselves becomes no version of what somebody was given, unless it is that already. Who
    asks has taken turns for the name.
    """
    if not await uow.rows(_Named, _IS_NAMED, {"workspace_id": uow.workspace_id, "name": name}):
        return None  # As with most uploads; who may edit what takes ten times as long to ask.
    document, is_same = col(Document.id), col(DocumentVersion.sha256) == sha256
    is_own = col(Document.owner_id) == uow.account_id
    given = select(col(AccessGrant.object_id)).where(
        col(AccessGrant.object_type) == DOCUMENT, col(AccessGrant.object_id) == document, ~col(AccessGrant.is_deny)
    )
    newest = func.coalesce(col(Document.next_version_id), col(Document.current_version_id))
    statement = (
        select(Document)
        .join(DocumentVersion, and_(col(DocumentVersion.document_id) == document, col(DocumentVersion.id) == newest))
        .where(
            col(Document.workspace_id) == uow.workspace_id,
            col(Document.name) == name,
            col(Document.folder_id).is_not_distinct_from(folder_id),
            ~col(Document.is_attached),
            may_access_document(uow, "edit"),
        )
        .order_by(is_same.desc(), is_own.desc(), document.desc())
        .limit(1)
        .with_for_update(of=Document)
    )
    if folder_id is None:
        statement = statement.where(is_own)
    if only_same:
        statement = statement.where(is_same)
    if not is_shared:
        statement = statement.where(is_same | ~given.exists())
    return await uow.session.scalar(statement)


async def add_versions(uow: UnitOfWork, versions: Sequence[DocumentVersion]) -> None:
    """Store a version of each of some documents, which are locked, with the next number of each."""
    found = await uow.session.execute(_latest([version.document_id for version in versions]))
    latest = {row[0]: row[1] for row in found}
    for version in versions:
        version.number = latest.get(version.document_id, 0) + 1
    uow.session.add_all(versions)
    await uow.session.flush()


async def keep_outline(uow: UnitOfWork, version_id: UUID) -> None:
    """Keep where the passages of a version lie, before they are taken out of the index."""
    await uow.session.execute(_KEEP_OUTLINE, {"version_id": version_id})


def _latest(document_ids: Sequence[UUID]) -> Select[UUID, int]:
    """The highest number of the versions of each document."""
    document_id = col(DocumentVersion.document_id)
    numbers = select(document_id, func.max(col(DocumentVersion.number)))
    return numbers.where(document_id.in_(document_ids)).group_by(document_id)
