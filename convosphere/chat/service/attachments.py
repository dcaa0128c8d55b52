"""Files that come with messages: taking them in, saying how far they are, and letting them go."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from convosphere.chat.attachments import (
    IMAGE_ENDINGS,
    LONGEST_WHOLE,
    MOST_FILES,
    AttachedFile,
    ChosenFile,
    Use,
    usual_use,
)
from convosphere.chat.errors import FileNotReadyError, TooManyFilesError
from convosphere.chat.queries import attachments as queries
from convosphere.chat.queries.attachments import AttachmentRow
from convosphere.chat.queries.messages import get_question
from convosphere.chat.schemas import MessageView
from convosphere.core.authorization import require
from convosphere.core.errors import NotFoundError
from convosphere.core.i18n import Message
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor, Permission, system_actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.files import images
from convosphere.files import service as files
from convosphere.files.errors import FileTooLargeError
from convosphere.files.names import clean_name
from convosphere.knowledge.service import attached, documents, uploads
from convosphere.knowledge.service.attached import Reading

UNSENT_TIME = timedelta(days=1)
"""How long a file waits for its message."""
MOST_UNSENT = 100
PURGE_TASK = "chat.purge_attachment"

# One at a time, since a large image takes 100 MB for a moment.
_threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="images")


@dataclass(frozen=True)
class FileState:
    """A file on its way to a message; `use` is how it would be read, `can_be_whole` whether it is short enough."""

    id: UUID
    kind: str
    name: str
    size: int
    document_id: UUID | None
    is_ready: bool
    use: Use
    can_be_whole: bool
    characters: int = 0
    error: Message | None = None


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
    return await _attach_document(actor, taken.id, taken.name, files.check_size(size), is_reference=False)


async def refer(actor: Actor, document_id: UUID) -> FileState:
    """Take a document that the actor sees for a message; it stays where it is.

    Raises:
        DocumentNotFoundError: they see no such document.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    found = await documents.get_document(actor, document_id)
    return await _attach_document(actor, document_id, found.row.name, found.row.size, is_reference=True)


async def get_state(actor: Actor, attachment_id: UUID) -> FileState:
    """How far a file is that the actor sees.

    Raises:
        NotFoundError: they see no such file.
    """
    require(actor, Permission.CONVERSATION_READ)
    async with unit_of_work(actor) as uow:
        return await _state(uow, await queries.get_attachment(uow, attachment_id))


async def get_image(actor: Actor, attachment_id: UUID) -> Path:
    """Where an image can be read that the actor sees.

    Raises:
        NotFoundError: they see no such image.
    """
    require(actor, Permission.CONVERSATION_READ)
    async with unit_of_work(actor) as uow:
        row = await queries.get_attachment(uow, attachment_id)
        if row.sha256 is None:
            raise NotFoundError
        return files.path_of(uow.workspace_id, row.sha256)


async def discard(actor: Actor, attachment_id: UUID) -> None:
    """Let go of a file that went with no message; others are there no more for whoever asks, or stay."""
    require(actor, Permission.CONVERSATION_WRITE)
    await _let_go(actor, attachment_id)


async def purge(workspace_id: UUID, attachment_id: UUID) -> None:
    """Let go of a file that has waited too long for its message."""
    await _let_go(system_actor(workspace_id), attachment_id)


async def sweep(system: Actor) -> None:
    """Delete the files of conversations that are gone; `system` acts for their workspace."""
    async with unit_of_work(system) as uow:
        gone = await queries.remove_abandoned(uow)
        released = await files.release(uow, [row.id for row in gone])
    await _remove(system, gone, released)


async def claim(uow: UnitOfWork, chosen: Sequence[ChosenFile], conversation_id: UUID) -> tuple[AttachedFile, ...]:
    """Have files go with a message of a conversation that is held, in their order.

    Raises:
        TooManyFilesError: more than one message can have.
        NotFoundError: one is gone, or somebody else's.
        FileNotReadyError: one is still being read, or cannot be.
    """
    if not chosen:
        return ()
    if len(chosen) > MOST_FILES:
        raise TooManyFilesError
    rows = await queries.claim(uow, [file.id for file in chosen], conversation_id)
    if any(file.id not in rows for file in chosen):
        raise NotFoundError
    return tuple([await _sent(uow, rows[file.id], file.use) for file in chosen])


