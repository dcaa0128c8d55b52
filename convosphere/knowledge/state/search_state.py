"""How the workspace is searched."""

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.search.embedding import search_topic
from convosphere.knowledge.search.status import SearchStatus, SearchWay, read_search_status
from convosphere.shell.tabs import keep_shown


class SearchState(rx.State):
    """By what passages are found now, kept up to date while the tab is open."""

    status: rx.Field[SearchStatus] = rx.field(default_factory=lambda: SearchStatus(SearchWay.WORDS))
    is_loaded: rx.Field[bool] = rx.field(False)
    _follower: str = ""

    @rx.event(background=True)
    @way_in(Permission.DOCUMENT_READ)
    async def follow(self) -> None:
        """Show it, and again whenever it changes, until the tab is gone or another follower takes over."""
        actor = current_actor()
        if actor.workspace_id is not None:
            topics = [search_topic(actor.workspace_id)]
            await keep_shown(self, Permission.DOCUMENT_READ, topics, self._show_latest)

    async def _show_latest(self, actor: Actor) -> None:
        status = await read_search_status(actor)
        if status != self.status:
            self.status = status
        self.is_loaded = True
