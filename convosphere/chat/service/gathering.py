"""A conversation as it stands in a file, with where the contents of its files are."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from convosphere.answers.schemas import ContextUse
from convosphere.chat.attachments import attached_files
from convosphere.chat.effort import Effort
from convosphere.chat.queries import transfers as queries
from convosphere.chat.queries.citations import list_sources
from convosphere.chat.queries.transfers import WholeConversation, WholeMessage
from convosphere.chat.schemas import CitedSource
from convosphere.chat.service.reach import Reach, find_reach
from convosphere.chat.transfer.reading.own import SOURCE
from convosphere.chat.transfer.schema import (
    FILES_FOLDER,
    PortableCitation,
    PortableConversation,
    PortableFile,
    PortableMessage,
    PortableNote,
    PortablePart,
    PortableSettings,
    PortableSpeaker,
    PortableText,
    PortableThing,
    PortableThinking,
    PortableWords,
)
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.files import service as files
from convosphere.knowledge.service import documents

_ENDING = re.compile(r"\.[0-9A-Za-z]{1,10}$")
_IMAGE_ENDING: Final = ".jpg"
_FINAL: Final = frozenset({"done", "stopped", "failed"})


@dataclass(frozen=True)
class Gathered:
    """A conversation, and where on disk the contents are that its files name."""

    conversation: PortableConversation
    contents: dict[str, Path]


async def gather(actor: Actor, conversation_id: UUID) -> Gathered:
    """One of the actor's conversations with all its branches; of documents only what the actor may have now.

    Raises:
        NotFoundError: there is no such conversation that the actor may take out.
    """
    async with unit_of_work(actor) as uow:
        whole = await queries.get_whole(uow, conversation_id)
        messages = await queries.list_whole(uow, conversation_id)
        notes = await queries.list_notes(uow, conversation_id)
        sources = await list_sources(uow, [each.id for each in messages if each.role == "assistant"])
        hashes = await _hashes(uow, messages)
        reach = await find_reach(uow, whole.document_ids, [whole.assistant_id] if whole.assistant_id else [])
        workspace_id = uow.workspace_id
    numbers = {each.id: number for number, each in enumerate(messages, 1)}
    contents: dict[str, Path] = {}
    told = [_message(each, numbers, sources.get(each.id, ()), hashes) for each in messages]
    for message in told:
        for file in message.files:
            if file.content:
                digest = file.content.removeprefix(FILES_FOLDER).partition(".")[0]
                contents[file.content] = files.path_of(workspace_id, digest)
    kept = tuple(
        PortableNote(last_message=numbers[note.last_message_id], text=note.text, model=note.model,
                     is_edited=note.is_edited)
        for note in notes if note.last_message_id in numbers
    )  # fmt: skip
    return Gathered(_conversation(whole, reach, numbers, told, kept), contents)


async def _hashes(uow: UnitOfWork, messages: Sequence[WholeMessage]) -> dict[str, str]:
    """The contents of files by their ids, as far as the actor may have them."""
    ids = [UUID(file.id) for message in messages for file in attached_files(message.parts)]
    if not ids:
        return {}
    found = await queries.list_contents(uow, list(dict.fromkeys(ids)))
    asked = [each.document_id for each in found if each.document_id]
    seen = await documents.list_files(uow, asked) if uow.actor.may(Permission.DOCUMENT_READ) else []
    by_document = {document_id: digest for document_id, _, digest in seen}
    both = {str(each.id): each.sha256 or by_document.get(each.document_id or each.id, "") for each in found}
    return {key: digest for key, digest in both.items() if digest}


def _conversation(
    whole: WholeConversation, reach: Reach, numbers: Mapping[UUID, int], messages: list[PortableMessage],
    notes: tuple[PortableNote, ...],
) -> PortableConversation:  # fmt: skip
    is_own = whole.origin is None
    assistant_id = whole.assistant_id
    return PortableConversation(
        id=f"{SOURCE}:{whole.id}" if is_own else whole.origin or "",
        title=whole.title,
        is_title_automatic=whole.is_title_automatic,
        model=whole.model,
        when_full=whole.when_full,  # pyright: ignore[reportArgumentType]  # Checked as it is made.
        settings=PortableSettings.model_validate(whole.parameters),
        assistant=_thing(assistant_id, reach.assistants) if assistant_id else None,
        instructions=whole.instructions,
        documents=tuple(_thing(each, reach.documents) for each in whole.document_ids),
        folder=tuple(whole.folder),
        tags=tuple(whole.tags),
        is_pinned=whole.is_pinned,
        is_archived=whole.is_archived,
        created_at=whole.created_at,
        updated_at=whole.updated_at,
        active=numbers.get(whole.active_leaf_id) if whole.active_leaf_id else len(messages) or None,
        messages=tuple(messages),
        notes=notes,
    )


def _thing(thing_id: UUID, names: Mapping[UUID, str]) -> PortableThing:
    return PortableThing(id=thing_id, name=names.get(thing_id, ""))


def _message(
    whole: WholeMessage, numbers: Mapping[UUID, int], sources: Sequence[CitedSource], hashes: Mapping[str, str]
) -> PortableMessage:
    origin = whole.origin or {}
    return PortableMessage(
        number=numbers[whole.id],
        parent=numbers.get(whole.parent_id) if whole.parent_id else None,
        role=whole.role,  # pyright: ignore[reportArgumentType]  # Checked as it is made, like the next.
        status=whole.status if whole.status in _FINAL else "interrupted",  # pyright: ignore[reportArgumentType]
        parts=tuple(_parts(whole, hashes)),
        citations=tuple(_citation(each, origin.get("documents", {})) for each in sources),
        speaker=_speaker(whole, origin),
        model=whole.model,
        asked_model=whole.asked_model,
        error=PortableWords.model_validate(whole.error) if whole.error else None,
        switch_note=PortableWords.model_validate(whole.switch_note) if whole.switch_note else None,
        effort=Effort(**whole.effort) if whole.effort else None,
        settings=PortableSettings.model_validate(whole.parameters) if whole.parameters else None,
        context=ContextUse(**whole.context) if whole.context else None,
        begins_at=numbers.get(whole.begins_at) if whole.begins_at else None,
        follow_ups=None if whole.follow_ups is None else tuple(whole.follow_ups),
        created_at=whole.created_at,
        finished_at=whole.finished_at,
    )


def _parts(whole: WholeMessage, hashes: Mapping[str, str]) -> list[PortablePart]:
    waiting = iter(attached_files(whole.parts))
    parts: list[PortablePart] = []
    for part in whole.parts:
        match part["type"]:
            case "text":
                parts.append(PortableText(type="text", text=part["text"]))
            case "thinking":
                parts.append(PortableThinking(type="thinking", text=part["text"], ms=part.get("ms") or 0))
            case "file":
                file = next(waiting)
                digest = hashes.get(file.id)
                parts.append(
                    PortableFile(
                        type="file",
                        kind=file.kind,
                        name=file.name,
                        size=file.size,
                        use=file.use,
                        characters=file.characters,
                        width=file.width,
                        height=file.height,
                        content=_place(digest, file.kind, file.name) if digest else None,
                    )
                )
    return parts if whole.growing is None else [*parts, PortableText(type="text", text=whole.growing)]


def _place(digest: str, kind: str, name: str) -> str:
    """Where a content lies in the archive: by what it is, so that no name of a person's becomes a path."""
    ending = _ENDING.search(name)
    return f"{FILES_FOLDER}{digest}{_IMAGE_ENDING if kind == 'image' else ending[0].lower() if ending else ''}"


def _citation(source: CitedSource, names: Mapping[str, str]) -> PortableCitation:
    return PortableCitation(
        number=source.number,
        document=source.document_name or names.get(str(source.number), ""),
        document_id=source.document_id,
        version_id=source.document_version_id,
        start=source.start,
        end=source.end,
        page=source.page,
        seconds=source.seconds,
        is_cited=source.is_cited,
    )


def _speaker(whole: WholeMessage, origin: Mapping[str, Any]) -> PortableSpeaker | None:
    if whole.speaker_name:
        return PortableSpeaker(name=whole.speaker_name, icon=whole.speaker_icon, color=whole.speaker_color)
    return PortableSpeaker(**origin["speaker"]) if "speaker" in origin else None
