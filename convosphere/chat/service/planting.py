"""A conversation out of a file becomes one of the actor's: with ids of its own, its files, citations and notes."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from convosphere.chat.attachments import AttachedFile, place_kind
from convosphere.chat.errors import FolderTooDeepError, TooManyFoldersError
from convosphere.chat.folders import DEEPEST
from convosphere.chat.queries import attachments as attachment_queries
from convosphere.chat.queries import trees as queries
from convosphere.chat.service import attaching, folders
from convosphere.chat.service.reach import Reach, reach_of
from convosphere.chat.transfer.reading.archive import Archive
from convosphere.chat.transfer.reading.files import Found
from convosphere.chat.transfer.schema import (
    PortableConversation,
    PortableFile,
    PortableMessage,
    PortablePart,
    PortableThinking,
)
from convosphere.core.errors import ExpectedError, InvalidInputError, UnavailableError
from convosphere.core.identifiers import ids_at, new_id
from convosphere.core.images.apart import keep_or_make_image
from convosphere.core.images.errors import ImageRefusedError
from convosphere.core.images.schemas import MOST_BYTES
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.places.service import find_named
from convosphere.knowledge.service import uploads

_CHUNK = 256 * 1024

FilesOf = Mapping[int, list[AttachedFile]]
"""The files of messages, by their numbers."""


@dataclass(frozen=True)
class Planted:
    """How many files of a conversation could not be kept, and what of all that it stands on could."""

    files_gone: int
    reach: Reach


class Planter:
    """Takes in conversations of one file, one after the other."""

    def __init__(self, actor: Actor, archive: Archive) -> None:
        self._actor = actor
        self._archive = archive
        self._folders: dict[tuple[str, ...], UUID | None] = {}

    async def plant(self, found: Found) -> Planted:
        """Take in one.

        Raises:
            UnavailableError: something is away; nothing of it was taken in.
        """
        told = found.conversation
        brought = {
            each.number: [await self._bring(file, found.inline) for file in each.files] for each in told.messages
        }
        files = {number: [file for file, _ in kept] for number, kept in brought.items()}
        folder_id = await self._folder(told.folder)
        now = utc_now()
        ids = dict(
            zip(
                (each.number for each in told.messages),
                ids_at([min(each.created_at, now) for each in told.messages]),
                strict=True,
            )
        )
        async with unit_of_work(self._actor) as uow:
            reach = await reach_of(uow, [told])
            conversation = _conversation(told, folder_id, reach)
            messages = [_message(each, ids, files.get(each.number, [])) for each in told.messages]
            queries.add_tree(uow, conversation, messages, _citations(told, ids), _notes(told, ids))
            queries.add_view(
                uow, conversation.id, ids.get(told.active or 0), is_pinned=told.is_pinned,
                is_archived=told.is_archived, tags=told.tags,
            )  # fmt: skip
            queries.give_files(
                uow, conversation.id, [UUID(file.id) for kept in files.values() for file in kept if not file.is_place]
            )
        return Planted(sum(not is_there for kept in brought.values() for _, is_there in kept), reach)

    async def _bring(self, file: PortableFile, inline: Mapping[str, bytes]) -> tuple[AttachedFile, bool]:
        """A file as its message keeps it, and whether its content is there; without that only its name stays."""
        if kind := place_kind(file.kind):
            async with unit_of_work(self._actor) as uow:
                found = await find_named(uow, [(kind, file.name)])
            return file.as_attached(str(found[0].id if found else new_id())), bool(found)
        try:
            if file.content is not None:
                return await self._keep(file, inline), True
        except UnavailableError:
            raise
        except ExpectedError:  # No rights, no space, damaged, of a kind that is not read: it is counted.
            pass
        gone_id = new_id()
        async with unit_of_work(self._actor) as uow:
            attachment_queries.add_attachment(uow, gone_id, file.kind, file.name, file.size)
        return file.as_attached(str(gone_id)), False

    async def _keep(self, file: PortableFile, inline: Mapping[str, bytes]) -> AttachedFile:
        name = file.content or ""
        size = len(inline[name]) if name in inline else self._archive.size_of(name)
        if size is None:
            raise InvalidInputError
        chunks = self._chunks(name, inline)
        if file.kind == "image":
            return await self._keep_image(file, chunks, size)
        taken = await uploads.upload(
            self._actor, chunks, size=size, name=file.name, folder_path="", is_shared=False, is_attached=True
        )
        state = await attaching.keep_document(self._actor, taken.id, taken.name, size, is_reference=False)
        return AttachedFile(str(state.id), "document", file.name, size, file.use, str(taken.id), file.characters)

    async def _keep_image(self, file: PortableFile, chunks: AsyncIterator[bytes], size: int) -> AttachedFile:
        if size > MOST_BYTES:
            raise ImageRefusedError
        data = b"".join([chunk async for chunk in chunks])
        made = await keep_or_make_image(data)
        state = await attaching.keep_image(self._actor, made, file.name)
        return AttachedFile(
            str(state.id), "image", file.name, len(made.data), "whole", width=made.width, height=made.height
        )

    async def _chunks(self, name: str, inline: Mapping[str, bytes]) -> AsyncIterator[bytes]:
        if name in inline:
            yield inline[name]
            return
        with self._archive.opened(name) as content:
            while chunk := await asyncio.to_thread(content.read, _CHUNK):
                yield chunk

    async def _folder(self, path: tuple[str, ...]) -> UUID | None:
        """The actor's folder of these names, made where it is not there; None where there is no room for it."""
        if len(path) > DEEPEST:  # However many names a file strings together.
            return None
        if path and path not in self._folders:
            try:
                self._folders[path] = await self._find_or_make(path)
            except (FolderTooDeepError, TooManyFoldersError, InvalidInputError):
                self._folders[path] = None
        return self._folders.get(path)

    async def _find_or_make(self, path: tuple[str, ...]) -> UUID:
        *above, name = path
        parent_id = await self._folder(tuple(above))
        if parent_id is None and above:
            raise InvalidInputError
        known = await folders.list_folders(self._actor)
        same = (row.id for row in known if row.is_own and row.parent_id == parent_id and row.name == name)
        return next(same, None) or await folders.create_folder(self._actor, name, parent_id)


