"""Files that come with messages: saying how far they are, giving them to a message, and letting them go."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from convosphere.chat.attachments import (
    CHARACTERS_PER_TOKEN,
    LONGEST_WHOLE,
    MOST_FILES,
    AttachedFile,
    ChosenFile,
    Use,
    chosen_places,
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
from convosphere.core.permissions import Actor, Permission, system_actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.files import service as files
from convosphere.knowledge.places.schemas import Place
from convosphere.knowledge.places.service import list_seen
from convosphere.knowledge.service import attached
from convosphere.knowledge.service.attached import Reading
from convosphere.llm.images import tokens_of

PURGE_TASK = "chat.purge_attachment"
UNSENT_TIME = timedelta(days=1)
"""How long a file waits for its message."""


@dataclass(frozen=True)
class FileState:
    """A file on its way to a message; `use` is how it would be read, `can_be_whole` whether it is short enough.

    `tokens`: about how much of a prompt it takes where it is read whole.
    """

    id: UUID
    kind: str
    name: str
    size: int
    document_id: UUID | None
    is_ready: bool
    use: Use
    can_be_whole: bool
    characters: int = 0
    tokens: int = 0
    error: Message | None = None


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
    """Let go of a file that has waited too long for its message, unless that waits for its own turn."""
    system = system_actor(workspace_id)
    async with unit_of_work(system) as uow:
        if await queries.is_waiting(uow, attachment_id):
            await purge_later(uow, attachment_id)
            return
    await _let_go(system, attachment_id)


async def purge_later(uow: UnitOfWork, attachment_id: UUID) -> None:
    """Have a file go in a day, unless it went with a message."""
    args = {"workspace_id": str(uow.workspace_id), "attachment_id": str(attachment_id)}
    await uow.enqueue(PURGE_TASK, args, delay=UNSENT_TIME)


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
        NotFoundError: one is gone, or somebody else's; or one is a place that the actor does not see.
        FileNotReadyError: one is still being read, or cannot be.
    """
    if not chosen:
        return ()
    if len(chosen) > MOST_FILES:
        raise TooManyFilesError
    ids = [file.id for file in chosen if file.kind == "file"]
    rows = await queries.claim(uow, ids, conversation_id) if ids else {}
    places = await _places(uow, chosen)
    if any(file.id not in (rows if file.kind == "file" else places) for file in chosen):
        raise NotFoundError
    return tuple(
        [
            await _sent(uow, rows[file.id], file.use) if file.kind == "file" else _place(places[file.id])
            for file in chosen
        ]
    )


async def as_waiting(uow: UnitOfWork, chosen: Sequence[ChosenFile]) -> list[dict[str, str]] | None:
    """Files as a question keeps them that waits for its turn; whether they are ready shows when that comes.

    Raises:
        TooManyFilesError: more than one message can have.
        NotFoundError: one is gone, or somebody else's; or one is a place that the actor does not see.
    """
    if len(chosen) > MOST_FILES:
        raise TooManyFilesError
    names = {place.id: place.name for place in (await _places(uow, chosen)).values()}
    for file in chosen:
        if file.kind == "file":
            names[file.id] = (await queries.get_attachment(uow, file.id)).name
    if any(file.id not in names for file in chosen):
        raise NotFoundError
    told = [{"id": str(file.id), "use": file.use, "kind": file.kind, "name": names[file.id]} for file in chosen]
    return told or None


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


def image_state(image_id: UUID, name: str, size: int, width: int, height: int) -> FileState:
    """An image is ready as soon as it is there."""
    tokens = tokens_of(width, height)
    return FileState(image_id, "image", name, size, None, is_ready=True, use="whole", can_be_whole=True, tokens=tokens)


async def _state(uow: UnitOfWork, row: AttachmentRow) -> FileState:
    if row.kind == "image":
        return image_state(row.id, row.name, row.size, row.width, row.height)
    reading = await _reading(uow, row)
    return FileState(
        row.id, "document", row.name, row.size, row.document_id, reading.is_ready, usual_use(reading.characters),
        0 < reading.characters <= LONGEST_WHOLE, reading.characters, reading.characters // CHARACTERS_PER_TOKEN,
        reading.error,
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


async def _places(uow: UnitOfWork, chosen: Sequence[ChosenFile]) -> dict[UUID, Place]:
    return {place.id: place for place in await list_seen(uow, chosen_places(chosen))}


def _place(place: Place) -> AttachedFile:
    """A place as its message keeps it: what lies there is looked up anew with each question."""
    return AttachedFile(str(place.id), place.kind, place.name, 0)


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
