"""What the bell shows, and what the browser is to show."""

from datetime import datetime

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.errors import UnavailableError
from convosphere.core.events import current_event_hub
from convosphere.core.identifiers import new_id, parse_id
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.notifications.service import reading
from convosphere.notifications.state.items import NotificationItem, notification_items
from convosphere.shell.tabs import actor_of_tab, is_tab_open, next_notice

PAGE = 20
MOST_SHOWN = 100


class NotificationState(rx.State):
    """How many are unread, while the tab is open; the panel's lines once somebody opens it."""

    unread: rx.Field[int] = rx.field(0)
    items: rx.Field[list[NotificationItem]] = rx.field(default_factory=list)
    has_more: rx.Field[bool] = rx.field(False)
    is_loaded: rx.Field[bool] = rx.field(False)
    fresh: rx.Field[list[NotificationItem]] = rx.field(default_factory=list)
    _size: int = PAGE
    _is_open: bool = False
    _follower: str = ""

    @rx.event(background=True)
    @way_in(Permission.ACCOUNT_USE)
    async def follow(self) -> None:
        """Count, and again whenever something changes, until the tab is gone or another follower takes over."""
        actor, follower = current_actor(), str(new_id())
        if actor.account_id is None:
            return
        async with self:
            self._follower = follower
        since: datetime | None = None
        async with current_event_hub().subscribe(reading.topic_of(actor.account_id)) as notices:
            has_news = True
            while is_tab_open(self):
                if has_news and not await self._is_followed_by(follower):
                    return
                since = await self._refresh(since) if has_news else since
                has_news = await next_notice(notices)

    @rx.event
    @way_in(Permission.ACCOUNT_USE)
    async def set_open(self, is_open: bool) -> None:
        """Show the latest when the panel opens."""
        self._is_open, self._size = is_open, PAGE
        if is_open:
            await self._load(current_actor())

    @rx.event
    @way_in(Permission.ACCOUNT_USE)
    async def show_more(self) -> None:
        """Show older ones as well."""
        self._size = min(self._size + PAGE * 2, MOST_SHOWN)
        await self._load(current_actor())

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def read(self, notification_id: str) -> None:
        """Take one for read."""
        self.items = [
            NotificationItem({**item, "is_read": item["is_read"] or item["id"] == notification_id})
            for item in self.items
        ]
        await reading.mark_read(current_actor(), parse_id(notification_id))

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def read_all(self) -> None:
        """Take all for read."""
        await reading.mark_all_read(current_actor())

    async def _is_followed_by(self, follower: str) -> bool:
        async with self:
            return self._follower == follower

    async def _refresh(self, since: datetime | None) -> datetime | None:
        """Read anew what changed; gives since when the next news are fresh."""
        try:
            actor = await actor_of_tab(self)
            if actor.is_anonymous:
                return since
            now = await reading.count_unread(actor)
            fresh = notification_items(await reading.list_fresh(actor, since)) if since else []
            async with self:
                self.unread = now.unread
                if fresh:
                    self.fresh = fresh
                if self._is_open:
                    await self._load(actor)
        except UnavailableError:
            return since  # What is shown stays; once the database is back, everybody looks again.
        return now.asked_at

    async def _load(self, actor: Actor) -> None:
        page = await reading.list_notifications(actor, limit=self._size)
        self.items = notification_items(page.rows)
        self.has_more = page.has_more and self._size < MOST_SHOWN
        self.is_loaded = True
