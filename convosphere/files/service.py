"""Taking bytes in and letting go of them.

A content is stored and removed under a lock of its own, so that an upload and the deletion of the same content cannot
leave a row without bytes. Space is promised before the first byte is read.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

from convosphere.core.errors import SignInRequiredError
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor, system_actor
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.files import queries, storage
from convosphere.files.errors import FileTooLargeError, LengthRequiredError, QuotaExceededError
from convosphere.files.quotas.service import check_room
from convosphere.files.storage import IncomingFile

MEGABYTE = 1024 * 1024
UPLOAD_SECONDS = 3600
"""Longest time one upload may take; its space is promised for as long."""
_SWEEP_AFTER_SECONDS = 2 * UPLOAD_SECONDS
_AT_ONCE = 200
"""Contents whose locks one unit of work holds; the server has room for some thousands."""


def check_size(size: int | None) -> int:
    """The size that an upload declares, if one file may have it.

    Raises:
        LengthRequiredError: it declares none.
        FileTooLargeError: it is too large.
    """
    if size is None or size < 0:
        raise LengthRequiredError
    if size > get_settings().upload_megabytes * MEGABYTE:
        raise FileTooLargeError(get_settings().upload_megabytes)
    return size


@asynccontextmanager
async def receive(actor: Actor, chunks: AsyncIterator[bytes], size: int | None) -> AsyncIterator[IncomingFile]:
    """Take in `size` bytes. Inside the block they wait to be kept by `keep`; what was not kept is gone after it.

    Raises:
        LengthRequiredError, FileTooLargeError, QuotaExceededError: before a byte is read; the latter of the workspace,
            of the person, or of a group.
        UploadIncompleteError, StorageFullError: while they are read.
    """
    reservation_id = await _reserve(actor, check_size(size))
    incoming: IncomingFile | None = None
    try:
        incoming = await storage.write_incoming(_workspace(actor), chunks, check_size(size), reservation_id)
        yield incoming
    finally:
        if incoming is None or storage.discard(incoming):
            async with unit_of_work(actor) as uow:
                queries.delete_reservation(uow, reservation_id)


async def keep(uow: UnitOfWork, incoming: IncomingFile, holder_id: UUID) -> bool:
    """Store received bytes for a holder, such as a document version; tells whether they are new to the workspace.

    The caller holds `lock_content`.

    Raises:
        StorageFullError: the disk has no room.
    """
    is_new = await queries.add_file(uow, incoming.sha256, incoming.size)
    await queries.add_references(uow, {holder_id: incoming.sha256}, uow.actor.account_id)
    queries.delete_reservation(uow, incoming.reservation_id)
    await storage.keep(uow.workspace_id, incoming)
    return is_new


async def store(uow: UnitOfWork, data: bytes, holder_id: UUID) -> str:
    """Store bytes of the product's own making for a holder, whatever space is left; gives their hash.

    Raises:
        StorageFullError: the disk has no room.
    """
    incoming = await storage.write_incoming(uow.workspace_id, _once(data), len(data), new_id())
    try:
        await queries.lock_content(uow, incoming.sha256)
        await queries.add_file(uow, incoming.sha256, incoming.size)
        await queries.add_references(uow, {holder_id: incoming.sha256}, None)
        await storage.keep(uow.workspace_id, incoming)
    finally:
        storage.discard(incoming)
    return incoming.sha256


async def hold(uow: UnitOfWork, held: Mapping[UUID, str]) -> None:
    """Let further holders need contents, by their hashes; the caller keeps others from letting go of these."""
    await queries.add_references(uow, held, uow.actor.account_id)


async def lock_content(uow: UnitOfWork, sha256: str) -> None:
    """Wait until nobody else stores or removes this content, until the unit of work ends."""
    await queries.lock_content(uow, sha256)


async def release(uow: UnitOfWork, holder_ids: list[UUID]) -> set[str]:
    """Let go of what holders needed. Give the result to `remove_unneeded` once the unit of work is committed."""
    return await queries.delete_references(uow, holder_ids)


async def remove_unneeded(actor: Actor, sha256s: set[str]) -> int:
    """Delete those of some contents that nothing needs any more, rows and bytes; gives how many."""
    ordered = sorted(sha256s)  # In one order for everybody, so that no two wait for one another.
    count = 0
    for start in range(0, len(ordered), _AT_ONCE):
        some = ordered[start : start + _AT_ONCE]
        async with unit_of_work(actor) as uow:
            await queries.lock_contents(uow, some)
            await queries.delete_unreferenced(uow, set(some))
            unneeded = set(some) - await queries.list_stored(uow, some)
            # Bytes go last but before the lock: should the commit fail, the row is left, and the sweep finds it.
            await asyncio.to_thread(storage.remove_all, uow.workspace_id, unneeded)
        count += len(unneeded)
    return count


async def remove_left(actor: Actor) -> None:
    """Delete at once what nothing needs, such as what a killed process had let go of and not removed yet.

    A content and what first needs it are stored together, so that none of what is found is on its way.
    """
    async with unit_of_work(actor) as uow:
        left = await queries.list_unreferenced(uow, 0)
    await remove_unneeded(actor, left)


async def sweep(actor: Actor) -> set[str]:
    """Delete what killed processes left in the actor's workspace; gives the contents that were looked at."""
    workspace_id = _workspace(actor)
    storage.remove_abandoned(workspace_id, older_than_seconds=_SWEEP_AFTER_SECONDS)
    async with unit_of_work(actor) as uow:
        await queries.delete_expired_reservations(uow)
        orphans = await queries.list_unreferenced(uow, _SWEEP_AFTER_SECONDS)
        known = await queries.list_contents(uow)
    orphans |= set(storage.list_stored(workspace_id, older_than_seconds=_SWEEP_AFTER_SECONDS)) - known
    await remove_unneeded(actor, orphans)
    return orphans


