"""Taking in what a source brings: by the same door as any upload, with the rights of its owner."""

import asyncio
import errno
import hashlib
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import IO, Final
from uuid import UUID

from convosphere.core.permissions import Actor
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import unit_of_work
from convosphere.files.errors import StorageFullError
from convosphere.knowledge.errors import DocumentNotFoundError
from convosphere.knowledge.service import uploads, versions
from convosphere.knowledge.sources import queries
from convosphere.knowledge.sources.errors import EntryError
from convosphere.knowledge.sources.fetching import too_large
from convosphere.knowledge.sources.schemas import Entry, Known, Outcome

_CHUNK: Final = 256 * 1024
_IN_MEMORY: Final = 1024 * 1024


@dataclass
class Spool:
    """A content that has come completely: small ones lie in memory, others in a file without a name."""

    file: IO[bytes]
    size: int = 0
    sha256: str = ""

    async def chunks(self) -> AsyncIterator[bytes]:
        """It once more, from its beginning."""
        self.file.seek(0)
        while chunk := await asyncio.to_thread(self.file.read, _CHUNK):
            yield chunk


@asynccontextmanager
async def spooled(content: AsyncGenerator[bytes]) -> AsyncGenerator[Spool]:
    """A content as long as the block runs: only when all has come are its size and hash known.

    Raises:
        EntryError: there is more of it than one file may have.
        StorageFullError: the disk has no room.
    """
    digest, most = hashlib.sha256(), uploads.most_bytes()
    directory = get_settings().data / "files"
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, dir=str(directory)) as file:
        spool = Spool(file)
        async with aclosing(content):
            async for chunk in content:
                spool.size += len(chunk)
                if spool.size > most:
                    raise EntryError(too_large(most))
                digest.update(chunk)
                await asyncio.to_thread(_write, file, chunk)
        spool.sha256 = digest.hexdigest()
        yield spool


@dataclass(frozen=True)
class Taken:
    """What became of a content, and of which document it is now."""

    outcome: Outcome
    document_id: UUID | None


async def take(owner: Actor, folder_id: UUID, entry: Entry, spool: Spool, before: Known | None) -> Taken:
    """Make a content a document, or the content of the one that its thing became before.

    What somebody deleted meanwhile, or put into the trash, stays there: what changed since comes as another document.

    Raises:
        ExpectedError: as `uploads.upload`.
    """
    if before and before.document_id and not await _is_shared(owner, before.document_id):
        try:
            await versions.add_version(owner, before.document_id, spool.chunks(), size=spool.size, name=entry.name)
        except DocumentNotFoundError:
            pass
        else:
            return Taken(Outcome.CHANGED, before.document_id)
    uploaded = await uploads.upload(
        owner, spool.chunks(), size=spool.size, name=entry.name, folder_path=entry.folder, folder_id=folder_id,
        is_shared=False, if_named_alike="keep",
    )  # fmt: skip
    return Taken(Outcome.CHANGED if before and before.document_id else Outcome.ADDED, uploaded.id)


async def _is_shared(owner: Actor, document_id: UUID) -> bool:
    async with unit_of_work(owner) as uow:
        return await queries.is_shared_by_items(uow, document_id)


def _write(file: IO[bytes], chunk: bytes) -> None:
    try:
        file.write(chunk)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageFullError from error
        raise
