"""How the workspace is searched."""

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.errors import UnavailableError
from convosphere.core.events import current_event_hub
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.search.embedding import search_topic
from convosphere.knowledge.search.status import SearchStatus, SearchWay, read_search_status
from convosphere.shell.tabs import actor_of_tab, next_notice


class SearchState(rx.State):
    """By what passages are found now, kept up to date while the tab is open."""

    status: rx.Field[SearchStatus] = rx.field(default_factory=lambda: SearchStatus(SearchWay.WORDS))
    is_loaded: rx.Field[bool] = rx.field(False)
    _follower: str = ""

    @rx.event(background=True)
    @way_in(Permission.DOCUMENT_READ)
    async def follow(self) -> None:
        """Show it, and again whenever it changes, until the tab is gone or another follower takes over."""
        actor, follower = current_actor(), str(new_id())
        async with self:
            self._follower = follower
        if actor.workspace_id is None:
            return
        async with current_event_hub().subscribe(search_topic(actor.workspace_id)) as notices:
            while await self._refresh(follower):
                await next_notice(notices)

    async def _refresh(self, follower: str) -> bool:
        try:
            actor = await actor_of_tab(self)
            async with self:
                if self._follower != follower or not actor.may(Permission.DOCUMENT_READ):
                    return False
                status = await read_search_status(actor)
                if status != self.status:
                    self.status = status
                self.is_loaded = True
        except UnavailableError:
            return True  # It stays as it is until the database is back.
        return True
