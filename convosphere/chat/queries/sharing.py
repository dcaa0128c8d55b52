"""The SQL of who is with whom in a conversation."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from convosphere.chat.queries.access import may_of
from convosphere.core.unit_of_work import UnitOfWork

_LIST_NAMES = text(
    """
    SELECT a.id, a.name FROM membership AS m JOIN account AS a ON a.id = m.account_id
    WHERE m.workspace_id = :workspace_id AND a.id = ANY (CAST(:ids AS uuid[]))
    """
)
# Of people who see a conversation.
_COMPANIONS = f"""
    SELECT a.id, a.name FROM conversation AS c
    JOIN membership AS m ON m.workspace_id = c.workspace_id AND m.is_active
    JOIN account AS a ON a.id = m.account_id AND a.is_active
    WHERE c.id = :conversation_id AND {may_of("m.account_id", "view")}
"""  # noqa: S608  # Of constants.
_LIST_COMPANIONS = text(
    f"{_COMPANIONS} AND m.account_id <> :account_id AND strpos(lower(a.name), lower(:part)) > 0"
    " ORDER BY lower(a.name), a.id LIMIT :most"
)
_LIST_NAMED = text(f"{_COMPANIONS} AND a.name <> '' AND strpos(lower(:text), '@' || lower(a.name)) > 0 LIMIT :most")


@dataclass(frozen=True)
class _Named:
    id: UUID
    name: str


async def list_names(uow: UnitOfWork, account_ids: Sequence[UUID]) -> dict[UUID, str]:
    """What those of some ids are called who are people of the workspace."""
    given = {"workspace_id": uow.workspace_id, "ids": list(account_ids)}
    return {row.id: row.name for row in await uow.rows(_Named, _LIST_NAMES, given)}


async def list_companions(uow: UnitOfWork, conversation_id: UUID, part: str, most: int) -> dict[UUID, str]:
    """Others who see a conversation, which was fetched before, and whose name has a part."""
    given = {"conversation_id": conversation_id, "account_id": uow.account_id, "part": part, "most": most}
    return {row.id: row.name for row in await uow.rows(_Named, _LIST_COMPANIONS, given)}


async def list_named(uow: UnitOfWork, conversation_id: UUID, words: str, most: int) -> dict[UUID, str]:
    """People who see a conversation, which was fetched before, and whose name stands in a text behind an @."""
    given = {"conversation_id": conversation_id, "text": words, "most": most}
    return {row.id: row.name for row in await uow.rows(_Named, _LIST_NAMED, given)}
