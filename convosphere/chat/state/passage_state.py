"""The passage that a citation opened."""

from typing import Any

import reflex as rx

from convosphere.chat.service import conversations
from convosphere.core.authorization import current_actor
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in


class PassageState(rx.State):
    """The side panel beside a chat."""

    is_open: rx.Field[bool] = rx.field(False)
    document_id: rx.Field[str] = rx.field("")
    document_name: rx.Field[str] = rx.field("")
    whereabouts: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    before: rx.Field[str] = rx.field("")
    highlighted: rx.Field[str] = rx.field("")
    after: rx.Field[str] = rx.field("")
    is_markdown: rx.Field[bool] = rx.field(False)
    place: rx.Field[str] = rx.field("")
    newer: rx.Field[str] = rx.field("")
    dated_on: rx.Field[str] = rx.field("")
    review_due_on: rx.Field[str] = rx.field("")

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def open(self, message_id: str, number: int) -> None:
        """Open the very passage that a message cites under a number; rights are checked anew."""
        passage = await conversations.open_citation(current_actor(), parse_id(message_id), int(number))
        self.document_id, self.document_name = str(passage.document_id), passage.document_name
        self.whereabouts = dict(passage.whereabouts.as_dict()) if passage.whereabouts else {}
        self.before, self.highlighted, self.after = passage.before, passage.highlighted, passage.after
        self.is_markdown, self.place, self.newer = passage.is_markdown, passage.place, passage.newer
        self.dated_on = passage.dated_on.isoformat() if passage.dated_on else ""
        self.review_due_on = passage.review_due_on.isoformat() if passage.review_due_on else ""
        self.is_open = True

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def close(self) -> None:
        """Close the panel."""
        self.is_open = False

    def _forget(self) -> None:
        self.is_open = False
        self.document_id = self.document_name = self.before = self.highlighted = self.after = self.place = ""
        self.dated_on = self.review_due_on = ""
