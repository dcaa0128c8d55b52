"""Who else looks at the conversation that is shown, and what becomes of it while it is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass
from uuid import UUID

import reflex as rx

from convosphere.chat.access import Access, access_topic, change_topic, settings_topic
from convosphere.chat.company import company_topic, current_company
from convosphere.chat.service import sharing
from convosphere.chat.state.answer_state import AnswerState
from convosphere.chat.state.conversation_state import ConversationState, let_go
from convosphere.chat.state.shared_state import SharedState
from convosphere.chat.state.transcript_state import TranscriptState
from convosphere.core.authorization import current_actor
from convosphere.core.errors import NotFoundError, UnavailableError
from convosphere.core.events import current_event_hub
from convosphere.core.identifiers import new_id, parse_id
from convosphere.core.page_routes import CHAT
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.shell.state import initials_of
from convosphere.shell.tabs import LOOK_SECONDS, actor_of_tab

SETTLE_SECONDS = 0.1
AGAIN_SECONDS = 0.5
"""Between two looks whether an answer that is being shown has ended, where something new waits behind it."""


@dataclass(frozen=True)
class CompanionItem:
    """Somebody else who looks at the conversation."""

    name: str
    initials: str
    is_writing: bool


class CompanyState(rx.State):
    """Others who look at the shown conversation; none where it is not shared."""

    people: rx.Field[list[CompanionItem]] = rx.field(default_factory=list)
    _follower: str = ""

    @rx.event(background=True)
    @way_in(Permission.CONVERSATION_READ)
    async def follow(self) -> AsyncIterator[rx.event.EventType[()]]:
        """Keep what is shown true as long as it is: who is here, what others ask, and whether it may still be seen."""
        actor, follower = current_actor(), str(new_id())
        shown = _shown(self)
        async with self:
            self._follower, self.people = follower, []
        if shown is None or actor.workspace_id is None:
            return
        topics = (
            access_topic(shown), change_topic(shown), company_topic(shown), settings_topic(shown),
            f"groups:{actor.workspace_id}",
        )  # fmt: skip
        with ExitStack() as presence:
            async with current_event_hub().subscribe(*topics) as notices:
                attendance = _Attendance(shown, presence)
                while (events := await self._look(attendance, follower)) is not None:
                    for event in events:
                        yield event
                    await attendance.wait(notices)

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def write(self) -> None:
        """Let the others know that the person is writing."""
        actor, shown = current_actor(), (await self.get_state(TranscriptState)).shown_id
        if shown and actor.account_id:
            current_company().write(parse_id(shown), actor.account_id)

    async def _look(self, attendance: "_Attendance", follower: str) -> list[rx.event.EventType[()]] | None:
        """What is to be done now; None when it is over."""
        try:
            actor = await actor_of_tab(self)
            if actor.is_anonymous:
                return None
            if attendance.is_doubtful:
                await attendance.ask(actor)
            names = await attendance.names(actor)
        except UnavailableError:
            return []  # What is shown stays until the database is back.
        except NotFoundError:
            async with self:
                if self._follower == follower:
                    self.people = []
                    await let_go(self, str(attendance.conversation_id))
            return None
        async with self:
            if self._follower != follower:
                return None
            return await self._show(attendance, names)

    async def _show(self, attendance: "_Attendance", names: list[CompanionItem]) -> list[rx.event.EventType[()]]:
        if names != self.people:
            self.people = names
        if (await self.get_state(TranscriptState)).shown_id == str(attendance.conversation_id):
            (await self.get_state(SharedState))._take(attendance.access)
        if not attendance.is_behind or (await self.get_state(AnswerState)).message_id:
            return []
        attendance.is_behind = False
        return [ConversationState.catch_up]


class _Attendance:
    """One tab's look at one conversation. Where that is not shared, nothing is asked but what it began with."""

    def __init__(self, conversation_id: UUID, presence: ExitStack) -> None:
        self.conversation_id = conversation_id
        self.access = Access()
        self.is_doubtful, self.is_behind = True, False
        self._presence = presence
        self._names: dict[UUID, str] = {}
        self._is_here = False

    async def ask(self, actor: Actor) -> None:
        """See what the actor may do now, and be seen where others are.

        Raises:
            NotFoundError: they see it no more.
        """
        self.access = await sharing.get_access(actor, self.conversation_id)
        self.is_doubtful = False
        if self.access.is_shared and not self._is_here and not actor.real_account_id:
            self._presence.enter_context(current_company().joined(actor, self.conversation_id))
            self._is_here = True

    async def names(self, actor: Actor) -> list[CompanionItem]:
        """Who else is here."""
        if not self.access.is_shared:
            return []
        others = [one for one in current_company().people(self.conversation_id) if one.account_id != actor.account_id]
        if unknown := [one.account_id for one in others if one.account_id not in self._names]:
            self._names |= await sharing.names_of(actor, unknown)
        named = [(self._names.get(one.account_id, ""), one.is_writing) for one in others]
        return [CompanionItem(name, initials_of(name), is_writing) for name, is_writing in named if name]

    async def wait(self, notices: asyncio.Queue[str]) -> None:
        """Until there is something to look at, or it is time to see whether the tab is still there."""
        try:
            async with asyncio.timeout(AGAIN_SECONDS if self.is_behind else LOOK_SECONDS):
                heard = {await notices.get()}
        except TimeoutError:
            # People leave groups, and roles change, without a word about this conversation.
            self.is_doubtful = self.is_doubtful or (self.access.is_shared and not self.is_behind)
            return
        await asyncio.sleep(SETTLE_SECONDS)
        while not notices.empty():
            heard.add(notices.get_nowait())
        changed, settings = change_topic(self.conversation_id), settings_topic(self.conversation_id)
        if heard - {changed, settings, company_topic(self.conversation_id)}:
            self.is_doubtful = True
        # What is asked in a conversation that is not shared the list tells of.
        self.is_behind = self.is_behind or settings in heard or (self.access.is_shared and changed in heard)


def _shown(state: rx.State) -> UUID | None:
    """The conversation that the address names."""
    wanted = state.router.url.path.removeprefix(CHAT).strip("/")
    try:
        return parse_id(wanted) if wanted else None
    except NotFoundError:
        return None