async def with_files(
    uow: UnitOfWork, question: MessageView, chosen: Sequence[ChosenFile], conversation_id: UUID, instead_of: UUID | None
) -> MessageView:
    """A question with the files that go with it; one that is asked instead of another keeps the files of that."""
    kept: list[dict[str, Any]] = []
    if instead_of and not chosen:
        kept = (await get_question(uow, conversation_id, instead_of)).files or []
    files = [file.as_part() for file in await claim(uow, chosen, conversation_id)]
    return replace(question, files=[*kept, *files]) if kept or files else question


async def save_document(actor: Actor, attachment_id: UUID) -> str:
    """Let a document that came with a message stand among the actor's documents; gives its name.

    Raises:
        NotFoundError: they see no such document.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    async with unit_of_work(actor) as uow:
        row = await queries.get_attachment(uow, attachment_id)
    if row.document_id is None:
        raise NotFoundError
    await attached.keep(actor, row.document_id)
    return row.name


async def _attach_image(actor: Actor, chunks: AsyncIterator[bytes], size: int, name: str) -> FileState:
    if size > images.MOST_BYTES:
        raise FileTooLargeError(images.MOST_BYTES // 1_000_000)
    data = bytearray()
    async for chunk in chunks:
        data += chunk
        if len(data) > size:
            raise FileTooLargeError(images.MOST_BYTES // 1_000_000)
    made = await asyncio.get_running_loop().run_in_executor(_threads, images.make_image, bytes(data))
    attachment_id = new_id()
    async with files.receive(actor, _one(made.data), len(made.data)) as incoming, unit_of_work(actor) as uow:
        await files.lock_content(uow, incoming.sha256)
        await files.keep(uow, incoming, attachment_id)
        queries.add_attachment(
            uow, attachment_id, "image", name, incoming.size, sha256=incoming.sha256, width=made.width,
            height=made.height,
        )  # fmt: skip
        await _purge_later(uow, attachment_id)
    return FileState(attachment_id, "image", name, len(made.data), None, is_ready=True, use="whole", can_be_whole=True)


async def _attach_document(actor: Actor, document_id: UUID, name: str, size: int, *, is_reference: bool) -> FileState:
    attachment_id = new_id()
    async with unit_of_work(actor) as uow:
        queries.add_attachment(
            uow, attachment_id, "document", name, size, document_id=document_id, is_reference=is_reference
        )
        await _purge_later(uow, attachment_id)
    return await get_state(actor, attachment_id)


async def _purge_later(uow: UnitOfWork, attachment_id: UUID) -> None:
    args = {"workspace_id": str(uow.workspace_id), "attachment_id": str(attachment_id)}
    await uow.enqueue(PURGE_TASK, args, delay=UNSENT_TIME)


async def _state(uow: UnitOfWork, row: AttachmentRow) -> FileState:
    if row.kind == "image":
        return FileState(row.id, "image", row.name, row.size, None, is_ready=True, use="whole", can_be_whole=True)
    reading = await _reading(uow, row)
    return FileState(
        row.id, "document", row.name, row.size, row.document_id, reading.is_ready, usual_use(reading.characters),
        0 < reading.characters <= LONGEST_WHOLE, reading.characters, reading.error,
    )  # fmt: skip


async def _sent(uow: UnitOfWork, row: AttachmentRow, use: Use) -> AttachedFile:
    """A file as its message keeps it."""
    if row.kind == "image":
        return AttachedFile(str(row.id), "image", row.name, row.size, "whole", width=row.width, height=row.height)
    reading = await _reading(uow, row)
    if not reading.is_ready:
        raise FileNotReadyError(row.name)
    use = use if reading.characters <= LONGEST_WHOLE else "search"
    return AttachedFile(
        str(row.id), "document", row.name, row.size, use, str(row.document_id), characters=reading.characters
    )


async def _reading(uow: UnitOfWork, row: AttachmentRow) -> Reading:
    if row.document_id is None:
        raise NotFoundError
    return await attached.get_reading(uow, row.document_id)


async def _let_go(actor: Actor, attachment_id: UUID) -> None:
    async with unit_of_work(actor) as uow:
        row = await queries.remove_unsent(uow, attachment_id)
        if row is None:
            return
        released = await files.release(uow, [row.id])
    await _remove(actor, [row], released)


async def _remove(actor: Actor, rows: Sequence[AttachmentRow], released: set[str]) -> None:
    await attached.remove(actor, [row.document_id for row in rows if row.document_id and not row.is_reference])
    await files.remove_unneeded(actor, released)


async def _one(data: bytes) -> AsyncIterator[bytes]:
    yield data
