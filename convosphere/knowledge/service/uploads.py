"""Taking documents in."""

from collections.abc import AsyncIterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Literal
from uuid import UUID

from convosphere.core.audit.actions import DOCUMENT_SHARED
from convosphere.core.authorization import require
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor, Permission
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.files import service as files
from convosphere.files.names import clean_folder_path
from convosphere.files.storage import IncomingFile
from convosphere.identity.roles import Role
from convosphere.knowledge.duplicates.service import note_same_files
from convosphere.knowledge.models import Document, DocumentFolder, DocumentVersion
from convosphere.knowledge.parsing.errors import UnsupportedTypeError
from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.queries import documents as queries
from convosphere.knowledge.queries.versions import find_named
from convosphere.knowledge.schemas import SameDocument, UploadedDocument
from convosphere.knowledge.service.announcements import announce, enqueue_processing
from convosphere.knowledge.service.arrivals import check_file
from convosphere.knowledge.service.folders import reach_folder
from convosphere.knowledge.service.versions import store_version

HANDBOOK = Path(__file__).resolve().parents[3] / "docs"
_CHUNK = 256 * 1024
NamedAlike = Literal["version", "keep"]
"""What becomes of a file whose name a document has already."""


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
    if_named_alike: NamedAlike = "version",
) -> UploadedDocument:
    """Take in one file of `size` bytes as a document, and start reading it.

    It comes into the folder that `folder_path` leads to, from outermost or from a folder that the actor may edit;
    folders that are missing are made, so that an uploaded directory stays what it was.

    A file of the same name in the same folder, among what the actor may edit, becomes the newest version of that
    document, see `find_named`; the very same file adds nothing. Under another name it is another document, which takes
    no further space. To `keep` makes a file of the same name a document of its own too; what is `attached` to a message
    always is.

    Raises:
        FolderNotFoundError, FolderTooDeepError, TooManyFoldersError: there is no place for it.
        NameMissingError, FileEmptyError, UnsupportedTypeError, LengthRequiredError, FileTooLargeError,
        QuotaExceededError: before a byte is read.
        UploadIncompleteError, StorageFullError: while they are read; nothing is kept.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    if is_shared:
        require(actor, Permission.DOCUMENT_SHARE)
    folder_path = clean_folder_path(folder_path)
    name, media_type = check_file(name, size)
    if is_attached and media_type is DocumentType.ZIP:
        raise UnsupportedTypeError(found=media_type)
    async with files.receive(actor, chunks, size) as incoming, unit_of_work(actor) as uow:
        await files.lock_content(uow, incoming.sha256)
        folder = await reach_folder(uow, folder_id, folder_path)
        if not is_attached:
            here = folder.id if folder else None
            await uow.take_turns(f"document-name:{here or actor.account_id}:{name}")
            only_same = if_named_alike == "keep"
            named = await find_named(uow, name, here, incoming.sha256, is_shared=is_shared, only_same=only_same)
            if named:
                return await store_version(uow, named, incoming, name)
        document, is_new = await _create(uow, incoming, name, folder, media_type)
        document.is_attached = is_attached
        same = [] if is_new or is_attached else await _note_same(uow, document, incoming.sha256)
        if is_shared:
            await queries.share_with_everyone(uow, [document.id])
            uow.record(DOCUMENT_SHARED, document.id, label=name, after={"shared_with": "everyone"})
        await enqueue_processing(uow, document)
        await announce(uow)
    return UploadedDocument(document.id, name, is_duplicate=False, same_as=tuple(same))


async def load_handbook(actor: Actor) -> int:
    """Take in the product's own handbook as documents for everyone; gives how many there were to take."""
    pages = sorted(HANDBOOK.glob("*.md"))
    for page in pages:
        await upload(
            actor, _read(page), size=page.stat().st_size, name=page.name, folder_path="ConvoSphere", is_shared=True
        )
    return len(pages)


async def has_handbook(actor: Actor) -> bool:
    """Whether the actor sees a page of the product's own handbook, as this version has it."""
    require(actor, Permission.DOCUMENT_READ)
    async with unit_of_work(actor) as uow:
        return bool(await queries.find_contents(uow, _digests(HANDBOOK)))


@cache
def _digests(directory: Path) -> tuple[str, ...]:
    return tuple(sha256(page.read_bytes()).hexdigest() for page in directory.glob("*.md"))


async def _create(
    uow: UnitOfWork, incoming: IncomingFile, name: str, folder: DocumentFolder | None, media_type: str
) -> tuple[Document, bool]:
    """The document, and whether its bytes are new to the workspace."""
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
        origins={},
        warnings=[],
        author_id=uow.account_id,
    )
    is_new = await files.keep(uow, incoming, version.id)
    await queries.add_document(uow, document, version)
    return document, is_new


async def _note_same(uow: UnitOfWork, document: Document, sha256: str) -> list[SameDocument]:
    """What else of this content the actor sees."""
    found = await note_same_files(uow, document.id, document.current_version_id, sha256)
    return [SameDocument(each.id, each.name, each.is_managed) for each in found]


async def _read(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
