"""Showing, renaming and sharing documents."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from convosphere.core.audit.actions import DOCUMENT_SHARED
from convosphere.core.authorization import require
from convosphere.core.i18n import Message, t
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.files.names import clean_name
from convosphere.knowledge.duplicates.service import list_alike
from convosphere.knowledge.errors import DocumentNotFoundError, NameMissingError, NotRetryableError
from convosphere.knowledge.ledger.schemas import StageRow
from convosphere.knowledge.ledger.service import list_stages
from convosphere.knowledge.metadata.schemas import Metadata
from convosphere.knowledge.metadata.service import metadata_of
from convosphere.knowledge.models import Document, DocumentStatus, DocumentVersion
from convosphere.knowledge.parsing.schemas import ParseWarning, WarningCode
from convosphere.knowledge.queries import documents as queries
from convosphere.knowledge.queries import facets, processing, texts
from convosphere.knowledge.queries.access import TAKE
from convosphere.knowledge.queries.rows import DocumentColumns
from convosphere.knowledge.schemas import (
    ALL_DOCUMENTS,
    DocumentCounts,
    DocumentCursor,
    DocumentDetail,
    DocumentFilter,
    DocumentPage,
    DocumentQuery,
    DocumentRow,
    Facets,
    TagLabel,
)
from convosphere.knowledge.service.announcements import announce, enqueue_processing
from convosphere.knowledge.service.versions import list_of, read_anew

MOST_ROWS = 200
MOST_FACETS = 30


async def list_documents(actor: Actor, query: DocumentQuery) -> DocumentPage:
    """A page of the documents that the actor sees."""
    require(actor, Permission.DOCUMENT_READ)
    limit = max(1, min(query.limit, MOST_ROWS))
    async with unit_of_work(actor) as uow:
        found = await queries.list_rows(uow, query, limit + 1)
    rows = tuple(_row(actor, row) for row in found[:limit])
    return DocumentPage(rows, _cursor(rows[-1]) if len(found) > limit else None)


async def count_documents(actor: Actor, wanted: DocumentFilter = ALL_DOCUMENTS) -> DocumentCounts:
    """How many documents a filter shows to the actor."""
    require(actor, Permission.DOCUMENT_READ)
    async with unit_of_work(actor) as uow:
        return await queries.count_documents(uow, wanted)


async def list_names(uow: UnitOfWork, document_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Those of some documents that the unit's actor sees, with their names."""
    return await queries.list_names(uow, document_ids)


async def list_contents(uow: UnitOfWork, document_ids: Sequence[UUID]) -> list[tuple[UUID, str, str]]:
    """Those of some documents that the unit's actor sees: id, name and SHA-256 of the current file."""
    return await queries.list_contents(uow, document_ids, "view")


async def list_files(uow: UnitOfWork, document_ids: Sequence[UUID]) -> list[tuple[UUID, str, str]]:
    """The same of those whose files they may have."""
    return await queries.list_contents(uow, document_ids, TAKE)


async def find_contents(uow: UnitOfWork, digests: Sequence[str]) -> list[tuple[UUID, str, str]]:
    """Documents that the unit's actor sees and whose current file has one of some digests, the newest first."""
    return await queries.find_contents(uow, digests)


async def list_facets(actor: Actor) -> Facets:
    """What the documents that the actor sees can be told apart by."""
    require(actor, Permission.DOCUMENT_READ)
    async with unit_of_work(actor) as uow:
        return await facets.list_facets(uow, MOST_FACETS)


async def get_document(actor: Actor, document_id: UUID) -> DocumentDetail:
    """A document with what is known of it.

    Raises:
        DocumentNotFoundError: the actor sees no such document.
    """
    require(actor, Permission.DOCUMENT_READ)
    async with unit_of_work(actor) as uow:
        row = await queries.get_row(uow, document_id)
        version = await texts.get_version(uow, row[0].current_version_id)
        characters, passages = await texts.count(uow, version.id)
        stages = await list_stages(uow, row[0], version.size, characters, passages)
        metadata = metadata_of(row[0], version)
        detail = _detail(_row(actor, row), version, metadata, characters=characters, passages=passages, stages=stages)
        versions, alike = tuple(await list_of(uow, row[0])), tuple(await list_alike(uow, row[0]))
        return replace(detail, versions=versions, alike=alike)


