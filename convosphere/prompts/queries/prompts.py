"""The list of prompts; all else is as for other things that people make, see `creations.queries`."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.grants import access_text
from convosphere.prompts.errors import PromptNotFoundError
from convosphere.prompts.schemas import PromptQuery, PromptRow

OBJECT_TYPE: Final = "prompt"
_MAY_VIEW: Final = access_text(OBJECT_TYPE, "p.id", "p.owner_id", "view")
_MAY_EDIT: Final = access_text(OBJECT_TYPE, "p.id", "p.owner_id", "edit")
_MAY_MANAGE: Final = access_text(OBJECT_TYPE, "p.id", "p.owner_id", "manage")
_COLUMNS = f"""
    p.id, p.name, p.command, p.description, o.name AS owner_name, p.owner_id = :account_id AS is_own,
    EXISTS (
        SELECT FROM access_grant AS s WHERE s.object_type = 'prompt' AND s.object_id = p.id AND NOT s.is_deny
    ) AS is_shared,
    {_MAY_EDIT} AS can_edit, {_MAY_MANAGE} AS can_manage, jsonb_array_length(v.definition -> 'variables') AS variables,
    p.updated_at
"""
_FROM = """
    FROM prompt AS p JOIN account AS o ON o.id = p.owner_id JOIN prompt_version AS v ON v.id = p.current_version_id
"""
_SEEN = f"""
    p.deleted_at IS NULL AND {_MAY_VIEW}
    AND CASE CAST(:whose AS text)
        WHEN 'mine' THEN p.owner_id = :account_id WHEN 'shared' THEN p.owner_id <> :account_id ELSE true END
    AND (CAST(:text AS text) = '' OR strpos(
        lower(p.name || ' ' || p.command || ' ' || p.description || ' ' || (v.definition ->> 'text')),
        CAST(:text AS text)
    ) > 0)
"""
_LIST = text(f"SELECT {_COLUMNS} {_FROM} WHERE {_SEEN} ORDER BY lower(p.name), p.id LIMIT :limit OFFSET :skip")
_COUNT = text(f"SELECT count(*) AS found {_FROM} WHERE {_SEEN}")  # Of constants, as all here.
_GET = text(f"SELECT {_COLUMNS} {_FROM} WHERE p.id = :prompt_id AND p.deleted_at IS NULL AND {_MAY_VIEW}")


@dataclass(frozen=True)
class _Count:
    found: int


async def get_row(uow: UnitOfWork, prompt_id: UUID) -> PromptRow:
    """One row as of `list_rows`.

    Raises:
        PromptNotFoundError: the actor sees no such prompt.
    """
    row = await uow.row(PromptRow, _GET, {"account_id": uow.account_id, "prompt_id": prompt_id})
    if row is None:
        raise PromptNotFoundError
    return row


async def list_rows(uow: UnitOfWork, query: PromptQuery) -> tuple[list[PromptRow], int]:
    """What the actor sees, by name, and how many match."""
    given = {"account_id": uow.account_id, "text": query.text.casefold(), "whose": query.whose}
    counted = await uow.row(_Count, _COUNT, given)
    rows = await uow.rows(PromptRow, _LIST, {**given, "limit": query.limit, "skip": query.skip})
    return rows, counted.found if counted else 0
