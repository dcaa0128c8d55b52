"""The contents that a document has had: another one comes, takes over once it is read, and can be taken back.

While a version is read, the one before it goes on answering. A version that cannot be read never takes over; it stays
in the list with its reason.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from convosphere.core.audit.actions import DOCUMENT_RENEWED
from convosphere.core.authorization import require
from convosphere.core.i18n import Message, t
from convosphere.core.identifiers import new_id
from convosphere.core.lines import plain_line
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.files import service as files
from convosphere.files.storage import IncomingFile
from convosphere.knowledge.duplicates.queries import forget_sketch
from convosphere.knowledge.errors import DocumentNotFoundError, VersionInPlaceError, VersionNotFoundError
from convosphere.knowledge.models import Document, DocumentStatus, DocumentVersion
from convosphere.knowledge.parsing.detection import type_by_name
from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.queries import documents as queries
from convosphere.knowledge.queries import processing
from convosphere.knowledge.queries import versions as version_queries
from convosphere.knowledge.queries.versions import StoredVersion
from convosphere.knowledge.schemas import UploadedDocument
from convosphere.knowledge.search.index import remove_versions
from convosphere.knowledge.service.announcements import announce, enqueue_processing_of
from convosphere.knowledge.service.arrivals import check_file
from convosphere.knowledge.versions.schemas import VersionRow, VersionState

MOST_SHOWN: Final = 50
LONGEST_WHY: Final = 200


@dataclass(frozen=True)
class _Content:
    """A file, and how to read it."""

    sha256: str
    size: int
    file_name: str
    media_type: str


async def add_version(
    actor: Actor, document_id: UUID, chunks: AsyncIterator[bytes], *, size: int | None, name: str, why: str = ""
) -> UploadedDocument:
    """Take in one file of `size` bytes as the newest version of a document, and start reading it.

    The document keeps its own name and its rights; `name` says how to read the file. The file that the document has
    already, or is about to have, adds nothing.

    Raises:
        DocumentNotFoundError: the actor may not edit such a document.
        NameMissingError, FileEmptyError, UnsupportedTypeError, LengthRequiredError, FileTooLargeError,
        QuotaExceededError: before a byte is read.
        UploadIncompleteError, StorageFullError: while they are read; nothing is kept.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    name, _ = check_file(name, size)
    async with unit_of_work(actor) as uow:
        await queries.get_document(uow, document_id, "edit")
    async with files.receive(actor, chunks, size) as incoming, unit_of_work(actor) as uow:
        await files.lock_content(uow, incoming.sha256)
        document = await _get_editable(uow, document_id)
        return await store_version(uow, document, incoming, name, why)


async def store_version(
    uow: UnitOfWork, document: Document, incoming: IncomingFile, name: str, why: str = ""
) -> UploadedDocument:
    """The same with bytes that have arrived, whose content is locked, and a document that is locked."""
    before = await version_queries.find_version(uow, document.id)
    newest_id = document.next_version_id or document.current_version_id
    if before and before.sha256 == incoming.sha256:
        # Somebody who uploads again what could not be read wants it read.
        if before.id != newest_id or document.status == DocumentStatus.FAILED:
            await _begin(uow, [(document, before)])
        return UploadedDocument(document.id, document.name, is_duplicate=True, version=before.number)
    version = _make(uow, document, _Content(incoming.sha256, incoming.size, name, type_by_name(name)), why)
    await files.keep(uow, incoming, version.id)
    await version_queries.add_versions(uow, [version])
    await _begin(uow, [(document, version)])
    uow.record(DOCUMENT_RENEWED, document.id, label=document.name, after={"version": version.number})
    return UploadedDocument(document.id, document.name, is_duplicate=False, version=version.number)


