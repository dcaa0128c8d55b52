"""Files taken in for messages; apart from what becomes of them, which the worker does without opening images."""

from collections.abc import AsyncIterator
from uuid import UUID

from convosphere.chat.attachments import IMAGE_ENDINGS
from convosphere.chat.errors import TooManyFilesError
from convosphere.chat.queries import attachments as queries
from convosphere.chat.service.attachments import FileState, get_state, image_state, purge_later
from convosphere.core.authorization import require
from convosphere.core.identifiers import new_id
from convosphere.core.images.apart import make_image
from convosphere.core.images.schemas import MOST_BYTES, MadeImage
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.files import service as files
from convosphere.files.errors import FileTooLargeError
from convosphere.files.names import clean_name
from convosphere.knowledge.service import documents, uploads

MOST_UNSENT = 100


async def attach(actor: Actor, chunks: AsyncIterator[bytes], *, size: int | None, name: str) -> FileState:
    """Take in one file of `size` bytes for a message: an image by its ending, else a document, which is read then.

    Raises:
        ImageRefusedError: it is called an image and is none that can be shown.
        TooManyFilesError: too many wait already.
        NameMissingError, FileEmptyError, UnsupportedTypeError, LengthRequiredError, FileTooLargeError,
        QuotaExceededError, UploadIncompleteError, StorageFullError: as documents are refused.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    require(actor, Permission.DOCUMENT_WRITE)
    async with unit_of_work(actor) as uow:
        if await queries.count_unsent(uow) >= MOST_UNSENT:
            raise TooManyFilesError
    if clean_name(name).lower().endswith(IMAGE_ENDINGS):
        return await _attach_image(actor, chunks, files.check_size(size), clean_name(name))
    taken = await uploads.upload(actor, chunks, size=size, name=name, folder_path="", is_shared=False, is_attached=True)
    return await keep_document(actor, taken.id, taken.name, files.check_size(size), is_reference=False)


async def refer(actor: Actor, document_id: UUID) -> FileState:
    """Take a document that the actor sees for a message; it stays where it is.

    Raises:
        DocumentNotFoundError: they see no such document.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    found = await documents.get_document(actor, document_id)
    return await keep_document(actor, document_id, found.row.name, found.row.size, is_reference=True)


async def _attach_image(actor: Actor, chunks: AsyncIterator[bytes], size: int, name: str) -> FileState:
    if size > MOST_BYTES:
        raise FileTooLargeError(MOST_BYTES // 1_000_000)
    data = bytearray()
    async for chunk in chunks:
        data += chunk
        if len(data) > size:
            raise FileTooLargeError(MOST_BYTES // 1_000_000)
    made = await make_image(bytes(data))
    return await keep_image(actor, made, name)


async def keep_image(actor: Actor, made: MadeImage, name: str) -> FileState:
    """Take in an image that was made, for a message.

    Raises:
        QuotaExceededError, StorageFullError: there is no room for it.
    """
    attachment_id = new_id()
    async with files.receive(actor, _one(made.data), len(made.data)) as incoming, unit_of_work(actor) as uow:
        await files.lock_content(uow, incoming.sha256)
        await files.keep(uow, incoming, attachment_id)
        queries.add_attachment(
            uow, attachment_id, "image", name, incoming.size, sha256=incoming.sha256, width=made.width,
            height=made.height,
        )  # fmt: skip
        await purge_later(uow, attachment_id)
    return image_state(attachment_id, name, len(made.data), made.width, made.height)


async def keep_document(actor: Actor, document_id: UUID, name: str, size: int, *, is_reference: bool) -> FileState:
    """Take a document that was taken in for a message, or was there before."""
    attachment_id = new_id()
    async with unit_of_work(actor) as uow:
        queries.add_attachment(
            uow, attachment_id, "document", name, size, document_id=document_id, is_reference=is_reference
        )
        await purge_later(uow, attachment_id)
    return await get_state(actor, attachment_id)


async def _one(data: bytes) -> AsyncIterator[bytes]:
    yield data
