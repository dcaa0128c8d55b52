"""How many assistants wait for a review, which reviewers see wherever they are."""

import reflex as rx

from convosphere.assistants.service import gallery
from convosphere.core.authorization import current_actor
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in


class AssistantRequestsState(rx.State):
    """Those that wait for the person's review; for whoever reviews none, 0."""

    waiting: rx.Field[int] = rx.field(0)

    @rx.event
    @way_in(Permission.ACCOUNT_USE)
    async def load(self) -> None:
        """Count them."""
        await self._count()

    async def _count(self) -> None:
        waiting = await gallery.count_requests(current_actor())
        if waiting != self.waiting:
            self.waiting = waiting