async def restore_version(actor: Actor, document_id: UUID, number: int) -> int:
    """Let a document be again what it was; gives the number of the version that this makes.

    What was read becomes the newest version once more, so that the list tells what was searched when. The newest one,
    if it was not read, is tried again as it is.

    Raises:
        DocumentNotFoundError: the actor may not edit such a document.
        VersionNotFoundError, VersionInPlaceError: it has no such version, or is that one already.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    async with unit_of_work(actor) as uow:
        document = await _get_editable(uow, document_id)
        newest = await version_queries.find_version(uow, document_id)
        version = await version_queries.find_version(uow, document_id, number)
        if version is None or newest is None:
            raise VersionNotFoundError
        if _is_at_work(document, version.id):
            raise VersionInPlaceError
        if version.id != newest.id:
            why = t("Version {number} restored", number=number).in_locale(actor.locale)
            (made,) = await _add_known(uow, [(document, version)], why)
            return made.number
        await _begin(uow, [(document, version)])
    return version.number


async def list_versions(actor: Actor, document_id: UUID) -> list[VersionRow]:
    """The versions of a document, the newest first.

    Raises:
        DocumentNotFoundError: the actor sees no such document.
    """
    require(actor, Permission.DOCUMENT_READ)
    async with unit_of_work(actor) as uow:
        return await list_of(uow, await queries.get_document(uow, document_id, "view"))


async def list_of(uow: UnitOfWork, document: Document) -> list[VersionRow]:
    """The same of a document that the caller has fetched."""
    return [_row(document, row) for row in await version_queries.list_rows(uow, document.id, MOST_SHOWN)]


async def join_into(uow: UnitOfWork, document: Document, other: Document) -> None:
    """Make the file of a document the newest version of another one, both fetched and locked, unless it is that."""
    version = await version_queries.get_current(uow, document)
    newest = await version_queries.find_version(uow, other.id)
    if newest and newest.sha256 == version.sha256:
        return
    why = t("From “{name}”", name=document.name).in_locale(uow.actor.locale)
    await _add_known(uow, [(other, version)], why)


async def read_anew(uow: UnitOfWork, documents: Sequence[Document], why: str) -> set[UUID]:
    """Have the newest files of documents, fetched and locked, read as files are read now; gives those it is done for.

    A text that was read stays as it was cited, so each file becomes a version once more; a newest one that could not be
    read is tried again as it is. Left alone are documents that failed or are being read, files of messages, and
    archives: what they held are documents of their own, which may have been changed or deleted since.
    """
    settled = {document.id: document for document in documents if _is_settled(document)}
    newest = await version_queries.list_newest(uow, list(settled))
    wanted = [(settled[each.document_id], each) for each in newest if each.media_type != DocumentType.ZIP]
    read = [(document, each) for document, each in wanted if each.id == document.current_version_id]
    unread = [(document, each) for document, each in wanted if each.id != document.current_version_id]
    await _add_known(uow, read, why)
    await _begin(uow, unread)
    return {document.id for document, _ in wanted}


async def retire(uow: UnitOfWork, version_id: UUID) -> None:
    """Search a version no more; its text and the places of its passages stay, for citations and comparisons."""
    await version_queries.keep_outline(uow, version_id)
    await forget_sketch(uow, version_id)
    await remove_versions(uow, [version_id])


async def _get_editable(uow: UnitOfWork, document_id: UUID) -> Document:
    """What came with a message has no versions."""
    document = await queries.get_document(uow, document_id, "edit", lock=True)
    if document.is_attached:
        raise DocumentNotFoundError
    return document


def _is_settled(document: Document) -> bool:
    return document.status == DocumentStatus.READY and document.next_version_id is None and not document.is_attached


async def _add_known(
    uow: UnitOfWork, known: Sequence[tuple[Document, DocumentVersion]], why: str
) -> list[DocumentVersion]:
    """Make for each document a version of the bytes that another version has."""
    if not known:
        return []
    made = [_make(uow, document, _content_of(version), why) for document, version in known]
    await files.hold(uow, {version.id: version.sha256 for version in made})
    await version_queries.add_versions(uow, made)
    begun = [(document, version) for (document, _), version in zip(known, made, strict=True)]
    await _begin(uow, begun)
    for document, version in begun:
        uow.record(DOCUMENT_RENEWED, document.id, label=document.name, after={"version": version.number})
    return made


def _content_of(version: DocumentVersion) -> _Content:
    return _Content(version.sha256, version.size, version.file_name, version.media_type)


def _make(uow: UnitOfWork, document: Document, content: _Content, why: str) -> DocumentVersion:
    return DocumentVersion(
        id=new_id(), workspace_id=uow.workspace_id, document_id=document.id, sha256=content.sha256, size=content.size,
        file_name=content.file_name, media_type=content.media_type, properties={}, origins={}, warnings=[],
        author_id=uow.actor.account_id, why=plain_line(why)[:LONGEST_WHY],
    )  # fmt: skip


async def _begin(uow: UnitOfWork, begun: Sequence[tuple[Document, DocumentVersion]]) -> None:
    """Have a version of each document read; whatever else of it is being read is dropped, and that run finds out.

    Where nothing answers yet, there is nothing to keep: then the version is the current one from the start.
    """
    if not begun:
        return
    documents = [document for document, _ in begun]
    await processing.begin(uow, [(document, version.id) for document, version in begun])
    await enqueue_processing_of(uow, documents)
    await announce(uow, *(document.id for document in documents))


def _is_at_work(document: Document, version_id: UUID) -> bool:
    """Whether a version answers or is being read."""
    is_failed = document.status == DocumentStatus.FAILED
    return version_id == document.next_version_id or (version_id == document.current_version_id and not is_failed)


def _row(document: Document, row: StoredVersion) -> VersionRow:
    error = Message(row.error["text"], row.error["values"]) if row.error and not row.is_read else None
    return VersionRow(
        row.id, row.number, row.file_name, row.size, row.why, row.author, row.created_at, _state(document, row), error
    )


def _state(document: Document, row: StoredVersion) -> VersionState:
    if _is_at_work(document, row.id):
        return "current" if row.is_read else "reading"
    if row.is_read:
        return "past"
    return "failed" if row.error else "unread"
