"""The SQL of folders of documents. Fetching is authorising."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Uuid, and_, any_, cast, delete, exists, func, literal, or_, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.orm import aliased
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.grants import Level
from convosphere.identity.models import AccessGrant
from convosphere.knowledge.errors import FolderNotFoundError
from convosphere.knowledge.models import Document, DocumentFolder
from convosphere.knowledge.queries.access import FOLDER, may_access_document, may_access_folder
from convosphere.knowledge.schemas import FolderRow

MOST_SHOWN = 300
"""Folders of a tree at once: who has more opens fewer of them."""

_WALK = text(
    """
    WITH RECURSIVE walk AS (
        SELECT CAST(:parent_id AS uuid) AS id, 0 AS depth
        UNION ALL
        SELECT f.id, w.depth + 1 FROM walk AS w JOIN document_folder AS f ON f.owner_id = :owner_id
            AND (f.parent_id = w.id OR w.id IS NULL AND f.parent_id IS NULL)
            AND lower(f.name) = lower((CAST(:names AS text[]))[w.depth + 1])
    )
    SELECT id, depth FROM walk ORDER BY depth DESC LIMIT 1
    """
)
_MOVE = text(
    """
    UPDATE document_folder SET path = CAST(:above AS uuid[]) || path[array_position(path, :folder_id):],
        updated_at = now()
    WHERE path @> ARRAY[CAST(:folder_id AS uuid)]
    """
)
_HOLD = text(
    "SELECT id FROM document WHERE folder_ids @> ARRAY[CAST(:folder_id AS uuid)] ORDER BY id FOR NO KEY UPDATE"
)
_CARRY = text(
    """
    UPDATE document SET folder_ids = CAST(:above AS uuid[]) || folder_ids[array_position(folder_ids, :folder_id):]
    WHERE folder_ids @> ARRAY[CAST(:folder_id AS uuid)]
    """
)
# Where the heir has a folder of the same name, the one that comes gets a mark.
_HAND_OVER = text(
    """
    UPDATE document_folder AS f SET owner_id = :heir_id, name = CASE WHEN f.parent_id IS NULL AND EXISTS (
        SELECT FROM document_folder AS h
        WHERE h.owner_id = :heir_id AND h.parent_id IS NULL AND lower(h.name) = lower(f.name)
    ) THEN left(f.name, 100) || ' ' || right(CAST(f.id AS text), 6) ELSE f.name END
    WHERE f.owner_id = :owner_id
    """
)
_FREE = text(
    """
    UPDATE document SET folder_id = NULL, folder_ids = '{}' WHERE folder_ids[1] IN (
        SELECT id FROM document_folder WHERE owner_id = :owner_id AND parent_id IS NULL
    )
    """
)
_FORGET_GRANTS = text(
    f"""
    DELETE FROM access_grant WHERE object_type = '{FOLDER}' AND object_id IN (
        SELECT id FROM document_folder WHERE owner_id = :owner_id
    )
    """  # noqa: S608  # Of a constant.
)
_DELETE_OWNED = text("DELETE FROM document_folder WHERE owner_id = :owner_id")
_DEEPEST = text("SELECT max(cardinality(path)) FROM document_folder WHERE path @> ARRAY[CAST(:folder_id AS uuid)]")


@dataclass(frozen=True)
class Reached:
    """How far a way of names leads: the last folder there is, and how many names lead to it."""

    id: UUID | None
    depth: int


async def get_folder(
    uow: UnitOfWork, folder_id: UUID, level: Level, *, hold: bool = False, lock: bool = False
) -> DocumentFolder:
    """A folder with which the actor may do `level`; held, it stays where it is, locked, nobody else changes it.

    Raises:
        FolderNotFoundError: there is none.
    """
    statement = select(DocumentFolder).where(col(DocumentFolder.id) == folder_id, may_access_folder(uow, level))
    if hold or lock:
        statement = statement.with_for_update(of=DocumentFolder, read=not lock)
    folder = await uow.session.scalar(statement.execution_options(populate_existing=True))
    if folder is None:
        raise FolderNotFoundError
    return folder


async def walk(uow: UnitOfWork, owner_id: UUID, parent_id: UUID | None, names: Sequence[str]) -> Reached:
    """Follow names of folders down from one, or from outermost."""
    found = await uow.row(Reached, _WALK, {"owner_id": owner_id, "parent_id": parent_id, "names": list(names)})
    return found or Reached(parent_id, 0)


async def has_sibling(uow: UnitOfWork, folder: DocumentFolder, parent_id: UUID | None, name: str) -> bool:
    """Whether another folder of the same owner has a name in the same place."""
    same = and_(
        col(DocumentFolder.owner_id) == folder.owner_id,
        col(DocumentFolder.parent_id).is_not_distinct_from(parent_id),
        func.lower(col(DocumentFolder.name)) == func.lower(name),
        col(DocumentFolder.id) != folder.id,
    )
    return bool(await uow.session.scalar(select(exists().where(same))))


async def add_folders(uow: UnitOfWork, folders: Sequence[DocumentFolder]) -> None:
    """Store folders, those around others first."""
    uow.session.add_all(folders)
    await uow.session.flush()


async def count_owned(uow: UnitOfWork, owner_id: UUID) -> int:
    """How many folders a person has."""
    counted = select(func.count()).select_from(DocumentFolder).where(col(DocumentFolder.owner_id) == owner_id)
    return await uow.session.scalar(counted) or 0


async def list_around(uow: UnitOfWork, folder_id: UUID) -> list[Row[UUID, str]]:
    """Id and name of a folder and of those around it, as far as the actor sees them, the outermost first."""
    inner = aliased(DocumentFolder)
    statement = (
        select(col(DocumentFolder.id), col(DocumentFolder.name))
        .join(inner, col(DocumentFolder.id) == any_(col(inner.path)))
        .where(col(inner.id) == folder_id, may_access_folder(uow, "view"))
        .order_by(func.cardinality(col(DocumentFolder.path)))
    )
    return list(await uow.session.execute(statement))


async def may_edit(uow: UnitOfWork, folder_id: UUID) -> bool:
    """Whether the actor may change a folder and put something there."""
    is_it = exists().where(col(DocumentFolder.id) == folder_id, may_access_folder(uow, "edit"))
    return bool(await uow.session.scalar(select(is_it)))


async def list_shown(uow: UnitOfWork, opened: Sequence[UUID]) -> list[FolderRow]:
    """The outermost folders that the actor sees, and those in the opened ones, by name."""
    parent, inner = aliased(DocumentFolder), aliased(DocumentFolder)
    is_below = exists().where(col(parent.id) == col(DocumentFolder.parent_id), may_access_folder(uow, "view", parent))
    is_given = exists().where(
        col(AccessGrant.object_type) == FOLDER,
        col(AccessGrant.object_id) == any_(col(DocumentFolder.path)),
        ~col(AccessGrant.is_deny),
    )
    is_own = col(DocumentFolder.owner_id) == uow.actor.account_id
    rows = await uow.session.execute(
        select(
            col(DocumentFolder.id), col(DocumentFolder.name), col(DocumentFolder.parent_id),
            (~is_below).label("is_outermost"), is_own.label("is_own"), or_(~is_own, is_given).label("is_shared"),
            may_access_folder(uow, "edit").label("can_edit"), may_access_folder(uow, "manage").label("can_manage"),
            exists().where(col(inner.parent_id) == col(DocumentFolder.id)).label("has_inner"),
        )
        .where(may_access_folder(uow, "view"), or_(~is_below, col(DocumentFolder.parent_id).in_(opened)))
        .order_by(func.lower(col(DocumentFolder.name)), col(DocumentFolder.id))
        .limit(MOST_SHOWN)
    )  # fmt: skip
    return [FolderRow(*row) for row in rows]


async def list_targets(uow: UnitOfWork, name: str, most: int) -> list[Row[Any, Any]]:
    """Id and names from outermost of folders that the actor may put something in, whose name contains a text."""
    around = aliased(DocumentFolder)
    names = (
        select(
            func.string_agg(col(around.name), aggregate_order_by(literal(" / "), func.cardinality(col(around.path))))
        )
        .where(col(around.id) == any_(col(DocumentFolder.path)), may_access_folder(uow, "view", around))
        .correlate(DocumentFolder)
        .scalar_subquery()
    )
    statement = (
        select(col(DocumentFolder.id), names)
        .where(
            may_access_folder(uow, "edit"),
            func.lower(col(DocumentFolder.name)).contains(name.lower(), autoescape=True),
        )
        .order_by(func.cardinality(col(DocumentFolder.path)), func.lower(col(DocumentFolder.name)))
        .limit(most)
    )
    return list(await uow.session.execute(statement))


async def count_documents(uow: UnitOfWork, folder_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many documents the actor sees in each of some folders and below."""
    seen = (
        select(func.unnest(col(Document.folder_ids)).label("folder_id"))
        .where(
            may_access_document(uow, "view"),
            col(Document.folder_ids).bool_op("&&")(cast(list(folder_ids), ARRAY(Uuid))),
        )
        .subquery()
    )
    counted = select(seen.c.folder_id, func.count()).where(seen.c.folder_id.in_(folder_ids))
    rows = await uow.session.execute(counted.group_by(seen.c.folder_id))
    return {row[0]: row[1] for row in rows}


