"""The SQL of mails with news: to whom one is due, what stands in it, and how somebody ends them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.notifications.models import NotificationDigest
from convosphere.notifications.schemas import Digest, StoredNotification

HOUR = 7
"""When a day's mail is due, by the clock where its reader lives; a week's is due on Mondays."""

# What came before a mail was due the last time goes out, also hours later; what came since waits for the next one.
_LIST_DUE = text(
    """
    SELECT DISTINCT n.account_id FROM notification AS n
    JOIN notification_preference AS p ON p.workspace_id = n.workspace_id AND p.account_id = n.account_id
        AND p.kind = n.kind AND p.digest = :period
    JOIN membership AS m ON m.workspace_id = n.workspace_id AND m.account_id = n.account_id AND m.is_active
    JOIN account AS a ON a.id = n.account_id AND a.is_active
    JOIN workspace AS w ON w.id = n.workspace_id
    CROSS JOIN LATERAL (SELECT coalesce(nullif(a.time_zone, ''), w.time_zone) AS zone) AS z
    CROSS JOIN LATERAL (
        SELECT date_trunc(
            CASE :period WHEN 'weekly' THEN 'week' ELSE 'day' END,
            now() AT TIME ZONE z.zone - make_interval(hours => :hour)
        ) + make_interval(hours => :hour) AS local
    ) AS due
    WHERE n.workspace_id = :workspace_id AND n.read_at IS NULL AND n.mailed_at IS NULL
        AND n.created_at < due.local AT TIME ZONE z.zone
    LIMIT :most
    """
)
_LIST_WAITING = text(
    """
    SELECT n.id, n.kind, n.subject_type, n.subject_id, coalesce(a.name, '') AS actor_name, n.count, n.facts,
        n.created_at, false AS is_read
    FROM notification AS n
    JOIN notification_preference AS p ON p.workspace_id = n.workspace_id AND p.account_id = n.account_id
        AND p.kind = n.kind AND p.digest = :period
    LEFT JOIN account AS a ON a.id = n.actor_id
    WHERE n.workspace_id = :workspace_id AND n.account_id = :account_id AND n.read_at IS NULL AND n.mailed_at IS NULL
    ORDER BY n.created_at DESC, n.id DESC LIMIT :most
    FOR UPDATE OF n SKIP LOCKED
    """
)
_MARK = text("UPDATE notification SET mailed_at = now() WHERE id = ANY (:ids)")
_FIND = text(
    """
    SELECT account_id FROM notification_digest WHERE workspace_id = :workspace_id AND token_hash = :token_hash
    """
)
_END = text(
    """
    UPDATE notification_preference SET digest = 'none', updated_at = now()
    WHERE workspace_id = :workspace_id AND account_id = :account_id AND digest <> 'none'
    """
)
_FORGET = text(
    """
    DELETE FROM notification_digest WHERE workspace_id = :workspace_id AND sent_at < now() - :after
    RETURNING account_id
    """
)


@dataclass(frozen=True)
class _Person:
    account_id: UUID


async def list_due(uow: UnitOfWork, period: Digest, most: int) -> list[UUID]:
    """People to whom a mail is due."""
    given = {"workspace_id": uow.workspace_id, "period": period, "hour": HOUR, "most": most}
    return [row.account_id for row in await uow.rows(_Person, _LIST_DUE, given)]


async def list_waiting(uow: UnitOfWork, period: Digest, most: int) -> list[StoredNotification]:
    """What waits to be mailed to the actor, locked, the newest first."""
    return await uow.rows(StoredNotification, _LIST_WAITING, {**_whose(uow, period), "most": most})


def mark_mailed(uow: UnitOfWork, notification_ids: Sequence[UUID]) -> None:
    """Mail these not again, when the unit commits."""
    uow.defer(_MARK, {"ids": list(notification_ids)})


def add_digest(uow: UnitOfWork, period: Digest, token_hash: bytes) -> None:
    """Keep that a mail went to the actor."""
    uow.session.add(
        NotificationDigest(
            workspace_id=uow.workspace_id, account_id=uow.account_id, period=period, token_hash=token_hash
        )
    )


async def find_reader(uow: UnitOfWork, token_hash: bytes) -> UUID | None:
    """To whom the mail with a link went."""
    found = await uow.row(_Person, _FIND, {"workspace_id": uow.workspace_id, "token_hash": token_hash})
    return found.account_id if found else None


def end_digests(uow: UnitOfWork, account_id: UUID) -> None:
    """Send somebody no more mails with news."""
    uow.defer(_END, {"workspace_id": uow.workspace_id, "account_id": account_id})


async def forget(uow: UnitOfWork, after: timedelta) -> int:
    """Forget mails of long ago; the links in them end nothing then."""
    return len(await uow.rows(_Person, _FORGET, {"workspace_id": uow.workspace_id, "after": after}))


def _whose(uow: UnitOfWork, period: Digest) -> dict[str, object]:
    return {"workspace_id": uow.workspace_id, "account_id": uow.account_id, "period": period}
