"""The SQL of temporary conversations, and of what a workspace says of them.

Whatever begins a conversation asks `IS_TEMPORARY` or `MUST_BE_TEMPORARY`, so that no way in goes past the rule.
Row-level security leaves one rule to be seen at most.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import text

from convosphere.core.unit_of_work import UnitOfWork

LEASE: Final = timedelta(minutes=10)
"""How long a temporary conversation lives that nobody looks at: longer than a network is away, mostly."""
LONGEST_LIFE: Final = timedelta(days=1)

MUST_BE_TEMPORARY: Final = "coalesce((SELECT k.temporary = 'required' FROM chat_rule AS k), false)"
IS_TEMPORARY: Final = """coalesce((
    SELECT CASE k.temporary WHEN 'required' THEN true WHEN 'forbidden' THEN false ELSE :is_temporary END
    FROM chat_rule AS k
), :is_temporary)"""
"""Whether a new conversation is one, where `:is_temporary` is asked for."""

_KEEP = text(
    """
    UPDATE conversation
    SET expires_at = least(created_at + CAST(:longest AS interval), now() + CAST(:lease AS interval))
    WHERE id = :conversation_id AND owner_id = :account_id AND expires_at IS NOT NULL AND deleted_at IS NULL
    RETURNING id
    """
)
_CLOSE = text(
    """
    UPDATE conversation SET expires_at = now(), deleted_at = now()
    WHERE id = :conversation_id AND owner_id = :account_id AND expires_at IS NOT NULL AND deleted_at IS NULL
    RETURNING id
    """
)
_LIST_RUNNING = text(
    """
    SELECT m.id FROM conversation AS c JOIN message AS m ON m.conversation_id = c.id AND m.status = 'streaming'
    WHERE c.expires_at <= now()
    """
)
# Where an answer is being written, it is stopped first, so that what it has cost is booked.
_REMOVE_EXPIRED = text(
    """
    DELETE FROM conversation WHERE id IN (
        SELECT c.id FROM conversation AS c
        WHERE c.expires_at <= now() AND NOT EXISTS (
            SELECT FROM message AS m JOIN message_generation AS g ON g.message_id = m.id
            WHERE m.conversation_id = c.id AND g.lease_until > now()
        )
        ORDER BY c.id LIMIT :most FOR UPDATE OF c SKIP LOCKED
    ) RETURNING id, owner_id
    """
)


@dataclass(frozen=True)
class _Id:
    id: UUID


@dataclass(frozen=True)
class _Owned:
    id: UUID
    owner_id: UUID


async def keep(uow: UnitOfWork, conversation_id: UUID) -> bool:
    """Let a temporary conversation of the actor's live on, but not beyond its longest life; False where it is gone."""
    given = {
        "conversation_id": conversation_id, "account_id": uow.account_id, "lease": LEASE, "longest": LONGEST_LIFE,
    }  # fmt: skip
    return await uow.row(_Id, _KEEP, given) is not None


async def close(uow: UnitOfWork, conversation_id: UUID) -> bool:
    """Let nobody see a temporary conversation of the actor's any more; False where there is none."""
    given = {"conversation_id": conversation_id, "account_id": uow.account_id}
    return await uow.row(_Id, _CLOSE, given) is not None


async def list_running(uow: UnitOfWork) -> list[UUID]:
    """Answers that are being written in conversations whose time is over."""
    return [row.id for row in await uow.rows(_Id, _LIST_RUNNING, {})]


async def remove_expired(uow: UnitOfWork, most: int) -> dict[UUID, UUID]:
    """Remove some of those with all that is in them; gives whose they were, by their ids."""
    return {row.id: row.owner_id for row in await uow.rows(_Owned, _REMOVE_EXPIRED, {"most": most})}