async def deepest_below(uow: UnitOfWork, folder_id: UUID) -> int:
    """How deep the deepest folder within one lies, counted from outermost."""
    return await uow.session.scalar(_DEEPEST, {"folder_id": folder_id}) or 0


async def move_folder(uow: UnitOfWork, folder_id: UUID, above: Sequence[UUID]) -> None:
    """Put a folder with all folders and documents in it below others."""
    where = {"folder_id": folder_id, "above": list(above)}
    await uow.session.execute(_MOVE, where)
    await _hold_documents(uow, folder_id)
    await uow.session.execute(_CARRY, where)


async def list_document_ids(uow: UnitOfWork, folder_id: UUID) -> list[UUID]:
    """The documents in a folder and below, whoever sees them."""
    is_within = col(Document.folder_ids).bool_op("@>")(cast([folder_id], ARRAY(Uuid)))
    return list(await uow.session.scalars(select(col(Document.id)).where(is_within)))


async def place_documents(uow: UnitOfWork, document_ids: Sequence[UUID], folder: DocumentFolder | None) -> None:
    """Put documents into a folder, or out of all."""
    await uow.session.execute(
        update(Document)
        .where(col(Document.id).in_(document_ids))
        .values(folder_id=folder and folder.id, folder_ids=folder.path if folder else [], updated_at=func.now())
    )


