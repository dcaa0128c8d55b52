"""What the files of messages put before a model: texts that are read whole, images, and what is searched first."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from uuid import UUID

from convosphere.answers.schemas import AnswerEvent, AttachedText, Brief
from convosphere.chat.assignment import Assignment
from convosphere.chat.attachments import IMAGE_MEDIA_TYPE, LONGEST_WHOLE, AttachedFile, attached_places
from convosphere.chat.service.attachments import get_image
from convosphere.chat.service.notes import write_with_note
from convosphere.chat.service.rewriting import with_search_text
from convosphere.core.errors import NotFoundError
from convosphere.core.permissions import Actor
from convosphere.knowledge.places.schemas import Places
from convosphere.knowledge.service import attached
from convosphere.llm.images import ImagePart
from convosphere.llm.schemas import ChatMessage

MOST_IMAGES = 10
"""The latest of a conversation; earlier ones are named only."""


async def write_with_files(actor: Actor, assignment: Assignment, brief: Brief) -> AsyncGenerator[AnswerEvent, None]:
    """The answer, with what came with the question and with the messages before it.

    Raises:
        ContextFullError: the history does not fit, and the brief wants to be asked then.
        ProviderError: no model answered, or one stopped in the middle.
    """
    brief = await with_search_text(actor, assignment, brief)
    if assignment.files or any(assignment.history_files):
        brief = await _with_files(actor, assignment, brief)
    async with aclosing(write_with_note(actor, assignment, brief)) as events:
        async for event in events:
            yield event


async def _with_files(actor: Actor, assignment: Assignment, brief: Brief) -> Brief:
    told = [*(file for files in assignment.history_files for file in files), *assignment.files]
    everything = [file for file in told if _is_there(file)]
    whole = {UUID(file.document_id) for file in everything if file.kind == "document" and file.use == "whole"}
    texts = await attached.list_texts(actor, sorted(whole), LONGEST_WHOLE) if whole else {}
    shown = await _read_images(actor, [file for file in everything if file.kind == "image"][-MOST_IMAGES:])
    history = tuple(
        _with_material(message, files, texts, shown)
        for message, files in zip(brief.history, assignment.history_files, strict=True)
    )
    named = dict.fromkeys(UUID(file.document_id) for file in everything if file.kind == "document")
    return replace(
        brief,
        history=history,
        attached=tuple(_texts_of(assignment.files, texts)),
        images=_images_of(assignment.files, shown),
        searched_first=Places(tuple(each for each in named if each not in whole)) | attached_places(everything),
        read_whole=tuple(document_id for document_id in named if document_id in whole),
    )


def _with_material(
    message: ChatMessage, files: Sequence[AttachedFile], texts: Mapping[UUID, str], shown: Mapping[str, ImagePart]
) -> ChatMessage:
    """A message of the history as it was read when it was the question."""
    if not files:
        return message
    material = [text.as_material() for text in _texts_of(files, texts)]
    return replace(message, text="\n\n".join([*material, message.text]), images=_images_of(files, shown))


def _texts_of(files: Sequence[AttachedFile], texts: Mapping[UUID, str]) -> list[AttachedText]:
    whole = [file for file in files if file.kind == "document" and file.use == "whole" and _is_there(file)]
    return [AttachedText(file.name, texts.get(UUID(file.document_id), "")) for file in whole]


def _is_there(file: AttachedFile) -> bool:
    """Of a document that could not be taken in with its conversation only the name is known."""
    return file.kind != "document" or bool(file.document_id)


def _images_of(files: Sequence[AttachedFile], shown: Mapping[str, ImagePart]) -> tuple[ImagePart, ...]:
    return tuple(shown[file.id] for file in files if file.id in shown)


async def _read_images(actor: Actor, files: Sequence[AttachedFile]) -> dict[str, ImagePart]:
    """Those that are still there."""
    shown: dict[str, ImagePart] = {}
    for file in files:
        try:
            path = await get_image(actor, UUID(file.id))
            data = await asyncio.to_thread(path.read_bytes)
        except (NotFoundError, FileNotFoundError):
            continue
        shown[file.id] = ImagePart(file.name, IMAGE_MEDIA_TYPE, data, file.tokens)
    return shown
