"""Home of one tab, kept up to date while it is open."""

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.errors import UnavailableError
from convosphere.core.events import current_event_hub
from convosphere.core.identifiers import new_id
from convosphere.core.page_routes import HOME
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.home.service import read_overview, topics
from convosphere.home.state.items import HomeItem, home_item
from convosphere.shell.tabs import actor_of_tab, is_tab_open, next_notice

SETTLE_SECONDS = 1.0
"""Documents that are being read say so often; nobody reads faster than that."""


class HomeState(rx.State):
    """What the page shows."""

    home: rx.Field[HomeItem] = rx.field(default_factory=HomeItem)
    is_loaded: rx.Field[bool] = rx.field(False)
    _follower: str = ""

    @rx.event(background=True)
    @way_in(Permission.ACCOUNT_USE)
    async def follow(self) -> None:
        """Show it, and again whenever something of it changes, until the tab shows another page."""
        actor, follower = current_actor(), str(new_id())
        async with self:
            self._follower = follower
        async with current_event_hub().subscribe(*topics(actor)) as notices:
            has_news = True
            while is_tab_open(self):
                if has_news and not await self._refresh(follower):
                    return
                has_news = await next_notice(notices, SETTLE_SECONDS)

    async def _refresh(self, follower: str) -> bool:
        """Read it anew; False where nobody looks at it, or another follower does it."""
        try:
            async with self:
                if self._follower != follower or self.router.url.path.rstrip("/") not in ("", HOME):
                    return False
            actor = await actor_of_tab(self)
            if actor.is_anonymous:
                return False
            found = home_item(await read_overview(actor))
            async with self:
                if found != self.home:
                    self.home = found
                self.is_loaded = True
        except UnavailableError:
            return True  # What is shown stays until the database is back.
        return True
