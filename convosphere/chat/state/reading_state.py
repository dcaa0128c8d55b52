"""Reading on in a long conversation, of which a page holds a window."""

import reflex as rx

from convosphere.chat.service import conversations
from convosphere.chat.state.answer_state import AnswerState
from convosphere.chat.state.conversation_state import ConversationState, Events
from convosphere.chat.state.follow_up_state import FollowUpState
from convosphere.chat.state.transcript_state import TranscriptState
from convosphere.core.authorization import current_actor
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in


class ReadingState(rx.State):
    """Fetches what comes before the window, or after it."""

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def show_earlier(self) -> None:
        """Show as many messages again before the first one."""
        transcript = await self.get_state(TranscriptState)
        if transcript.has_earlier and (first := transcript._first_id()):
            shown, before = parse_id(transcript.shown_id), parse_id(first)
            transcript._show_before(await conversations.get_conversation(current_actor(), shown, before=before))

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def show_later(self) -> Events:
        """Show as many messages again after the last one; with the end of all comes the answer being written."""
        transcript = await self.get_state(TranscriptState)
        last = transcript._last_id()
        if not (transcript.has_later and last):
            return []
        page = await conversations.get_following(current_actor(), parse_id(transcript.shown_id), parse_id(last))
        if page is None:  # Another branch is looked at by now.
            return await (await self.get_state(ConversationState))._load(transcript.shown_id)
        transcript._show_following(page)
        if not page.has_later:
            (await self.get_state(FollowUpState))._show(page.messages)
        watched = (await self.get_state(AnswerState)).message_id
        writing = [str(message.id) for message in page.messages if message.status == "streaming"]
        return [AnswerState.watch(answer, str(page.id)) for answer in writing[-1:] if answer != watched]
