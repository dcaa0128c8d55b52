"""Questions that wait for the answer that is being written."""

from typing import Any

import reflex as rx

from convosphere.chat.service import queueing
from convosphere.chat.state.items import QueuedItem, queued_items
from convosphere.chat.state.transcript_state import TranscriptState
from convosphere.core.authorization import current_actor
from convosphere.core.errors import ExpectedError, NotFoundError
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in


class QueueState(rx.State):
    """Those of the conversation `shown_id`, in the order in which they go.

    `refused` is the key of the edit that was refused last, and why: `{key, error}`.
    """

    items: rx.Field[list[QueuedItem]] = rx.field(default_factory=list)
    shown_id: rx.Field[str] = rx.field("")
    refused: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def load(self) -> None:
        """Look what waits."""
        shown = (await self.get_state(TranscriptState)).shown_id
        try:
            items = queued_items(await queueing.list_queued(current_actor(), parse_id(shown))) if shown else []
        except NotFoundError:
            items = []
        if (items, shown) != (self.items, self.shown_id):
            self.items, self.shown_id = items, shown

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def edit(self, queued_id: str, text: str, key: str) -> rx.event.EventType[()]:
        """Give a question other words, unless it was sent meanwhile; the tab that sent `key` has refused ones back."""
        try:
            await queueing.edit_queued(current_actor(), parse_id(queued_id), text)
        except ExpectedError as error:
            self.refused = {"key": key, "error": error.message.as_dict()}
        return QueueState.load

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def remove(self, queued_id: str) -> None:
        """Do not send a question."""
        await queueing.remove_queued(current_actor(), parse_id(queued_id))
        self.items = [item for item in self.items if item.id != queued_id]

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def send_now(self, queued_id: str) -> None:
        """Send a question at once; an answer that is being written is stopped for it."""
        await queueing.send_queued_now(current_actor(), parse_id(queued_id))