async def find_orphans(uow: UnitOfWork) -> tuple[int, int]:
    """How many contents nothing needs, and how many on disk no row tells of; young ones may be on their way."""
    unneeded = await queries.list_unreferenced(uow, _SWEEP_AFTER_SECONDS)
    known = await queries.list_contents(uow)
    stored = await asyncio.to_thread(_stored, uow.workspace_id)
    return len(unneeded), len(stored - known)


async def find_missing(uow: UnitOfWork) -> set[str]:
    """Contents that rows tell of and that are not on disk."""
    known = await queries.list_contents(uow)
    return known - await asyncio.to_thread(lambda: set(storage.list_stored(uow.workspace_id, older_than_seconds=0)))


def _stored(workspace_id: UUID) -> set[str]:
    return set(storage.list_stored(workspace_id, older_than_seconds=_SWEEP_AFTER_SECONDS))


async def sweep_all() -> None:
    """Do so in every workspace that has files."""
    for workspace_id in storage.list_workspaces():
        await sweep(system_actor(workspace_id))


async def count_bytes(actor: Actor) -> int:
    """Bytes that the workspace's files take."""
    async with unit_of_work(actor) as uow:
        return await queries.count_bytes(uow)


def path_of(workspace_id: UUID, sha256: str) -> Path:
    """Where a content can be read. Whoever asks has fetched what refers to it."""
    return storage.path_of(workspace_id, sha256)


async def _reserve(actor: Actor, size: int) -> UUID:
    async with unit_of_work(actor) as uow:
        await queries.lock_quota(uow)
        if await queries.count_bytes(uow) + size > get_settings().quota_megabytes * MEGABYTE:
            raise QuotaExceededError
        await check_room(uow, size)
        return queries.add_reservation(uow, size, UPLOAD_SECONDS)


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data


def _workspace(actor: Actor) -> UUID:
    if actor.workspace_id is None:
        raise SignInRequiredError
    return actor.workspace_id
