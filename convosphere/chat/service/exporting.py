"""Taking conversations out, one or many, as files that are sent while they are made."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from convosphere.chat.queries import transfers as queries
from convosphere.chat.queries.transfers import Exportable
from convosphere.chat.service.gathering import gather
from convosphere.chat.transfer.names import file_name, unique_names
from convosphere.chat.transfer.schema import CONVERSATIONS_FILE, HEAD, TAIL, written
from convosphere.chat.transfer.schemas import ExportFormat
from convosphere.chat.transfer.writing.apart import DocumentFailedError, DocumentWriter
from convosphere.chat.transfer.writing.archive import ArchiveWriter
from convosphere.chat.transfer.writing.formats import ENDINGS, MEDIA_TYPES
from convosphere.core.audit.actions import CONVERSATION_EXPORTED
from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError, NotFoundError
from convosphere.core.i18n import t
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work

MOST_AT_ONCE: Final = 1_000
"""Conversations that are named one by one; all of them at once may be more."""
_ZIP: Final = "application/zip"


@dataclass(frozen=True)
class Download:
    """A file under way."""

    name: str
    media_type: str
    chunks: AsyncIterator[bytes]


async def export(actor: Actor, conversation_ids: Sequence[UUID] | None, form: ExportFormat) -> Download:
    """Conversations that the actor sees, or with None all of their own; as a ZIP if they are many or have files.

    Rights are looked at for all of them before the first byte, and again for each as it is read.

    Raises:
        NotFoundError: one of them is none that the actor may take out, or there is none at all.
        InvalidInputError: too many are named.
    """
    require(actor, Permission.CONVERSATION_READ)
    require(actor, Permission.CONVERSATION_EXPORT)
    asked = None if conversation_ids is None else list(dict.fromkeys(conversation_ids))
    if asked is not None and len(asked) > MOST_AT_ONCE:
        raise InvalidInputError(t("Please select at most {count} conversations at once.", count=MOST_AT_ONCE))
    async with unit_of_work(actor) as uow:
        found = await queries.list_exportable(uow, asked)
        if not found and asked is None:
            raise NotFoundError(t("There is no conversation to export yet. Temporary chats are not exported."))
        if asked is not None and len(found) < max(len(asked), 1):
            raise NotFoundError(
                t("Not all of these can be exported: temporary chats cannot, and what is gone cannot. Choose again.")
            )
        about = found[0] if len(found) == 1 else None
        uow.record(
            CONVERSATION_EXPORTED, about.id if about else None, label=about.title if about else "",
            after={"format": form.value, "count": len(found)},
        )  # fmt: skip
    return await _download(actor, found, form)


async def _download(actor: Actor, found: Sequence[Exportable], form: ExportFormat) -> Download:
    single = found[0] if len(found) == 1 else None
    if single and not (form is ExportFormat.JSON and single.has_files):
        made = await _made(actor, single.id, form)
        return Download(file_name(single.title, ENDINGS[form]), MEDIA_TYPES[form], _once(made))
    name = file_name(single.title, ".zip") if single else f"convosphere-{utc_now():%Y-%m-%d}.zip"
    chunks = _archive_of_json(actor, found) if form is ExportFormat.JSON else _archive(actor, found, form)
    return Download(name, _ZIP, chunks)


async def _made(actor: Actor, conversation_id: UUID, form: ExportFormat) -> bytes:
    gathered = await gather(actor, conversation_id)
    if form is ExportFormat.JSON:
        return f"{HEAD}{written(gathered.conversation)}{TAIL}".encode()
    async with DocumentWriter() as writer:
        return await writer.write(gathered.conversation, form, actor.locale, gathered.contents)


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def _archive(actor: Actor, found: Sequence[Exportable], form: ExportFormat) -> AsyncIterator[bytes]:
    """A document for each conversation, one after the other; what cannot be written so comes as Markdown."""
    archive = ArchiveWriter()
    names = unique_names([each.title for each in found])
    async with DocumentWriter() as writer:
        for each, name in zip(found, names, strict=True):
            try:
                told = await gather(actor, each.id)
            except NotFoundError:
                continue  # It has been deleted since.
            try:
                made, ending = await writer.write(told.conversation, form, actor.locale, told.contents), ENDINGS[form]
            except DocumentFailedError:
                plain = ExportFormat.MARKDOWN
                made, ending = await writer.write(told.conversation, plain, actor.locale, {}), ENDINGS[plain]
            await asyncio.to_thread(archive.add, f"{name}{ending}", made)
            yield archive.take()
    yield archive.end()


async def _archive_of_json(actor: Actor, found: Sequence[Exportable]) -> AsyncIterator[bytes]:
    """All conversations in one file, and then the contents of their files, each once."""
    archive = ArchiveWriter()
    contents: dict[str, str] = {}
    with archive.begun(CONVERSATIONS_FILE) as file:
        file.write(HEAD.encode())
        is_first = True
        for each in found:
            try:
                gathered = await gather(actor, each.id)
            except NotFoundError:
                continue
            contents.update({name: str(path) for name, path in gathered.contents.items()})
            text = ("" if is_first else ",") + written(gathered.conversation)
            await asyncio.to_thread(file.write, text.encode())
            is_first = False
            yield archive.take()
        file.write(TAIL.encode())
    for name, path in sorted(contents.items()):
        async for chunk in archive.add_file(name, path):
            yield chunk
    yield archive.end()
