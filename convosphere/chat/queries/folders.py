"""The SQL of folders. Fetching is authorising."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from convosphere.chat.folders import MOST_FOLDERS, OBJECT_TYPE, FolderRow
from convosphere.chat.models import ConversationFolder
from convosphere.chat.queries.folder_access import (
    MAY_EDIT_FOLDER,
    MAY_MANAGE_FOLDER,
    MAY_USE_FOLDER,
    MAY_VIEW_FOLDER,
)
from convosphere.core.errors import NotFoundError
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.grants import Level

_MAY: dict[Level, str] = {
    "view": MAY_VIEW_FOLDER,
    "use": MAY_USE_FOLDER,
    "edit": MAY_EDIT_FOLDER,
    "manage": MAY_MANAGE_FOLDER,
}
# What was granted is found first, by an index of the paths; then all rules are asked of the few that remain.
_LIST = text(
    f"""
    SELECT f.id, f.name, f.parent_id, f.owner_id = :account_id AS is_own, {MAY_USE_FOLDER} AS can_use,
        {MAY_EDIT_FOLDER} AS can_edit, {MAY_MANAGE_FOLDER} AS can_manage,
        f.instructions <> '' OR f.document_ids <> '{{}}' AS has_brief, f.owner_id <> :account_id OR EXISTS (
            SELECT FROM access_grant AS g WHERE g.object_type = '{OBJECT_TYPE}' AND g.object_id = ANY (f.path)
        ) AS is_shared, (
            SELECT count(*)::integer FROM conversation AS c
            LEFT JOIN conversation_view AS v ON v.conversation_id = c.id AND v.account_id = :account_id
            WHERE c.folder_id = f.id AND c.owner_id = :account_id AND c.deleted_at IS NULL AND v.archived_at IS NULL
                AND c.expires_at IS NULL
        ) AS conversations
    FROM conversation_folder AS f
    WHERE (f.owner_id = :account_id OR f.path && ARRAY(
        SELECT g.object_id FROM access_grant AS g WHERE g.object_type = '{OBJECT_TYPE}' AND NOT g.is_deny AND (
            g.subject_type = 'everyone' OR g.subject_id = :account_id
            OR g.subject_id IN (SELECT e.group_id FROM effective_group AS e WHERE e.account_id = :account_id)
        )
    )) AND {MAY_VIEW_FOLDER}
    ORDER BY f.owner_id <> :account_id, f.id LIMIT {MOST_FOLDERS}
    """  # noqa: S608  # Of constants.
)
_GET = {
    (level, lock): text(
        f"SELECT f.* FROM conversation_folder AS f WHERE f.id = :folder_id AND {may}{' FOR UPDATE OF f' * lock}"  # noqa: S608
    )
    for level, may in _MAY.items()
    for lock in (False, True)
}
_COUNT_BELOW = text("SELECT count(*) FROM conversation_folder WHERE :folder_id = ANY (path)")
_DEPTH_BELOW = text("SELECT max(cardinality(path)) FROM conversation_folder WHERE :folder_id = ANY (path)")
_MOVE = text(
    """
    UPDATE conversation_folder SET path = CAST(:above AS uuid[]) || path[array_position(path, :folder_id):],
        updated_at = now()
    WHERE :folder_id = ANY (path)
    """
)
_FORGET_GRANTS = text(
    f"""
    DELETE FROM access_grant WHERE object_type = '{OBJECT_TYPE}' AND object_id IN (
        SELECT id FROM conversation_folder WHERE :folder_id = ANY (path)
    )
    """  # noqa: S608
)
_DELETE = text("DELETE FROM conversation_folder WHERE id = :folder_id")
_FORGET_OWNED = text(
    f"""
    DELETE FROM access_grant WHERE object_type = '{OBJECT_TYPE}' AND object_id IN (
        SELECT id FROM conversation_folder WHERE owner_id = :owner_id
    )
    """  # noqa: S608
)
_DELETE_OWNED = text("DELETE FROM conversation_folder WHERE owner_id = :owner_id")
_COUNT_OWNED = text("SELECT count(*) FROM conversation_folder WHERE owner_id = :owner_id")


async def list_folders(uow: UnitOfWork) -> Sequence[FolderRow]:
    """All that the actor may see, in no order."""
    return await uow.rows(FolderRow, _LIST, {"account_id": uow.account_id})


async def get_folder(
    uow: UnitOfWork, folder_id: UUID, level: Level = "view", *, lock: bool = False
) -> ConversationFolder:
    """A folder with which the actor may do `level`.

    Raises:
        NotFoundError: there is none with this id.
    """
    row = (
        await uow.session.execute(
            _GET[level, lock], {"folder_id": folder_id, "account_id": uow.account_id}
        )
    ).mappings().first()  # fmt: skip
    if row is None:
        raise NotFoundError
    return await uow.session.get_one(ConversationFolder, row["id"])


async def move_folder(uow: UnitOfWork, folder_id: UUID, above: Sequence[UUID]) -> None:
    """Put a folder with all within it below others."""
    await uow.session.execute(_MOVE, {"folder_id": folder_id, "above": list(above)})


async def deepest_below(uow: UnitOfWork, folder_id: UUID) -> int:
    """How deep the deepest folder within one lies, counted from outermost."""
    return await uow.session.scalar(_DEPTH_BELOW, {"folder_id": folder_id}) or 0


async def delete_folder(uow: UnitOfWork, folder_id: UUID) -> int:
    """Remove a folder with all within it and what was granted of them; conversations stay. Gives how many went."""
    count = await uow.session.scalar(_COUNT_BELOW, {"folder_id": folder_id}) or 0
    await uow.session.execute(_FORGET_GRANTS, {"folder_id": folder_id})
    await uow.session.execute(_DELETE, {"folder_id": folder_id})
    return count


async def count_owned(uow: UnitOfWork, owner_id: UUID) -> int:
    """How many folders a person has."""
    return await uow.session.scalar(_COUNT_OWNED, {"owner_id": owner_id}) or 0


async def delete_owned(uow: UnitOfWork, owner_id: UUID) -> None:
    """Remove all folders of a person; others' conversations in them stay."""
    await uow.session.execute(_FORGET_OWNED, {"owner_id": owner_id})
    await uow.session.execute(_DELETE_OWNED, {"owner_id": owner_id})
