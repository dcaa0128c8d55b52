"""Showing a document: its original, its text, or what was made of it. Rights are asked anew for each part."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Final
from uuid import UUID

from convosphere.core.audit.actions import Action
from convosphere.core.audit.facts import NoFacts
from convosphere.core.audit.queries import was_done_lately
from convosphere.core.audit.refusals import refused
from convosphere.core.authorization import require
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.files import service as files
from convosphere.knowledge.errors import DocumentNotFoundError
from convosphere.knowledge.parsing import sources
from convosphere.knowledge.parsing.decoding import decode
from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.previews import queries
from convosphere.knowledge.previews.apart import make
from convosphere.knowledge.previews.errors import DownloadForbiddenError, PreviewRefusedError
from convosphere.knowledge.previews.kinds import WITH_THUMBNAIL
from convosphere.knowledge.previews.schemas import Part, Source
from convosphere.knowledge.queries import documents, texts
from convosphere.knowledge.queries.access import TAKE

LONGEST_TEXT: Final = 400_000
"""Bytes of a text that are shown."""
_LONGEST_PASSAGE: Final = 20_000
"""Characters that are marked."""
_SAME_TAKING_SECONDS: Final = 3_600
"""Parts of a file that somebody fetches within this time belong to one taking."""
THUMBNAIL_TASK: Final = "knowledge.make_thumbnail"
_LAST: Final = -10
"""Pictures in lists wait until nothing else does."""
_MODULES: Final[dict[Part, str]] = {"image": "images", "html": "office", "thumbnail": "thumbnails"}


async def get_source(actor: Actor, document_id: UUID, version_id: UUID | None = None) -> Source:
    """The file of a document that the actor sees, or of one of its versions.

    Raises:
        DocumentNotFoundError: there is none, or its bytes are gone.
    """
    require(actor, Permission.DOCUMENT_READ)
    async with unit_of_work(actor) as uow:
        document = await documents.get_document(uow, document_id, "view")
        version = await queries.get_version(uow, document_id, version_id or document.current_version_id)
        may_take = await documents.may_access(uow, document_id, TAKE)
    ending = version.file_name[version.file_name.rfind(".") :]
    name = document.name if document.name.lower().endswith(ending.lower()) else document.name + ending
    path = files.path_of(version.workspace_id, version.sha256)
    if not path.is_file():
        raise DocumentNotFoundError
    return Source(
        document.id, version.id, version.workspace_id, name, version.media_type, version.sha256, path, may_take
    )


def check_taking(actor: Actor, source: Source, action: Action[NoFacts]) -> None:
    """See whether the actor may have the original.

    Raises:
        DownloadForbiddenError: they may only see what it shows; the trail is told.
    """
    if not source.may_take:
        refused(actor, action, source.document_id, label=source.name)
        raise DownloadForbiddenError


async def note_taking(actor: Actor, source: Source, action: Action[NoFacts], *, is_beginning: bool) -> None:
    """Tell the trail that somebody gets the original; further parts of the same taking are no news."""
    async with unit_of_work(actor) as uow:
        is_known = not is_beginning and await was_done_lately(
            uow.session, action.name, source.document_id, uow.account_id, _SAME_TAKING_SECONDS
        )
        if not is_known:
            uow.record(action, source.document_id, label=source.name)


async def read_text(source: Source) -> tuple[str, bool]:
    """The beginning of a text as it stands in its file, and whether that is all of it."""
    return await asyncio.to_thread(_read_text, source.path)


async def make_page(source: Source, number: int) -> bytes:
    """A picture of a page of a PDF, counted from 1, for who may not have the PDF itself.

    Raises:
        PreviewRefusedError: there is no such page, or nothing can be made of it.
    """
    if source.media_type != DocumentType.PDF:
        raise PreviewRefusedError
    return await make("pages", source.media_type, source.path, number)


async def get_part(actor: Actor, source: Source, part: Part) -> Path:
    """Where something that is made of a file can be read; made and kept when it is first asked for.

    Raises:
        PreviewRefusedError: nothing can be made of it.
        DocumentNotFoundError: it was deleted meanwhile.
    """
    async with unit_of_work(actor) as uow:
        found = await queries.find_part(uow, source.version_id, part)
    if found is None:
        return await _make_part(actor, source, part)
    if found.sha256 is None:
        raise PreviewRefusedError
    return files.path_of(source.workspace_id, found.sha256)


async def mark_page(actor: Actor, source: Source, page: Path, start: int, end: int) -> bytes:
    """A page that was made of a file, with characters `start` to `end` of what was read of it marked.

    Raises:
        PreviewRefusedError: there is nothing to mark.
    """
    async with unit_of_work(actor) as uow:
        passage = await texts.get_stretch(uow, source.version_id, start, min(end, start + _LONGEST_PASSAGE))
    if not passage:
        raise PreviewRefusedError
    return await make("marking", DocumentType.HTML, page, told=passage.encode())


async def find_thumbnail(actor: Actor, source: Source, *, is_wanted: bool) -> Path | None:
    """Where the small picture of a document is; one that is lacking and `is_wanted` is made by a job.

    A list asks for many at once, and nobody is to wait for them.
    """
    async with unit_of_work(actor) as uow:
        found = await queries.find_part(uow, source.version_id, "thumbnail")
        if found is None and is_wanted and source.media_type in WITH_THUMBNAIL:
            args = {"workspace_id": str(source.workspace_id), "document_id": str(source.document_id)}
            await uow.enqueue(THUMBNAIL_TASK, args, lock=f"thumbnail:{source.version_id}", priority=_LAST)
    return files.path_of(source.workspace_id, found.sha256) if found and found.sha256 else None


async def make_thumbnail(actor: Actor, document_id: UUID) -> None:
    """Make the small picture of a document, unless it is made, cannot be, or the document is gone."""
    with suppress(DocumentNotFoundError, PreviewRefusedError):
        await get_part(actor, await get_source(actor, document_id), "thumbnail")


async def _make_part(actor: Actor, source: Source, part: Part) -> Path:
    try:
        data = await make(_MODULES[part], source.media_type, source.path)
    except PreviewRefusedError:
        async with unit_of_work(actor) as uow:
            await queries.hold_version(uow, source.version_id)
            await queries.add_part(uow, source.version_id, part, None, 0)
        raise
    async with unit_of_work(actor) as uow:
        await queries.hold_version(uow, source.version_id)
        sha256 = await files.store(uow, data, source.version_id)
        await queries.add_part(uow, source.version_id, part, sha256, len(data))
    return files.path_of(source.workspace_id, sha256)


def _read_text(path: Path) -> tuple[str, bool]:
    source = sources.Source(path)
    text, _ = decode(source.read(LONGEST_TEXT))
    return text, source.size <= LONGEST_TEXT
