"""Folders and tags as they change in other tabs."""

from collections.abc import AsyncIterator

import reflex as rx

from convosphere.chat.service import filing
from convosphere.chat.state.filing_state import FilingState
from convosphere.core.authorization import current_actor
from convosphere.core.events import current_event_hub
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.shell.tabs import TabGuard, next_notice


class FilingWatchState(rx.State):
    """Keeps what `FilingState` shows up to date while the tab is open."""

    _follower: str = ""

    @rx.event(background=True)
    @way_in(Permission.CONVERSATION_READ)
    async def follow(self) -> AsyncIterator[rx.event.EventType[()]]:
        """Have it loaded whenever it changes, until the tab is gone or another follower takes over."""
        actor, follower = current_actor(), str(new_id())
        async with self:
            self._follower, guard = follower, TabGuard(self, actor)
        async with current_event_hub().subscribe(filing.filing_topic(actor)) as notices:
            while await guard.holds() and self._follower == follower:
                if await next_notice(notices):
                    yield FilingState.load
