"""Several chats in one window: each is a tab of its own, and this is what lies around them."""

import reflex as rx

from convosphere.chat.service import filing
from convosphere.chat.state.answer_state import AnswerState
from convosphere.chat.state.model_state import ModelState
from convosphere.chat.state.speaker_state import SpeakerState
from convosphere.chat.state.transcript_state import TranscriptState
from convosphere.core.authorization import current_actor
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.shell.state import show_toast


class PanesState(rx.State):
    """The browser knows which conversations stand where; the server is only told what one is chosen before."""

    is_comparing: rx.Field[bool] = rx.field(False)

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def open(self) -> None:
        """Let go of the conversation that the tab showed by itself; its panes have tabs of their own."""
        await (await self.get_state(AnswerState))._begin("")
        (await self.get_state(TranscriptState))._show_nothing()

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def compare(self, is_open: bool = True) -> list[rx.event.EventType[()]]:
        """Ask who is to answer the same question, or do not."""
        self.is_comparing = is_open
        return [ModelState.load, SpeakerState.look_up("")] if is_open else []

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def keep_one(self, others: list[str]) -> None:
        """Put the conversations aside that another one was chosen before, with a way back."""
        await filing.put_aside(current_actor(), [parse_id(each) for each in others])
        undo = f"archive:{','.join(others)}"
        await show_toast(self, "info", t("Archived: {count}", count=len(others)), undo=undo)
