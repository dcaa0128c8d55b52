"""Fetching, listing and changing documents; fetching is authorising."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from convosphere.core.identifiers import new_id
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.grants import Level
from convosphere.identity.models import AccessGrant, Account
from convosphere.knowledge.errors import DocumentNotFoundError
from convosphere.knowledge.models import Document, DocumentMark, DocumentStatus, DocumentVersion
from convosphere.knowledge.queries.access import (
    DOCUMENT,
    may_access_anywhere,
    may_access_document,
    may_access_trashed,
)
from convosphere.knowledge.queries.filtering import is_behind, is_shown, order
from convosphere.knowledge.queries.rows import DocumentColumns, document_rows
from convosphere.knowledge.schemas import DocumentCounts, DocumentFilter, DocumentQuery

OBJECT_TYPE = DOCUMENT
WORKING = (DocumentStatus.STORED, DocumentStatus.PARSED, DocumentStatus.CHUNKED, DocumentStatus.INDEXED)


async def get_document(uow: UnitOfWork, document_id: UUID, level: Level, *, lock: bool = False) -> Document:
    """A document with which the actor may do `level`.

    Raises:
        DocumentNotFoundError: there is none.
    """
    statement = select(Document).where(col(Document.id) == document_id, may_access_document(uow, level))
    document = await uow.session.scalar(statement.with_for_update(of=Document) if lock else statement)
    if document is None:
        raise DocumentNotFoundError
    return document


async def list_documents(uow: UnitOfWork, document_ids: Sequence[UUID], level: Level) -> list[Document]:
    """Those of some documents with which the actor may do `level`, locked in a fixed order."""
    return await _locked(uow, document_ids, may_access_document(uow, level))


async def list_trashed(uow: UnitOfWork, document_ids: Sequence[UUID], level: Level) -> list[Document]:
    """The same of those in the trash."""
    return await _locked(uow, document_ids, may_access_trashed(uow, level))


async def list_anywhere(uow: UnitOfWork, document_ids: Sequence[UUID], level: Level) -> list[Document]:
    """The same, also of those in the trash."""
    return await _locked(uow, document_ids, may_access_anywhere(uow, level))


async def list_names(uow: UnitOfWork, document_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Those of some documents that the actor may view, with their names, in the order of these."""
    named = select(col(Document.id), col(Document.name)).where(
        col(Document.id).in_(document_ids), may_access_document(uow, "view")
    )
    return {row[0]: row[1] for row in await uow.session.execute(named.order_by(func.lower(col(Document.name))))}


async def list_followers(uow: UnitOfWork, document_id: UUID) -> list[UUID]:
    """Who wants to be told of a document; whether they still see it is asked when they are told."""
    statement = select(col(DocumentMark.account_id)).where(
        col(DocumentMark.document_id) == document_id, col(DocumentMark.followed_at).is_not(None)
    )
    return list(await uow.session.scalars(statement))


async def may_access(uow: UnitOfWork, document_id: UUID, level: Level) -> bool:
    """Whether the actor may do `level` with a document."""
    found = select(col(Document.id)).where(col(Document.id) == document_id, may_access_document(uow, level))
    return await uow.session.scalar(found) is not None


async def list_contents(uow: UnitOfWork, document_ids: Sequence[UUID], level: Level) -> list[tuple[UUID, str, str]]:
    """Those of some documents with which the actor may do `level`: id, name and SHA-256 of the current file."""
    return await _contents(uow, and_(col(Document.id).in_(document_ids), may_access_document(uow, level)))


async def find_contents(uow: UnitOfWork, digests: Sequence[str]) -> list[tuple[UUID, str, str]]:
    """The same of those whose current file has one of some digests, the newest first."""
    return await _contents(uow, col(DocumentVersion.sha256).in_(digests))


async def _locked(uow: UnitOfWork, document_ids: Sequence[UUID], condition: ColumnElement[bool]) -> list[Document]:
    statement = (
        select(Document)
        .where(col(Document.id).in_(document_ids), condition)
        .order_by(col(Document.id))
        .with_for_update(of=Document)
    )
    return list(await uow.session.scalars(statement))


async def _contents(uow: UnitOfWork, condition: ColumnElement[bool]) -> list[tuple[UUID, str, str]]:
    found = (
        select(col(Document.id), col(Document.name), col(DocumentVersion.sha256))
        .join(DocumentVersion, col(DocumentVersion.id) == col(Document.current_version_id))
        .where(condition, may_access_document(uow, "view"))
        .order_by(col(Document.created_at).desc(), col(Document.id))
    )
    return [(row[0], row[1], row[2]) for row in await uow.session.execute(found)]


async def get_row(uow: UnitOfWork, document_id: UUID) -> DocumentColumns:
    """One row as of `list_rows`.

    Raises:
        DocumentNotFoundError: the actor sees no such document.
    """
    row = (
        await uow.session.execute(
            document_rows(uow).where(col(Document.id) == document_id, may_access_document(uow, "view"))
        )
    ).first()
    if row is None:
        raise DocumentNotFoundError
    return row


