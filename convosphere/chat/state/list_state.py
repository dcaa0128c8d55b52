"""The list of conversations in the sidebar."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import reflex as rx

from convosphere.chat.access import shared_topic
from convosphere.chat.schemas import ConversationRow, Shelf
from convosphere.chat.service import conversations
from convosphere.chat.state.answer_state import AnswerState
from convosphere.chat.state.conversation_items import ConversationItem, conversation_items
from convosphere.chat.state.conversation_state import ConversationState
from convosphere.chat.state.queue_state import QueueState
from convosphere.chat.state.transcript_state import TranscriptState
from convosphere.core.authorization import current_actor
from convosphere.core.errors import UnavailableError
from convosphere.core.events import current_event_hub
from convosphere.core.i18n import t
from convosphere.core.identifiers import new_id, parse_id
from convosphere.core.page_routes import CHAT, conversation
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.shell.state import show_toast
from convosphere.shell.tabs import actor_of_tab, next_notice

PAGE = 50
MOST_SHOWN = 100
"""Who goes further down the list lets go of its top, which one click brings back."""
SETTLE_SECONDS = 0.25
"""A short answer begins and ends within that, and the list is read once for both, after its first words."""


@dataclass(frozen=True)
class ShelfItem:
    """What the list shows: `home`, `archive`, `shared`, `leaving`, a `folder` by its id, or a `tag` by its name."""

    kind: str = "home"
    key: str = ""
    name: str = ""

    def as_shelf(self, *, is_further: bool) -> Shelf:
        """The same for the service; further down, home has no pins."""
        match self.kind:
            case "folder":
                return Shelf("folder", folder_id=parse_id(self.key))
            case "tag":
                return Shelf("tag", tag=self.key)
            case "archive":
                return Shelf("archive")
            case "shared":
                return Shelf("shared")
            case "leaving":
                return Shelf("leaving")
            case _:
                return Shelf("loose" if is_further else "home")


class ConversationListState(rx.State):
    """A stretch of the conversations, at first the latest, kept up to date while the tab is open."""

    items: rx.Field[list[ConversationItem]] = rx.field(default_factory=list)
    has_more: rx.Field[bool] = rx.field(False)
    has_newer: rx.Field[bool] = rx.field(False)
    is_loaded: rx.Field[bool] = rx.field(False)
    renaming_id: rx.Field[str] = rx.field("")
    shelf: rx.Field[ShelfItem] = rx.field(default_factory=ShelfItem)
    unread: rx.Field[int] = rx.field(0)
    _size: int = PAGE
    _before: tuple[datetime, UUID] | None = None
    _follower: str = ""

    @rx.event(background=True)
    @way_in(Permission.CONVERSATION_READ)
    async def follow(self) -> AsyncIterator[rx.event.EventType[()]]:
        """Show the list, and again whenever it changes, until the tab is gone or another follower takes over."""
        actor, follower = current_actor(), str(new_id())
        async with self:
            self._follower = follower
        topics = [conversations.list_topic(actor), *([shared_topic(actor.workspace_id)] if actor.workspace_id else ())]
        async with current_event_hub().subscribe(*topics) as notices:
            while (events := await self._refresh(follower)) is not None:
                for event in events:
                    yield event
                await next_notice(notices, SETTLE_SECONDS)

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def show_more(self) -> None:
        """Show a page more; what is too many then goes at the top."""
        loose = [item for item in self.items if not item.group]
        if self._size == MOST_SHOWN and len(loose) > PAGE:
            last_above = loose[PAGE - 1]
            self._before = (datetime.fromisoformat(last_above.updated_at), parse_id(last_above.id))
        self._size = MOST_SHOWN
        await self._load(current_actor())

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def show_newest(self) -> None:
        """Show the top of the list again."""
        self._before, self._size = None, PAGE
        await self._load(current_actor())

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def show_shelf(self, kind: str, key: str, name: str) -> None:
        """Show the conversations of a folder, with a tag, in the archive, or again all that lie open."""
        self.shelf = ShelfItem(kind, key, name)
        self._before, self._size = None, PAGE
        await self._load(current_actor())

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def start_renaming(self, conversation_id: str) -> None:
        """Turn a line into a field."""
        self.renaming_id = conversation_id

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def rename(self, conversation_id: str, title: str) -> None:
        """Keep a title; leaving the field empty keeps the old one."""
        self.renaming_id = ""
        await conversations.rename(current_actor(), parse_id(conversation_id), title)
        await self._load(current_actor())

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def delete(self, conversation_id: str) -> rx.event.EventType[()] | None:
        """Put a conversation away, with a way back; whoever looks at it gets an empty chat."""
        await conversations.delete(current_actor(), parse_id(conversation_id))
        await show_toast(self, "info", t("Conversation deleted."), undo=f"conversation:{conversation_id}")
        await self._load(current_actor())
        is_shown = self.router.url.path.rstrip("/") == conversation(conversation_id)
        return rx.redirect(CHAT) if is_shown else None

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def restore(self, conversation_id: str) -> None:
        """Bring a conversation back."""
        await conversations.restore(current_actor(), parse_id(conversation_id))
        await self._load(current_actor())

    async def _refresh(self, follower: str) -> list[rx.event.EventType[()]] | None:
        """Read the list anew; what is to be done then, or None when it is nobody's or another follower's."""
        try:
            actor = await actor_of_tab(self)
            if actor.is_anonymous:
                return None
            async with self:
                if self._follower != follower:
                    return None
                rows = await self._load(actor)
                return await self._what_to_do(rows)
        except UnavailableError:
            return []  # The list stays as it is until the database is back.

    async def _load(self, actor: Actor) -> Sequence[ConversationRow]:
        is_further = self._before is not None
        shelf = self.shelf.as_shelf(is_further=is_further)
        rows = await conversations.list_conversations(actor, before=self._before, limit=self._size + 1, shelf=shelf)
        previous_at = self._before[0].isoformat() if self._before else ""
        pins = sum(row.is_pinned for row in rows) if shelf.kind == "home" else 0
        items = conversation_items(rows[: pins + self._size], previous_at, pins_first=bool(pins))
        if items != self.items:
            self.items = items
        self.unread = sum(item.is_unread for item in items)
        self.has_more, self.has_newer = len(rows) > pins + self._size, is_further
        self.is_loaded = True
        transcript = await self.get_state(TranscriptState)
        transcript._rename(next((item.title for item in items if item.id == transcript.shown_id), ""))
        return rows

    async def _what_to_do(self, rows: Sequence[ConversationRow]) -> list[rx.event.EventType[()]]:
        """Look at the shown conversation and its queue, where the list says that there is something new."""
        shown_id = (await self.get_state(TranscriptState)).shown_id
        has_queue = any(row.has_queue for row in rows if str(row.id) == shown_id)
        events: list[rx.event.EventType[()]] = [ConversationState.catch_up] if await self._is_behind(rows) else []
        return [*events, QueueState.load] if has_queue or (await self.get_state(QueueState)).items else events

    async def _is_behind(self, rows: Sequence[ConversationRow]) -> bool:
        """Whether the conversation that is shown has gone on elsewhere, as far as the list can tell."""
        if not self.router.url.path.startswith(CHAT):
            return False  # It is looked at again when the tab comes back to it.
        transcript, answer = await self.get_state(TranscriptState), await self.get_state(AnswerState)
        if answer.message_id or not transcript.shown_id:
            return False
        shown = next((row for row in rows if str(row.id) == transcript.shown_id), None)
        if transcript.is_missing:
            return shown is not None
        return shown is None or (str(shown.leaf_id or ""), shown.leaf_status or "") != transcript._last()
