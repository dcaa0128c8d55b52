"""The answer that is being written: small, since it travels many times a second."""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from typing import Any
from uuid import UUID

import reflex as rx
from reflex_base.constants.state import FIELD_MARKER
from reflex_base.event.context import EventContext

from convosphere.chat.schemas import MessageView, Speaker
from convosphere.chat.service import answering, conversations, watching
from convosphere.chat.state.context_state import ContextState
from convosphere.chat.state.follow_up_state import FollowUpState
from convosphere.chat.state.growing import GrowingAnswer
from convosphere.chat.state.transcript_state import TranscriptState
from convosphere.core.authorization import current_actor
from convosphere.core.errors import NotFoundError, UnavailableError
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.shell.tabs import TabGuard

AGAIN_SECONDS = 1.0
TIPS = {"tip", "thought_tip"}


class GrowingState(rx.State):
    """Finished blocks of Markdown, sent when there is a new one, and the growing last one: `tail` with its `tip`.

    What is drawn from a State is drawn anew whenever that changes, so what changes many times a second stands apart
    from what each message of the conversation asks for.
    `chapters` are blocks that were finished long ago.
    `thinking` is `{text, seconds, elapsed}`: what the model thought, with `thought_tip` at its end; how long, -1 as
    long as it does; and how many seconds ago it was asked, for a tab that comes late.
    """

    chapters: rx.Field[list[str]] = rx.field(default_factory=list)
    blocks: rx.Field[list[str]] = rx.field(default_factory=list)
    tail: rx.Field[str] = rx.field("")
    tip: rx.Field[str] = rx.field("")
    citations: rx.Field[list[dict[str, str | int]]] = rx.field(default_factory=list)
    waiting: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    thinking: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    thought_tip: rx.Field[str] = rx.field("")
    speaker: rx.Field[Speaker] = rx.field(default_factory=Speaker)


class AnswerState(rx.State):
    """Which answer is being written here, if any; its text is `GrowingState`'s."""

    message_id: rx.Field[str] = rx.field("")
    is_stopping: rx.Field[bool] = rx.field(False)
    _turn: int = 0

    @rx.event(background=True)
    @way_in(Permission.CONVERSATION_READ)
    async def watch(self, message_id: str, conversation_id: str) -> list[rx.event.EventType[()]] | None:
        """Show an answer while it is written, then hand it to its conversation, as long as that is shown."""
        actor, wanted = current_actor(), parse_id(message_id)
        async with self:
            if (await self.get_state(TranscriptState)).shown_id != conversation_id:
                return None
            turn, guard = await self._begin(message_id), TabGuard(self, actor)
        message, growing = None, GrowingAnswer(message_id)
        try:
            async with aclosing(watching.watch(actor, wanted)) as looks:
                async for look in looks:
                    if not (await guard.holds() and await self._show(growing.take(look), turn)):
                        return None
            message = await _stored(actor, wanted, guard)
        except NotFoundError:
            async with self:
                if self._turn == turn:
                    (await self.get_state(TranscriptState))._lose(conversation_id)
        finally:
            events = await self._end(turn, message, conversation_id)
        return events

    @rx.event
    @way_in(Permission.ACCOUNT_USE)
    async def leave(self) -> None:
        """Watch no more, since the tab shows another page: what ends meanwhile is news then."""
        if self.message_id:
            await self._begin("")

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def stop(self) -> None:
        """Stop the answer; what is there stays."""
        if self.message_id:
            self.is_stopping = True
            await answering.stop(current_actor(), parse_id(self.message_id))

    async def _show(self, changes: Mapping[str, object], turn: int) -> bool:
        """Send what is new; False if somebody else watches by now."""
        if changes.keys() <= TIPS:
            # Past the State, which never holds it: to lock that and see what changed costs more than all the rest.
            if is_mine := self._turn == turn:
                tips = {f"{name}{FIELD_MARKER}": tip for name, tip in changes.items()}
                await EventContext.get().emit_delta({GrowingState.get_full_name(): tips})
            return is_mine
        async with self:
            if self._turn != turn:
                return False
            text = await self.get_state(GrowingState)
            for name, value in changes.items():
                setattr(text, name, value)
        return True

    async def _end(self, turn: int, message: MessageView | None, conversation_id: str) -> list[rx.event.EventType[()]]:
        """Hand the answer over; gives what is to be done then."""
        async with self:
            if self._turn != turn:
                return []
            await self._begin("")
            if message is None:
                return []
            (await self.get_state(TranscriptState))._add(message)
            (await self.get_state(FollowUpState))._show([message])
            is_measured = (await self.get_state(ContextState))._take(message)
        events: list[rx.event.EventType[()]] = [] if is_measured else [ContextState.measure]
        if message.follow_ups == []:
            events.append(FollowUpState.watch(str(message.id), conversation_id))
        return events

    async def _begin(self, message_id: str) -> int:
        """Look at another answer, or none; whoever watched before sees by the number that their turn is over."""
        self.message_id, self.is_stopping = message_id, False
        (await self.get_state(GrowingState)).reset()
        self._turn += 1
        return self._turn


async def _stored(actor: Actor, message_id: UUID, guard: TabGuard) -> MessageView | None:
    """The message as it stays, also when the database is away for a while; None if its reader is gone.

    Raises:
        NotFoundError: it is gone itself, with its conversation.
    """
    while await guard.holds():
        try:
            return await conversations.get_message(actor, message_id)
        except UnavailableError:
            await asyncio.sleep(AGAIN_SECONDS)
    return None
