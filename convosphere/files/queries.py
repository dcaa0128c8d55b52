"""The SQL of stored files. Locks are held until the unit of work ends."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from convosphere.core.identifiers import new_id
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.files.models import FileReference, FileReservation, StoredFile

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 7420))")
_LOCK_ALL = text("SELECT pg_advisory_xact_lock(hashtextextended(key, 7420)) FROM unnest(CAST(:keys AS text[])) AS key")


async def lock_quota(uow: UnitOfWork) -> None:
    """Let one unit of work at a time count the workspace's bytes."""
    await uow.session.execute(_LOCK, {"key": f"quota {uow.workspace_id}"})


async def lock_content(uow: UnitOfWork, sha256: str) -> None:
    """Let one unit of work at a time store or remove a content."""
    await uow.session.execute(_LOCK, {"key": f"file {uow.workspace_id} {sha256}"})


async def lock_contents(uow: UnitOfWork, sha256s: Sequence[str]) -> None:
    """The same of several, one after the other in their order."""
    keys = [f"file {uow.workspace_id} {sha256}" for sha256 in sha256s]
    await uow.session.execute(_LOCK_ALL, {"keys": keys})


async def count_bytes(uow: UnitOfWork) -> int:
    """Bytes that the workspace stores or has promised to uploads under way."""
    stored = select(func.coalesce(func.sum(col(StoredFile.size)), 0)).scalar_subquery()
    promised = (
        select(func.coalesce(func.sum(col(FileReservation.size)), 0))
        .where(col(FileReservation.expires_at) > func.now())
        .scalar_subquery()
    )
    return int(await uow.session.scalar(select(stored + promised)) or 0)


async def add_reservation(uow: UnitOfWork, size: int, seconds: int) -> UUID:
    """Promise space for a while."""
    reservation_id = new_id()
    await uow.session.execute(
        insert(FileReservation).values(
            id=reservation_id,
            workspace_id=uow.workspace_id,
            account_id=uow.actor.account_id,
            size=size,
            expires_at=func.now() + timedelta(seconds=seconds),
        )
    )
    return reservation_id


async def delete_reservation(uow: UnitOfWork, reservation_id: UUID) -> None:
    """Take a promise back."""
    await uow.session.execute(delete(FileReservation).where(col(FileReservation.id) == reservation_id))


async def delete_expired_reservations(uow: UnitOfWork) -> None:
    """Forget promises whose uploads were killed."""
    await uow.session.execute(delete(FileReservation).where(col(FileReservation.expires_at) < func.now()))


async def add_file(uow: UnitOfWork, sha256: str, size: int) -> bool:
    """Note a content, once; tells whether it is new to the workspace."""
    row = {"workspace_id": uow.workspace_id, "sha256": sha256, "size": size}
    added = insert(StoredFile).values(row).on_conflict_do_nothing().returning(col(StoredFile.sha256))
    return await uow.session.scalar(added) is not None


async def add_reference(uow: UnitOfWork, sha256: str, holder_id: UUID, account_id: UUID | None) -> None:
    """Note that something needs a content, once, and whose space that takes."""
    row = {"workspace_id": uow.workspace_id, "sha256": sha256, "holder_id": holder_id, "account_id": account_id}
    await uow.session.execute(insert(FileReference).values(row).on_conflict_do_nothing())


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