async def rename_document(actor: Actor, document_id: UUID, name: str) -> None:
    """Give a document another name.

    Raises:
        DocumentNotFoundError: the actor may not edit such a document.
        NameMissingError: nothing is left of the name.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    name = clean_name(name)
    if not name:
        raise NameMissingError
    async with unit_of_work(actor) as uow:
        await queries.get_document(uow, document_id, "edit", lock=True)
        await queries.rename_document(uow, document_id, name)
        await announce(uow, document_id)


async def share_documents(actor: Actor, document_ids: Sequence[UUID], *, with_everyone: bool) -> int:
    """Let everyone in the workspace see and ask documents, or only their owner; gives how many it was done for.

    Raises:
        DocumentNotFoundError: the actor manages none of them.
    """
    require(actor, Permission.DOCUMENT_SHARE)
    async with unit_of_work(actor) as uow:
        documents = await _managed(uow, document_ids)
        ids = [document.id for document in documents]
        await (queries.share_with_everyone if with_everyone else queries.unshare)(uow, ids)
        for document in documents:
            shared_with = "everyone" if with_everyone else "nobody"
            uow.record(DOCUMENT_SHARED, document.id, label=document.name, after={"shared_with": shared_with})
        await announce(uow, *ids)
    return len(ids)


async def retry_document(actor: Actor, document_id: UUID) -> None:
    """Read a document again: one that failed as it is, another one as a version of its own, see `versions.read_anew`.

    Raises:
        DocumentNotFoundError: the actor may not edit such a document.
        NotRetryableError: it is being read, is an archive that was read, or came with a message.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    async with unit_of_work(actor) as uow:
        document = await queries.get_document(uow, document_id, "edit", lock=True)
        if document.status == DocumentStatus.FAILED:
            await processing.reset(uow, document_id)
            await enqueue_processing(uow, document)
            await announce(uow, document_id)
        elif not await read_anew(uow, [document], t("Read again").in_locale(actor.locale)):
            raise NotRetryableError


async def _managed(uow: UnitOfWork, document_ids: Sequence[UUID]) -> Sequence[Document]:
    documents = await queries.list_documents(uow, document_ids, "manage")
    if not documents:
        raise DocumentNotFoundError
    return documents


def _row(actor: Actor, row: DocumentColumns) -> DocumentRow:
    (document, size, media_type, pages, owner_name, is_shared, is_shared_with_some, can_edit, can_manage, folders,
     tags, is_favourite, is_followed, can_take) = row  # fmt: skip
    seen = {UUID(key): name for key, name in folders or ()}
    return DocumentRow(
        id=document.id,
        name=document.name,
        folder_id=document.folder_id if document.folder_id in seen else None,
        folder_path="/".join(seen.values()),
        tags=tuple(TagLabel(UUID(key), name, colour) for key, name, colour in tags or ()),
        is_favourite=is_favourite,
        is_followed=is_followed,
        status=document.status,
        error=Message(document.error["text"], document.error["values"]) if document.error else None,
        progress_done=document.progress_done,
        progress_total=document.progress_total,
        size=size,
        media_type=media_type,
        pages=pages,
        owner_name=owner_name,
        is_own=document.owner_id == actor.account_id,
        is_shared=is_shared,
        is_shared_with_some=is_shared_with_some,
        can_edit=can_edit and actor.may(Permission.DOCUMENT_WRITE),
        can_manage=can_manage,
        is_renewing=document.next_version_id is not None,
        can_take=can_take,
        created_at=document.created_at,
        updated_at=document.updated_at,
        dated_on=document.dated_on,
    )


def _cursor(row: DocumentRow) -> DocumentCursor:
    return DocumentCursor(row.id, row.name, row.dated_on)


def _detail(
    row: DocumentRow, version: DocumentVersion, metadata: Metadata, *, characters: int, passages: int,
    stages: tuple[StageRow, ...],
) -> DocumentDetail:  # fmt: skip
    warnings = tuple(
        ParseWarning(WarningCode(told["code"]), told["page"], told.get("part", "")).message for told in version.warnings
    )
    return DocumentDetail(
        row=row,
        version_id=version.id,
        version_number=version.number,
        sha256=version.sha256,
        file_name=version.file_name,
        metadata=metadata,
        characters=characters,
        passages=passages,
        properties=version.properties,
        warnings=warnings,
        stages=stages,
    )