def _conversation(told: PortableConversation, folder_id: UUID | None, reach: Reach) -> queries.NewConversation:
    return queries.NewConversation(
        new_id(), told.title, told.is_title_automatic, told.model, told.when_full,
        told.settings.model_dump(exclude_none=True), reach.assistant_id(told), told.instructions,
        reach.document_ids(told), folder_id, told.id, told.created_at, told.updated_at,
    )  # fmt: skip


def _message(told: PortableMessage, ids: Mapping[int, UUID], files: list[AttachedFile]) -> dict[str, Any]:
    waiting = iter(files)
    return {
        "id": str(ids[told.number]),
        "parent_id": _id(ids, told.parent),
        "role": told.role,
        "status": told.status,
        "parts": [next(waiting).as_part() if part.type == "file" else _part(part) for part in told.parts],
        "model": told.model,
        "asked_model": told.asked_model,
        "error": told.error.model_dump() if told.error else None,
        "switch_note": told.switch_note.model_dump() if told.switch_note else None,
        "effort": asdict(told.effort) if told.effort else None,
        "parameters": told.settings.model_dump(exclude_none=True) if told.settings else None,
        "context": asdict(told.context) if told.context else None,
        "begins_at": _id(ids, told.begins_at),
        "follow_ups": told.follow_ups,
        "created_at": told.created_at.isoformat(),
        "finished_at": told.finished_at.isoformat() if told.finished_at else None,
        "origin": _origin(told),
    }


def _part(part: PortablePart) -> dict[str, Any]:
    if isinstance(part, PortableThinking):
        return {"type": "thinking", "text": part.text, "ms": part.ms}
    return part.model_dump()


def _origin(told: PortableMessage) -> dict[str, Any] | None:
    """What its own rows cannot say here: who answered, and what the documents behind it were called."""
    names = {str(each.number): each.document for each in told.citations if each.document}
    origin: dict[str, Any] = {"speaker": told.speaker.model_dump()} if told.speaker else {}
    return {**origin, **({"documents": names} if names else {})} or None


def _citations(told: PortableConversation, ids: Mapping[int, UUID]) -> list[dict[str, Any]]:
    return [
        {
            "message_id": str(ids[message.number]),
            "number": each.number,
            "document_id": str(each.document_id),
            "document_version_id": str(each.version_id),
            "start_offset": each.start,
            "end_offset": each.end,
            "page": each.page,
            "seconds": each.seconds,
            "is_cited": each.is_cited,
        }
        for message in told.messages
        for each in message.citations
    ]


def _notes(told: PortableConversation, ids: Mapping[int, UUID]) -> list[dict[str, Any]]:
    last = {note.last_message: note for note in told.notes}
    return [
        {
            "id": str(new_id()),
            "last_message_id": str(ids[number]),
            "text": note.text,
            "model": note.model,
            "is_edited": note.is_edited,
        }
        for number, note in last.items()
    ]


def _id(ids: Mapping[int, UUID], number: int | None) -> str | None:
    return None if number is None else str(ids[number])
