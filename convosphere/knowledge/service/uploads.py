"""Taking documents in."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

from convosphere.core.audit.actions import DOCUMENT_SHARED
from convosphere.core.authorization import require
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor, Permission
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.files import service as files
from convosphere.files.names import clean_folder_path, clean_name
from convosphere.files.storage import IncomingFile
from convosphere.identity.roles import Role
from convosphere.knowledge.errors import FileEmptyError, NameMissingError
from convosphere.knowledge.models import Document, DocumentFolder, DocumentStatus, DocumentVersion
from convosphere.knowledge.parsing.detection import type_by_name
from convosphere.knowledge.parsing.errors import UnsupportedTypeError
from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.queries import documents as queries
from convosphere.knowledge.queries import processing
from convosphere.knowledge.schemas import UploadedDocument
from convosphere.knowledge.service.announcements import announce, enqueue_processing
from convosphere.knowledge.service.folders import reach_folder

HANDBOOK = Path(__file__).resolve().parents[3] / "docs"
_CHUNK = 256 * 1024


def shares_by_default(actor: Actor) -> bool:
    """Whether uploads start shared: owners and administrators bring things for the team, members their own."""
    return actor.role in {Role.OWNER, Role.ADMIN}


def most_bytes() -> int:
    """How large one file may be."""
    return get_settings().upload_megabytes * files.MEGABYTE


async def upload(
    actor: Actor,
    chunks: AsyncIterator[bytes],
    *,
    size: int | None,
    name: str,
    folder_path: str,
    is_shared: bool,
    is_attached: bool = False,
    folder_id: UUID | None = None,
) -> UploadedDocument:
    """Take in one file of `size` bytes as a document, and start reading it.

    It comes into the folder that `folder_path` leads to, from outermost or from a folder that the actor may edit;
    folders that are missing are made, so that an uploaded directory stays what it was.

    The same file under the same name in the same folder is the document that the person has already; under another
    name it is another document, which takes no further space. What is `attached` to a message is always another one.

    Raises:
        FolderNotFoundError, FolderTooDeepError, TooManyFoldersError: there is no place for it.
        NameMissingError, FileEmptyError, UnsupportedTypeError, LengthRequiredError, FileTooLargeError,
        QuotaExceededError: before a byte is read.
        UploadIncompleteError, StorageFullError: while they are read; nothing is kept.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    if is_shared:
        require(actor, Permission.DOCUMENT_SHARE)
    name, folder_path = clean_name(name), clean_folder_path(folder_path)
    if not name:
        raise NameMissingError
    if size == 0:
        raise FileEmptyError
    media_type = type_by_name(name)
    if is_attached and media_type is DocumentType.ZIP:
        raise UnsupportedTypeError(found=media_type)
    async with files.receive(actor, chunks, size) as incoming, unit_of_work(actor) as uow:
        await files.lock_content(uow, incoming.sha256)
        folder = await reach_folder(uow, folder_id, folder_path)
        here = folder.id if folder else None
        found = None if is_attached else await queries.find_duplicate(uow, name, here, incoming.sha256)
        if found:
            return await _take_up(uow, found)
        document = await _create(uow, incoming, name, folder, media_type)
        document.is_attached = is_attached
        if is_shared:
            await queries.share_with_everyone(uow, [document.id])
            uow.record(DOCUMENT_SHARED, document.id, label=name, after={"shared_with": "everyone"})
        await enqueue_processing(uow, document)
        await announce(uow)
    return UploadedDocument(document.id, name, is_duplicate=False)


async def load_handbook(actor: Actor) -> int:
    """Take in the product's own handbook as documents for everyone; gives how many there were to take."""
    pages = sorted(HANDBOOK.glob("*.md"))
    for page in pages:
        await upload(
            actor, _read(page), size=page.stat().st_size, name=page.name, folder_path="ConvoSphere", is_shared=True
        )
    return len(pages)


async def _create(
    uow: UnitOfWork, incoming: IncomingFile, name: str, folder: DocumentFolder | None, media_type: str
) -> Document:
    document = Document(
        workspace_id=uow.workspace_id,
        owner_id=uow.account_id,
        name=name,
        folder_id=folder.id if folder else None,
        folder_ids=folder.path if folder else [],
        current_version_id=new_id(),
    )
    version = DocumentVersion(
        id=document.current_version_id,
        workspace_id=uow.workspace_id,
        document_id=document.id,
        sha256=incoming.sha256,
        size=incoming.size,
        file_name=name,
        media_type=media_type,
        properties={},
        warnings=[],
    )
    await files.keep(uow, incoming, version.id)
    await queries.add_document(uow, document, version)
    return document


async def _take_up(uow: UnitOfWork, document: Document) -> UploadedDocument:
    """Somebody who uploads what failed wants it read."""
    if document.status == DocumentStatus.FAILED:
        await processing.reset(uow, document.id)
        await enqueue_processing(uow, document)
        await announce(uow, document.id)
    return UploadedDocument(document.id, document.name, is_duplicate=True)


async def _read(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
