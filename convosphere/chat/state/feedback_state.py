"""What a person thinks of answers; the browser shows it, and nothing of it stays here."""

import reflex as rx

from convosphere.chat.service import feedback
from convosphere.core.authorization import current_actor
from convosphere.core.errors import ExpectedError
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.shell.state import show_toast


class FeedbackState(rx.State):
    """`refused` tells the browser, by a message and a number that counts up, that something was not kept."""

    refused: rx.Field[dict[str, str]] = rx.field(default_factory=dict)

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def rate(self, message_id: str, rating: str, reasons: list[str], comment: str) -> None:
        """Keep that an answer was good (`up`) or bad (`down`), or take that back (empty)."""
        actor = current_actor()
        try:
            answer = parse_id(message_id)
            if rating in {"up", "down"}:
                given = [reason for reason in reasons if isinstance(reason, str)]
                await feedback.rate(actor, answer, is_good=rating == "up", reasons=given, comment=comment)
            else:
                await feedback.withdraw(actor, answer)
        except ExpectedError as error:
            number = int(self.refused.get("number", "0")) + 1
            self.refused = {"message": message_id, "number": str(number)}
            await show_toast(self, "error", error.message)