async def list_rows(uow: UnitOfWork, query: DocumentQuery, limit: int) -> list[DocumentColumns]:
    """What the actor sees, in order, at most `limit` rows."""
    shown = select(col(Document.id)).where(is_shown(uow, query.filter))
    if query.after:
        shown = shown.where(is_behind(query.sort, query.after))
    shown = shown.order_by(*order(query.sort)).offset(query.skip).limit(limit)
    statement = document_rows(uow).where(col(Document.id).in_(shown)).order_by(*order(query.sort))
    return list(await uow.session.execute(statement))


async def list_newest(uow: UnitOfWork, most: int) -> list[tuple[Document, str]]:
    """The latest documents that can be asked and that the actor sees, with their owners' names."""
    statement = (
        select(Document, col(Account.name))
        .join(Account, col(Account.id) == col(Document.owner_id))
        .where(
            may_access_document(uow, "view"), ~col(Document.is_attached), col(Document.status) == DocumentStatus.READY
        )
        .order_by(col(Document.id).desc())
        .limit(most)
    )
    return [(row[0], row[1]) for row in await uow.session.execute(statement)]


async def list_newest_followed(uow: UnitOfWork, most: int) -> list[tuple[Document, str, datetime]]:
    """Documents that the actor follows, sees and that have a new version since, with its author's name and moment."""
    statement = (
        select(Document, func.coalesce(col(Account.name), ""), col(DocumentVersion.created_at))
        .join(DocumentMark, col(DocumentMark.document_id) == col(Document.id))
        .join(DocumentVersion, col(DocumentVersion.id) == col(Document.current_version_id))
        .outerjoin(Account, col(Account.id) == col(DocumentVersion.author_id))
        .where(
            col(DocumentMark.account_id) == uow.account_id,
            col(DocumentVersion.created_at) > col(DocumentMark.followed_at),
            may_access_document(uow, "view"),
        )
        .order_by(col(DocumentVersion.created_at).desc())
        .limit(most)
    )
    return [(row[0], row[1], row[2]) for row in await uow.session.execute(statement)]


async def list_being_read(uow: UnitOfWork, most: int) -> list[Document]:
    """The actor's own documents that are being read now, the latest first."""
    statement = (
        select(Document)
        .where(
            col(Document.owner_id) == uow.account_id,
            col(Document.status).in_(WORKING),
            ~col(Document.is_attached),
            col(Document.trashed_at).is_(None),
        )
        .order_by(col(Document.id).desc())
        .limit(most)
    )
    return list(await uow.session.scalars(statement))


async def count_documents(uow: UnitOfWork, wanted: DocumentFilter) -> DocumentCounts:
    """How many a filter shows to the actor, by what can be done with them."""
    status = col(Document.status)
    counts = await uow.session.execute(
        select(
            func.count(),
            func.count().filter(status == DocumentStatus.READY),
            func.count().filter(status.in_(WORKING)),
            func.count().filter(status == DocumentStatus.FAILED),
        ).where(is_shown(uow, wanted))
    )
    return DocumentCounts(*counts.one())


async def add_document(uow: UnitOfWork, document: Document, version: DocumentVersion) -> None:
    """Store a new document with its first version."""
    uow.session.add_all([document, version])
    await uow.session.flush()


async def rename_document(uow: UnitOfWork, document_id: UUID, name: str) -> None:
    """Give a document another name."""
    await uow.session.execute(
        update(Document).where(col(Document.id) == document_id).values(name=name, updated_at=func.now())
    )


async def list_version_ids(uow: UnitOfWork, document_ids: Sequence[UUID]) -> list[UUID]:
    """All versions of some documents."""
    statement = select(col(DocumentVersion.id)).where(col(DocumentVersion.document_id).in_(document_ids))
    return list(await uow.session.scalars(statement))


async def delete_documents(uow: UnitOfWork, document_ids: Sequence[UUID]) -> None:
    """Delete documents, their versions and what was granted on them."""
    await uow.session.execute(delete(AccessGrant).where(_is_grant_on(document_ids)))
    await uow.session.execute(delete(Document).where(col(Document.id).in_(document_ids)))


async def share_with_everyone(uow: UnitOfWork, document_ids: Sequence[UUID]) -> None:
    """Let everyone in the workspace see and ask documents."""
    rows = [
        {"id": new_id(), "workspace_id": uow.workspace_id, "subject_type": "everyone", "subject_id": None,
         "object_type": OBJECT_TYPE, "object_id": document_id, "level": "use", "is_deny": False,
         "created_by": uow.actor.account_id}
        for document_id in document_ids
    ]  # fmt: skip
    await uow.session.execute(insert(AccessGrant).values(rows).on_conflict_do_nothing())


async def unshare(uow: UnitOfWork, document_ids: Sequence[UUID]) -> None:
    """Take back all that was given, to whomever; whoever is kept out stays out."""
    is_given = col(AccessGrant.is_deny).is_(False)
    await uow.session.execute(delete(AccessGrant).where(_is_grant_on(document_ids), is_given))


def _is_grant_on(document_ids: Sequence[UUID]) -> ColumnElement[bool]:
    return (col(AccessGrant.object_type) == OBJECT_TYPE) & col(AccessGrant.object_id).in_(document_ids)
