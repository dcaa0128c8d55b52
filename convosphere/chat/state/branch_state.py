"""Branches of the conversation that is shown, and what a model thought before an answer."""

import reflex as rx

from convosphere.chat.service import branches, conversations, queueing
from convosphere.chat.state.answer_state import AnswerState
from convosphere.chat.state.context_state import ContextState
from convosphere.chat.state.conversation_state import ConversationState, watch_last
from convosphere.chat.state.follow_up_state import FollowUpState
from convosphere.chat.state.transcript_state import TranscriptState
from convosphere.core.authorization import current_actor
from convosphere.core.errors import ExpectedError
from convosphere.core.identifiers import parse_id
from convosphere.core.page_routes import conversation
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in

Events = list[rx.event.EventType[()]]


class BranchState(rx.State):
    """`thought_of` is the answer whose thoughts are shown as `thoughts`; `refused` names the key of a refused edit."""

    thought_of: rx.Field[str] = rx.field("")
    thoughts: rx.Field[str] = rx.field("")
    refused: rx.Field[dict[str, str]] = rx.field(default_factory=dict)

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def switch(self, message_id: str, above: str) -> Events:
        """Show the branch through a message that stands below another, or begins the conversation."""
        page = await branches.switch(current_actor(), parse_id(message_id))
        await (await self.get_state(AnswerState))._begin("")
        (await self.get_state(TranscriptState))._show_after(page, above)
        (await self.get_state(FollowUpState))._show(page.messages)
        return [*watch_last(page), ContextState.measure]

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def edit(self, message_id: str, above: str, text: str, key: str, is_asked: bool) -> Events:
        """Put other words beside a question, and ask them or not; what stands above them stays."""
        actor, question, asking = current_actor(), parse_id(message_id), await self.get_state(ConversationState)
        shown = parse_id((await self.get_state(TranscriptState)).shown_id)
        try:
            if is_asked:
                # What is being written ends, and comes with the page.
                await (await self.get_state(AnswerState))._begin("")
                await queueing.ask_instead(
                    actor, text, conversation_id=shown, client_key=parse_id(key), instead_of=question,
                    **await asking._chosen(),
                )  # fmt: skip
            else:
                await branches.save_edit(actor, question, text, client_key=parse_id(key))
        except ExpectedError as error:
            self.refused = {"key": key}
            await asking._tell(error)
            return [ConversationState.catch_up]
        page = await conversations.get_conversation(actor, shown, above=parse_id(above) if above else None)
        (await self.get_state(TranscriptState))._show_after(page, above)
        return [*watch_last(page), ContextState.measure]

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def fork(self, message_id: str) -> rx.event.EventType[()]:
        """Go to a conversation that begins with what led to a message."""
        copy_id = await branches.fork(current_actor(), parse_id(message_id))
        return rx.redirect(conversation(str(copy_id)))

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def copy(self) -> rx.event.EventType[()]:
        """Go to a copy of one's own of the branch that is shown."""
        shown = parse_id((await self.get_state(TranscriptState)).shown_id)
        return rx.redirect(conversation(str(await branches.copy(current_actor(), shown))))

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def open_thoughts(self, message_id: str) -> None:
        """Show what a model thought."""
        self.thoughts = await conversations.get_thinking(current_actor(), parse_id(message_id))
        self.thought_of = message_id
