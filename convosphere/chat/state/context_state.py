"""How full the shown conversation is for whoever answers next."""

from dataclasses import asdict

import reflex as rx

from convosphere.chat.schemas import ContextView, MessageView
from convosphere.chat.service import context
from convosphere.chat.state.model_state import ModelState
from convosphere.chat.state.parameters_state import ParametersState
from convosphere.chat.state.speaker_state import SpeakerState
from convosphere.chat.state.transcript_state import TranscriptState
from convosphere.core.authorization import current_actor
from convosphere.core.errors import NotFoundError
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.llm.tokenizers import counter_of
from convosphere.shell.state import show_toast


class ContextState(rx.State):
    """The gauge, the place where the model's memory begins, and the note that stands before it.

    `use` are tokens by what they are for, without the message that is being written, which the browser counts itself.
    """

    use: rx.Field[dict[str, int]] = rx.field(default_factory=dict)
    scale: rx.Field[float] = rx.field(1.0)
    is_exact: rx.Field[bool] = rx.field(False)
    begins_at: rx.Field[str] = rx.field("")
    note: rx.Field[str] = rx.field("")
    note_ends_at: rx.Field[str] = rx.field("")
    is_note_edited: rx.Field[bool] = rx.field(False)
    is_editing: rx.Field[bool] = rx.field(False)
    when_full: rx.Field[str] = rx.field("")
    default: rx.Field[str] = rx.field("")
    may_choose_for_all: rx.Field[bool] = rx.field(False)
    _answer_began_at: str = ""

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def measure(self) -> None:
        """Look how full the shown conversation is for the chosen model and assistant."""
        actor, shown = current_actor(), (await self.get_state(TranscriptState)).shown_id
        assistant_id = (await self.get_state(SpeakerState)).chosen.id
        model = (await self.get_state(ModelState)).chosen
        try:
            view = await context.measure(
                actor,
                parse_id(shown) if shown else None,
                model=model,
                assistant_id=parse_id(assistant_id) if assistant_id else None,
                settings=(await self.get_state(ParametersState))._settings(),
            )
        except NotFoundError:
            self.use = {}  # The model or the assistant is gone, which their pickers say.
            return
        self.may_choose_for_all = actor.may(Permission.WORKSPACE_MANAGE)
        self._show(view)

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def choose(self, when_full: str) -> None:
        """Say what becomes of the conversation when it is full."""
        shown = (await self.get_state(TranscriptState)).shown_id
        await context.choose(current_actor(), parse_id(shown), when_full)
        self.when_full = when_full

    @rx.event
    @way_in(Permission.WORKSPACE_MANAGE)
    async def choose_for_all(self, when_full: str) -> None:
        """Say what becomes of all conversations for which nobody has chosen."""
        await context.choose_for_all(current_actor(), when_full)
        self.default = when_full
        await show_toast(self, "success", t("This holds for all conversations in which nobody has chosen."))

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    def set_editing(self, is_editing: bool) -> None:
        """Open or close the note for writing."""
        self.is_editing = is_editing

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def save_note(self, form: dict[str, str]) -> None:
        """Keep a note as it was written."""
        text = str(form.get("note", ""))
        await context.edit_note(current_actor(), parse_id(self.note_ends_at), text)
        self.note, self.is_note_edited, self.is_editing = text.strip(), True, False

    def _take(self, message: MessageView) -> bool:
        """Count an answer in; False where it read another part of the conversation than the one before."""
        use = message.context
        if not use:
            return True
        answer = counter_of(message.model)(message.text)
        self.use = {**use, "history": use["history"] + use["question"] + answer, "question": 0}
        before, self._answer_began_at = self._answer_began_at, str(message.begins_at or "")
        is_first = not before and not use["history"]
        return is_first or self._answer_began_at in {"", before}

    def _show(self, view: ContextView) -> None:
        note = view.note
        self.use, self.scale, self.is_exact = asdict(view.use), round(view.scale, 3), view.is_exact
        self.begins_at, self._answer_began_at = str(view.begins_at or ""), str(view.last_began_at or "")
        self.note, self.note_ends_at = (note.text, str(note.last_message_id)) if note else ("", "")
        self.is_note_edited, self.is_editing = bool(note and note.is_edited), False
        self.when_full, self.default = view.when_full or "", view.default_when_full
