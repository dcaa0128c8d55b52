"""Questions that may follow the last answer."""

from collections.abc import Sequence

import reflex as rx

from convosphere.chat.schemas import MessageView
from convosphere.chat.service import follow_ups
from convosphere.chat.state.transcript_state import TranscriptState
from convosphere.core.authorization import current_actor
from convosphere.core.errors import UnavailableError
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.shell.state import show_toast


class FollowUpState(rx.State):
    """They stand below the answer until somebody asks something."""

    questions: rx.Field[list[str]] = rx.field(default_factory=list)

    @rx.event(background=True)
    @way_in(Permission.CONVERSATION_READ)
    async def watch(self, message_id: str, conversation_id: str) -> None:
        """Show what a model thinks of, if its answer is still the last one then."""
        try:
            questions = await follow_ups.wait_for_follow_ups(current_actor(), parse_id(message_id))
        except UnavailableError:
            return  # The page says by itself that the database is away, and nobody has asked for this.
        async with self:
            transcript = await self.get_state(TranscriptState)
            if transcript.shown_id == conversation_id and transcript._last_id() == message_id:
                self.questions = questions

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def switch_off(self) -> None:
        """Show none any more."""
        await follow_ups.want(current_actor(), are_wanted=False)
        self.questions = []
        await show_toast(
            self, "success", t("No more questions are suggested. You can switch them on again in your profile.")
        )

    def _show(self, messages: Sequence[MessageView]) -> None:
        """Those that are kept for the last of some messages."""
        self.questions = list(messages[-1].follow_ups or ()) if messages else []
