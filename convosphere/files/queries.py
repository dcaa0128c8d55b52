"""The SQL of stored files. Locks are held until the unit of work ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, select, text
from sqlmodel import col

from convosphere.core.identifiers import new_id
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.files.models import FileReference, StoredFile

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 7420))")
_LOCK_ALL = text("SELECT pg_advisory_xact_lock(hashtextextended(key, 7420)) FROM unnest(CAST(:keys AS text[])) AS key")
_COUNT_BYTES = text("""
    SELECT ((SELECT coalesce(sum(size), 0) FROM stored_file)
            + (SELECT coalesce(sum(size), 0) FROM file_reservation WHERE expires_at > now()))::bigint AS count
""")
_RESERVE = text("""
    INSERT INTO file_reservation (id, workspace_id, account_id, size, expires_at)
    VALUES (:id, :workspace_id, :account_id, :size, now() + CAST(:lasts AS interval))
""")
_FREE = text("DELETE FROM file_reservation WHERE id = :id")
_FREE_EXPIRED = text("DELETE FROM file_reservation WHERE expires_at < now()")
_ADD_FILE = text("""
    INSERT INTO stored_file (workspace_id, sha256, size) VALUES (:workspace_id, :sha256, :size)
    ON CONFLICT DO NOTHING RETURNING 1 AS count
""")
_ADD_REFERENCES = text("""
    INSERT INTO file_reference (workspace_id, sha256, holder_id, account_id)
    SELECT CAST(:workspace_id AS uuid), held.sha256, held.holder_id, CAST(:account_id AS uuid)
    FROM unnest(CAST(:sha256s AS text[]), CAST(:holder_ids AS uuid[])) AS held (sha256, holder_id)
    ON CONFLICT DO NOTHING
""")


@dataclass(frozen=True)
class _Counted:
    count: int


async def lock_quota(uow: UnitOfWork) -> None:
    """Let one unit of work at a time count the workspace's bytes."""
    await uow.write(_LOCK, {"key": f"quota {uow.workspace_id}"})


async def lock_content(uow: UnitOfWork, sha256: str) -> None:
    """Let one unit of work at a time store or remove a content."""
    await uow.write(_LOCK, {"key": f"file {uow.workspace_id} {sha256}"})


async def lock_contents(uow: UnitOfWork, sha256s: Sequence[str]) -> None:
    """The same of several, one after the other in their order."""
    keys = [f"file {uow.workspace_id} {sha256}" for sha256 in sha256s]
    await uow.write(_LOCK_ALL, {"keys": keys})


async def count_bytes(uow: UnitOfWork) -> int:
    """Bytes that the workspace stores or has promised to uploads under way."""
    (counted,) = await uow.rows(_Counted, _COUNT_BYTES, {})
    return counted.count


def add_reservation(uow: UnitOfWork, size: int, seconds: int) -> UUID:
    """Promise space for a while."""
    reservation_id = new_id()
    whose = {"workspace_id": uow.workspace_id, "account_id": uow.actor.account_id}
    uow.defer(_RESERVE, {"id": reservation_id, "size": size, "lasts": timedelta(seconds=seconds), **whose})
    return reservation_id


def delete_reservation(uow: UnitOfWork, reservation_id: UUID) -> None:
    """Take a promise back."""
    uow.defer(_FREE, {"id": reservation_id})


async def delete_expired_reservations(uow: UnitOfWork) -> None:
    """Forget promises whose uploads were killed."""
    await uow.write(_FREE_EXPIRED, {})


async def add_file(uow: UnitOfWork, sha256: str, size: int) -> bool:
    """Note a content, once; tells whether it is new to the workspace."""
    row = {"workspace_id": uow.workspace_id, "sha256": sha256, "size": size}
    return bool(await uow.rows(_Counted, _ADD_FILE, row))


async def add_references(uow: UnitOfWork, held: Mapping[UUID, str], account_id: UUID | None) -> None:
    """Note that each of some holders needs a content, by its hash, once, and whose space that takes."""
    rows = {"workspace_id": uow.workspace_id, "holder_ids": list(held), "sha256s": list(held.values())}
    await uow.write(_ADD_REFERENCES, {**rows, "account_id": account_id})


async def delete_references(uow: UnitOfWork, holder_ids: list[UUID]) -> set[str]:
    """Forget what some things needed; gives the contents in question."""
    deleted = await uow.session.scalars(
        delete(FileReference).where(col(FileReference.holder_id).in_(holder_ids)).returning(col(FileReference.sha256))
    )
    return set(deleted)


async def delete_unreferenced(uow: UnitOfWork, sha256s: set[str]) -> set[str]:
    """Delete those of some contents that nothing needs any more; gives them."""
    deleted = await uow.session.scalars(
        delete(StoredFile)
        .where(col(StoredFile.sha256).in_(sha256s), ~_is_referenced())
        .returning(col(StoredFile.sha256))
    )
    return set(deleted)


async def list_stored(uow: UnitOfWork, sha256s: Sequence[str]) -> set[str]:
    """Those of some contents that the workspace has."""
    return set(await uow.session.scalars(select(col(StoredFile.sha256)).where(col(StoredFile.sha256).in_(sha256s))))


async def list_contents(uow: UnitOfWork) -> set[str]:
    """All contents of the workspace."""
    return set(await uow.session.scalars(select(col(StoredFile.sha256))))


async def list_unreferenced(uow: UnitOfWork, older_than_seconds: int) -> set[str]:
    """Contents that nothing needs since a while."""
    limit = func.now() - timedelta(seconds=older_than_seconds)
    rows = await uow.session.scalars(
        select(col(StoredFile.sha256)).where(col(StoredFile.created_at) < limit, ~_is_referenced())
    )
    return set(rows)


def _is_referenced() -> ColumnElement[bool]:
    return exists().where(
        col(FileReference.workspace_id) == col(StoredFile.workspace_id),
        col(FileReference.sha256) == col(StoredFile.sha256),
    )