async def empty_folder(uow: UnitOfWork, folder: DocumentFolder) -> int:
    """Put all documents in a folder and below into the one around it, or out of all; gives how many."""
    await _hold_documents(uow, folder.id)
    moved = await uow.session.execute(
        update(Document)
        .where(col(Document.folder_ids).bool_op("@>")(cast([folder.id], ARRAY(Uuid))))
        .values(folder_id=folder.parent_id, folder_ids=folder.path[:-1])
        .returning(col(Document.id))
        .execution_options(synchronize_session=False)
    )
    return len(moved.all())


async def delete_folder(uow: UnitOfWork, folder_id: UUID) -> None:
    """Remove an empty folder with all folders in it and what was granted of them."""
    within = select(col(DocumentFolder.id)).where(
        col(DocumentFolder.path).bool_op("@>")(cast([folder_id], ARRAY(Uuid)))
    )
    is_grant = and_(col(AccessGrant.object_type) == FOLDER, col(AccessGrant.object_id).in_(within))
    await uow.session.execute(delete(AccessGrant).where(is_grant))
    await uow.session.execute(delete(DocumentFolder).where(col(DocumentFolder.id) == folder_id))


async def hand_over(uow: UnitOfWork, owner_id: UUID, heir_id: UUID) -> None:
    """Give all folders of a person another owner. What was granted of them stays."""
    await uow.session.execute(_HAND_OVER, {"owner_id": owner_id, "heir_id": heir_id})


async def delete_owned(uow: UnitOfWork, owner_id: UUID) -> None:
    """Remove all folders of a person; what others put there lies in none then."""
    for statement in (_FREE, _FORGET_GRANTS, _DELETE_OWNED):
        await uow.session.execute(statement, {"owner_id": owner_id})


async def _hold_documents(uow: UnitOfWork, folder_id: UUID) -> None:
    """In the order in which all hold them, so that nobody waits in a ring."""
    await uow.session.execute(_HOLD, {"folder_id": folder_id})
