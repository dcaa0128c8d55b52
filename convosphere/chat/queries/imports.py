"""The SQL of files that people bring to take conversations in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import text

from convosphere.core.errors import NotFoundError
from convosphere.core.unit_of_work import UnitOfWork

_COLUMNS = "i.id, i.name, i.size, i.sha256, i.status, i.done, i.total, i.report, i.error, i.created_at"
_ADD = text(
    """
    INSERT INTO conversation_import (id, workspace_id, account_id, name, size, sha256)
    VALUES (:id, :workspace_id, :account_id, :name, :size, :sha256)
    """
)
_GET = f"SELECT {_COLUMNS} FROM conversation_import AS i WHERE i.id = :import_id AND i.account_id = :account_id"  # noqa: S608  # Of constants.
_FIND = text(_GET)
_HOLD = text(f"{_GET} FOR UPDATE")
_FIND_LATEST = text(
    f"SELECT {_COLUMNS} FROM conversation_import AS i WHERE i.account_id = :account_id ORDER BY i.id DESC LIMIT 1"  # noqa: S608
)
_LIST_OWN = text(f"SELECT {_COLUMNS} FROM conversation_import AS i WHERE i.account_id = :account_id ORDER BY i.id")  # noqa: S608
_SET = text(
    """
    UPDATE conversation_import SET status = :status, done = :done, total = :total, report = :report, error = :error,
        updated_at = now()
    WHERE id = :import_id AND status = ANY (CAST(:before AS text[]))
    RETURNING id
    """
)
_SET_PROGRESS = text(
    """
    UPDATE conversation_import SET done = :done, total = :total, updated_at = now()
    WHERE id = :import_id AND status = :status RETURNING id
    """
)
_REMOVE = text("DELETE FROM conversation_import WHERE id = :import_id AND account_id = :account_id RETURNING id")
_REMOVE_OLD = text("DELETE FROM conversation_import WHERE id = :import_id")


@dataclass(frozen=True)
class ImportRow:
    """A file that is to be taken in, and how far that is: `done` of `total` bytes while it is read, else conversations.

    `status` is `reading`, `ready`, `importing`, `done` or `failed`.
    """

    id: UUID
    name: str
    size: int
    sha256: str
    status: str
    done: int
    total: int
    report: dict[str, Any] | None
    error: dict[str, Any] | None
    created_at: datetime


@dataclass(frozen=True)
class _Id:
    id: UUID


def add_import(uow: UnitOfWork, import_id: UUID, name: str, size: int, sha256: str) -> None:
    """Note a file of the actor's."""
    given = {
        "id": import_id, "workspace_id": uow.workspace_id, "account_id": uow.account_id, "name": name, "size": size,
        "sha256": sha256,
    }  # fmt: skip
    uow.defer(_ADD, given)


async def get_import(uow: UnitOfWork, import_id: UUID, *, lock: bool = False) -> ImportRow:
    """A file that the actor has brought.

    Raises:
        NotFoundError: there is none with this id.
    """
    given = {"import_id": import_id, "account_id": uow.account_id}
    if (row := await uow.row(ImportRow, _HOLD if lock else _FIND, given)) is None:
        raise NotFoundError
    return row


async def find_latest(uow: UnitOfWork) -> ImportRow | None:
    """The file that the actor has brought last."""
    return await uow.row(ImportRow, _FIND_LATEST, {"account_id": uow.account_id})


async def list_own(uow: UnitOfWork) -> list[ImportRow]:
    """All files that the actor has brought and that are still there."""
    return await uow.rows(ImportRow, _LIST_OWN, {"account_id": uow.account_id})


async def set_status(
    uow: UnitOfWork, import_id: UUID, status: str, *, before: tuple[str, ...], report: dict[str, Any] | None = None,
    error: dict[str, Any] | None = None, done: int = 0, total: int = 0,
) -> bool:  # fmt: skip
    """Say what became of a file that was in one of these states; False if it is gone or in another one."""
    given = {
        "import_id": import_id, "status": status, "before": list(before), "done": done, "total": total,
        "report": Jsonb(report) if report is not None else None, "error": Jsonb(error) if error else None,
    }  # fmt: skip
    return await uow.row(_Id, _SET, given) is not None


async def set_progress(uow: UnitOfWork, import_id: UUID, status: str, done: int, total: int) -> bool:
    """Say how far it is; False if it is gone."""
    given = {"import_id": import_id, "status": status, "done": done, "total": total}
    return await uow.row(_Id, _SET_PROGRESS, given) is not None


async def remove_import(uow: UnitOfWork, import_id: UUID) -> bool:
    """Forget a file of the actor's; False if there is none."""
    given = {"import_id": import_id, "account_id": uow.account_id}
    return await uow.row(_Id, _REMOVE, given) is not None


def remove_old(uow: UnitOfWork, import_id: UUID) -> None:
    """Forget anybody's file whose time is over."""
    uow.defer(_REMOVE_OLD, {"import_id": import_id})
