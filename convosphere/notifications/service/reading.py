"""What a person is told: counting, listing and having read it."""

from datetime import datetime, timedelta
from uuid import UUID

from convosphere.core.authorization import require
from convosphere.core.permissions import Actor, Permission, system_actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.notifications.queries import notifications as queries
from convosphere.notifications.queries.notifications import Unread, topic_of
from convosphere.notifications.schemas import Cursor, NotificationPage, NotificationRow
from convosphere.notifications.service.describing import describe

__all__ = ["count_unread", "forget_old", "list_fresh", "list_notifications", "mark_all_read", "mark_read", "topic_of"]

MOST_FRESH = 3
"""As many as a browser is given at once."""
KEPT_READ = timedelta(days=30)
KEPT = timedelta(days=90)
"""How long notifications are kept, those that were read and all."""
_AT_ONCE = 5_000


async def count_unread(actor: Actor) -> Unread:
    """How many the actor has not read, in one message to the database."""
    require(actor, Permission.ACCOUNT_USE)
    return await queries.count_unread(actor)


async def list_notifications(actor: Actor, *, limit: int, before: Cursor | None = None) -> NotificationPage:
    """A stretch of the actor's, the newest first."""
    require(actor, Permission.ACCOUNT_USE)
    async with unit_of_work(actor) as uow:
        stored = await queries.list_rows(uow, before, limit + 1)
        rows = await describe(uow, stored[:limit])
    return NotificationPage(tuple(rows), len(stored) > limit)


async def list_fresh(actor: Actor, since: datetime) -> list[NotificationRow]:
    """What came since then and is for the actor's browser, the newest first; nothing of what is gone."""
    require(actor, Permission.ACCOUNT_USE)
    async with unit_of_work(actor) as uow:
        rows = await describe(uow, await queries.list_fresh(uow, since, MOST_FRESH))
    return [row for row in rows if not row.is_gone]


async def mark_read(actor: Actor, notification_id: UUID) -> None:
    """Take one of the actor's for read; does nothing for anybody else's."""
    require(actor, Permission.ACCOUNT_WRITE)
    async with unit_of_work(actor) as uow:
        queries.read(uow, notification_id)


async def mark_all_read(actor: Actor) -> None:
    """Take all of the actor's for read."""
    require(actor, Permission.ACCOUNT_WRITE)
    async with unit_of_work(actor) as uow:
        queries.read(uow, None)


async def forget_old(workspace_id: UUID) -> int:
    """Delete what is kept long enough; gives how many."""
    count = 0
    while True:
        async with unit_of_work(system_actor(workspace_id)) as uow:
            gone = await queries.forget(uow, KEPT_READ, KEPT, _AT_ONCE)
        count += gone
        if gone < _AT_ONCE:
            return count
