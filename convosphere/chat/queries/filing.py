"""The SQL of pins, archive, tags and folders of conversations."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from convosphere.chat.queries.access import MAY
from convosphere.core.unit_of_work import UnitOfWork

_HOLD_OWN = text(
    """
    SELECT id FROM conversation
    WHERE id = ANY (:ids) AND owner_id = :account_id AND deleted_at IS NULL AND expires_at IS NULL
    ORDER BY id FOR UPDATE
    """
)
_HOLD_SEEN = text(
    f"""
    SELECT c.id, c.owner_id = :account_id AS is_own FROM conversation AS c
    WHERE c.id = ANY (:ids) AND {MAY["view"]} AND c.deleted_at IS NULL AND c.expires_at IS NULL
    ORDER BY c.id FOR UPDATE OF c
    """  # noqa: S608  # Of constants.
)
# What others share and the actor has not looked at yet stays new.
_SET_VIEW = """
    INSERT INTO conversation_view (conversation_id, account_id, workspace_id, is_unread, {column})
    SELECT id, :account_id, :workspace_id, owner_id <> :account_id, CASE WHEN :is_set THEN now() END
    FROM conversation WHERE id = ANY (:ids)
    ON CONFLICT (conversation_id, account_id) DO UPDATE SET {column} = excluded.{column}
"""
_SET_PINNED = text(_SET_VIEW.format(column="pinned_at"))
_SET_ARCHIVED = text(_SET_VIEW.format(column="archived_at"))
_SET_FOLDER = text("UPDATE conversation SET folder_id = CAST(:folder_id AS uuid) WHERE id = ANY (:ids)")
_ADD_TAGS = text(
    """
    INSERT INTO conversation_tag (account_id, conversation_id, name, workspace_id)
    SELECT :account_id, id, name, :workspace_id
    FROM unnest(CAST(:ids AS uuid[])) AS id, unnest(CAST(:names AS text[])) AS name ON CONFLICT DO NOTHING
    """
)
_REMOVE_TAGS = text(
    "DELETE FROM conversation_tag"
    " WHERE account_id = :account_id AND conversation_id = ANY (:ids) AND name = ANY (:names)"
)
_MOST_TAGS = text(
    """
    SELECT coalesce(max(tags), 0) FROM (
        SELECT count(*) AS tags FROM conversation_tag
        WHERE account_id = :account_id AND conversation_id = ANY (:ids) GROUP BY conversation_id
    ) AS counted
    """
)
_LIST_TAGS = text(
    f"""
    SELECT t.name, count(*)::integer AS conversations,
        count(*) FILTER (WHERE c.id = ANY (CAST(:about AS uuid[])))::integer AS among
    FROM conversation_tag AS t JOIN conversation AS c ON c.id = t.conversation_id
    WHERE t.account_id = :account_id AND c.deleted_at IS NULL AND {MAY["view"]}
    GROUP BY t.name ORDER BY t.name LIMIT 500
    """  # noqa: S608
)


@dataclass(frozen=True)
class TagRow:
    """A tag and how many conversations have it, also `among` those that are asked about."""

    name: str
    conversations: int
    among: int


@dataclass(frozen=True)
class _Held:
    id: UUID
    is_own: bool


async def hold_own(uow: UnitOfWork, conversation_ids: Sequence[UUID]) -> list[UUID]:
    """Those of some ids that are conversations of the actor, held until the unit ends."""
    given = {"ids": list(conversation_ids), "account_id": uow.account_id}
    return list(await uow.session.scalars(_HOLD_OWN, given))


async def hold_seen(uow: UnitOfWork, conversation_ids: Sequence[UUID]) -> dict[UUID, bool]:
    """Those of some ids that are conversations the actor sees, and whether they are theirs; held as by `hold_own`."""
    given = {"ids": list(conversation_ids), "account_id": uow.account_id}
    return {row.id: row.is_own for row in await uow.rows(_Held, _HOLD_SEEN, given)}


async def set_pinned(uow: UnitOfWork, ids: Sequence[UUID], *, is_pinned: bool) -> None:
    """Pin conversations that are held, or do not."""
    await uow.session.execute(_SET_PINNED, _given(uow, ids) | {"is_set": is_pinned})


async def set_archived(uow: UnitOfWork, ids: Sequence[UUID], *, is_archived: bool) -> None:
    """Archive conversations that are held, or bring them back."""
    await uow.session.execute(_SET_ARCHIVED, _given(uow, ids) | {"is_set": is_archived})


async def set_folder(uow: UnitOfWork, ids: Sequence[UUID], folder_id: UUID | None) -> None:
    """Put conversations that are held into a folder that the actor may use."""
    await uow.session.execute(_SET_FOLDER, {"ids": list(ids), "folder_id": folder_id})


async def add_tags(uow: UnitOfWork, ids: Sequence[UUID], names: Sequence[str]) -> None:
    """Give conversations that are held tags."""
    await uow.session.execute(_ADD_TAGS, _given(uow, ids) | {"names": list(names)})


async def remove_tags(uow: UnitOfWork, ids: Sequence[UUID], names: Sequence[str]) -> None:
    """Take tags from conversations that are held."""
    given = {"account_id": uow.account_id, "ids": list(ids), "names": list(names)}
    await uow.session.execute(_REMOVE_TAGS, given)


async def most_tags(uow: UnitOfWork, ids: Sequence[UUID]) -> int:
    """How many tags that one of some conversations has that has the most."""
    return await uow.session.scalar(_MOST_TAGS, {"account_id": uow.account_id, "ids": list(ids)}) or 0


async def list_tags(uow: UnitOfWork, about: Sequence[UUID]) -> list[TagRow]:
    """The actor's tags by name."""
    return await uow.rows(TagRow, _LIST_TAGS, {"account_id": uow.account_id, "about": list(about)})


def _given(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[str, object]:
    return {"account_id": uow.account_id, "workspace_id": uow.workspace_id, "ids": list(ids)}
