"""What a person does with the conversation that is shown."""

import reflex as rx

from convosphere.chat.schemas import Sent
from convosphere.chat.service import answering, conversations
from convosphere.chat.state.answer_state import AnswerState
from convosphere.chat.state.model_state import ModelState
from convosphere.chat.state.transcript_state import TranscriptState
from convosphere.chat.state.welcome_state import WelcomeState
from convosphere.core.authorization import current_actor
from convosphere.core.errors import ExpectedError, NotFoundError
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.shell.state import show_toast
from convosphere.ui.routes import CHAT, conversation

Events = list[rx.event.EventType[()]]


class ConversationState(rx.State):
    """Opening, asking and asking again."""

    receipt: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    _size: int = conversations.PAGE_SIZE
    _just_begun: str = ""

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def open(self) -> Events:
        """Show the conversation that the address names, or an empty one."""
        wanted = self.router.url.path.removeprefix(CHAT).strip("/")
        transcript = await self.get_state(TranscriptState)
        just_begun, self._just_begun = self._just_begun, ""
        if wanted and wanted == just_begun == transcript.shown_id:
            # The address follows a question that was just sent; all of it is shown already.
            return []
        self._size = conversations.PAGE_SIZE
        (await self.get_state(AnswerState))._begin("")
        if wanted:
            return [ModelState.load, *await self._load(wanted)]
        transcript._show_nothing()
        return [ModelState.load, WelcomeState.load]

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def catch_up(self) -> Events:
        """Show what another tab has asked in this conversation, or that it was deleted there."""
        transcript, answer = await self.get_state(TranscriptState), await self.get_state(AnswerState)
        if answer.message_id or transcript.is_missing or not transcript.shown_id:
            return []
        try:
            leaf_id = await conversations.get_leaf(current_actor(), parse_id(transcript.shown_id))
        except NotFoundError:
            transcript._show_nothing(missing=transcript.shown_id)
            return []
        return [] if str(leaf_id) == transcript._last_id() else await self._load(transcript.shown_id)

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def show_earlier(self) -> None:
        """Show as many messages again before the first one."""
        transcript = await self.get_state(TranscriptState)
        self._size += conversations.PAGE_SIZE
        page = await conversations.get_conversation(current_actor(), parse_id(transcript.shown_id), size=self._size)
        transcript._show(page)

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def send(self, text: str, key: str) -> Events:
        """Ask. The receipt tells the composer whether it may forget the draft with this key."""
        transcript = await self.get_state(TranscriptState)
        shown = parse_id(transcript.shown_id) if transcript.shown_id else None
        model = (await self.get_state(ModelState)).chosen
        try:
            sent = await answering.send(
                current_actor(), text, conversation_id=shown, client_key=parse_id(key), model=model
            )
        except ExpectedError as error:
            self.receipt = {"key": key, "state": "refused"}
            await show_toast(self, "error", error.message)
            return []
        self.receipt = {"key": key, "state": "taken"}
        transcript._add(sent.question)
        return self._follow_up(sent, transcript)

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def retry(self, message_id: str) -> Events:
        """Ask for an answer anew; it takes the place of the one that is shown."""
        transcript = await self.get_state(TranscriptState)
        model = (await self.get_state(ModelState)).chosen
        sent = await answering.retry(current_actor(), parse_id(message_id), model=model)
        transcript._cut_from(message_id)
        return self._follow_up(sent, transcript)

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def resume(self, message_id: str) -> Events:
        """Go on with an answer that was interrupted."""
        transcript = await self.get_state(TranscriptState)
        sent = await answering.resume(current_actor(), parse_id(message_id))
        transcript._cut_from(message_id)
        return self._follow_up(sent, transcript)

    async def _load(self, wanted: str) -> Events:
        transcript = await self.get_state(TranscriptState)
        try:
            page = await conversations.get_conversation(current_actor(), parse_id(wanted), size=self._size)
        except NotFoundError:
            transcript._show_nothing(missing=wanted)
            return []
        transcript._show(page)
        (await self.get_state(ModelState)).chosen = page.model
        writing = [str(message.id) for message in page.messages if message.status == "streaming"]
        return [AnswerState.watch(message_id, str(page.id)) for message_id in writing[-1:]]

    def _follow_up(self, sent: Sent, transcript: TranscriptState) -> Events:
        watch = AnswerState.watch(str(sent.answer.id), str(sent.conversation_id))
        if not sent.is_new_conversation:
            return [watch]
        transcript.shown_id, transcript.title = str(sent.conversation_id), sent.title
        self._just_begun = transcript.shown_id
        return [watch, rx.redirect(conversation(transcript.shown_id), replace=True)]
