"""Fetching, listing and changing prompts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.grants import Level, access_text, may_access
from convosphere.identity.models import AccessGrant
from convosphere.prompts.errors import PromptNotFoundError
from convosphere.prompts.models import Prompt
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


async def get_prompt(
    uow: UnitOfWork, prompt_id: UUID, level: Level, *, lock: bool = False, deleted: bool = False
) -> Prompt:
    """A prompt with which the actor may do `level`.

    Raises:
        PromptNotFoundError: there is none.
    """
    statement = select(Prompt).where(
        col(Prompt.id) == prompt_id,
        may_access(uow.actor, OBJECT_TYPE, col(Prompt.id), col(Prompt.owner_id), level),
        col(Prompt.deleted_at).is_not(None) == deleted,
    )
    found = await uow.session.scalar(statement.with_for_update(of=Prompt) if lock else statement)
    if found is None:
        raise PromptNotFoundError
    return found


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


async def add_prompt(uow: UnitOfWork, prompt: Prompt) -> None:
    """Store a new prompt, before its first version."""
    uow.session.add(prompt)
    await uow.session.flush()


async def purge(uow: UnitOfWork, prompt_id: UUID, after: timedelta) -> None:
    """Remove a prompt that was deleted so long ago, with its grants."""
    gone = delete(Prompt).where(col(Prompt.id) == prompt_id, col(Prompt.deleted_at) <= func.now() - after)
    if await uow.session.scalar(gone.returning(col(Prompt.id))):
        await _remove_grants(uow, [prompt_id])


async def list_owned(uow: UnitOfWork, account_id: UUID, limit: int, *, only_shared: bool = False) -> list[UUID]:
    """Some of a person's prompts, deleted ones too unless only shared ones are wanted."""
    owned = select(col(Prompt.id)).where(col(Prompt.owner_id) == account_id).order_by(col(Prompt.id)).limit(limit)
    if only_shared:
        owned = owned.where(col(Prompt.id).in_(_shared_ids()), col(Prompt.deleted_at).is_(None))
    return list(await uow.session.scalars(owned))


async def count_owned(uow: UnitOfWork, account_id: UUID) -> tuple[int, int]:
    """How many prompts a person has for themselves, and how many they share."""
    is_shared = col(Prompt.id).in_(_shared_ids())
    counts = select(func.count().filter(~is_shared), func.count().filter(is_shared))
    owned = counts.where(col(Prompt.owner_id) == account_id, col(Prompt.deleted_at).is_(None))
    own, shared = (await uow.session.execute(owned)).one()
    return own, shared


async def hand_over(uow: UnitOfWork, prompt_ids: Sequence[UUID], heir_id: UUID) -> list[tuple[UUID, str]]:
    """Give prompts another owner; gives them with their names. What was granted on them stays."""
    taken = list(await uow.session.scalars(select(Prompt).where(col(Prompt.id).in_(prompt_ids))))
    for prompt in taken:
        prompt.owner_id = heir_id
    return [(prompt.id, prompt.name) for prompt in taken]


async def remove(uow: UnitOfWork, prompt_ids: Sequence[UUID]) -> None:
    """Remove prompts at once, whoever has them."""
    await _remove_grants(uow, prompt_ids)
    await uow.session.execute(delete(Prompt).where(col(Prompt.id).in_(prompt_ids)))


async def _remove_grants(uow: UnitOfWork, prompt_ids: Sequence[UUID]) -> None:
    of_them = (col(AccessGrant.object_type) == OBJECT_TYPE) & col(AccessGrant.object_id).in_(prompt_ids)
    await uow.session.execute(delete(AccessGrant).where(of_them))


def _shared_ids():  # noqa: ANN202
    return select(col(AccessGrant.object_id)).where(
        col(AccessGrant.object_type) == OBJECT_TYPE, ~col(AccessGrant.is_deny)
    )
