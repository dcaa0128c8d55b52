"""What a link has opened, for whoever has it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID

import reflex as rx

from convosphere.chat.access import access_topic, change_topic
from convosphere.chat.service import links
from convosphere.chat.service.links import LinkedMessage, LinkedPage
from convosphere.core.authorization import current_actor
from convosphere.core.errors import NotFoundError, SignInRequiredError, TooManyRequestsError, UnavailableError
from convosphere.core.events import current_event_hub
from convosphere.core.identifiers import new_id, parse_id
from convosphere.core.page_routes import conversation
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.service.link_rules import rule_topic
from convosphere.shell.tabs import is_tab_open, next_notice, visitor_of_tab

SETTLE_SECONDS = 0.2


@dataclass(frozen=True)
class LinkedItem:
    """A message as the page shows it; the `key` says in the page alone which one it is."""

    key: str
    role: str
    status: str
    text: str
    speaker: str
    author: str
    files: int


class LinkedState(rx.State):
    """`stage` is empty while it loads, then `open`, `gone`, `sign_in` or `busy`.

    What is shown is a window: it grows, then moves; without an `_end` it stands at the end and follows that.
    """

    stage: rx.Field[str] = rx.field("")
    title: rx.Field[str] = rx.field("")
    made_by: rx.Field[str] = rx.field("")
    messages: rx.Field[list[LinkedItem]] = rx.field(default_factory=list)
    has_earlier: rx.Field[bool] = rx.field(False)
    has_later: rx.Field[bool] = rx.field(False)
    is_live: rx.Field[bool] = rx.field(False)
    can_copy: rx.Field[bool] = rx.field(False)
    _size: int = links.PAGE_SIZE
    _end: str = ""
    _ids: list[str] = []  # noqa: RUF012  # Reflex copies defaults.
    _follower: str = ""

    @rx.event(background=True)
    @way_in(Permission.PUBLIC)
    async def follow(self) -> AsyncIterator[None]:
        """Show what the link of the address opens, as long as it does."""
        follower = str(new_id())
        async with self:
            self._follower = follower
        page = await self._look(follower)
        yield
        if page is None:
            return
        conversation_id, workspace_id = page
        topics = (access_topic(conversation_id), change_topic(conversation_id), rule_topic(workspace_id))
        async with current_event_hub().subscribe(*topics) as notices:
            while await self._look(follower):
                yield
                await next_notice(notices, SETTLE_SECONDS)

    @rx.event
    @way_in(Permission.PUBLIC)
    async def show_earlier(self) -> None:
        """Show more of what came before, and in a full window less of what came later."""
        if self._size < links.MOST_SHOWN:
            self._size = min(self._size + links.PAGE_SIZE, links.MOST_SHOWN)
        elif len(self._ids) > links.PAGE_SIZE:
            self._end = self._ids[-1 - links.PAGE_SIZE]
        await self._open(current_actor())

    @rx.event
    @way_in(Permission.PUBLIC)
    async def show_later(self) -> None:
        """Show more of what came later."""
        await self._open(current_actor(), links.PAGE_SIZE)
        self._end = self._ids[-1] if self.has_later else ""

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def copy(self) -> rx.event.EventType[()]:
        """Go on in a copy of one's own."""
        copy_id = await links.copy_linked(current_actor(), self._token(), self.router.session.client_ip)
        return rx.redirect(conversation(str(copy_id)))

    async def _look(self, follower: str) -> tuple[UUID, UUID] | None:
        """Look again; the conversation and its workspace, None when it is over."""
        if not is_tab_open(self):
            return None
        async with self:
            if self._follower != follower:
                return None
            return await self._open(await visitor_of_tab(self))

    async def _open(self, actor: Actor, steps: int = 0) -> tuple[UUID, UUID] | None:
        end = parse_id(self._end) if self._end else None
        try:
            page = await links.open_link(
                actor, self._token(), self.router.session.client_ip, size=self._size, end=end, steps=steps
            )
        except NotFoundError:
            self._close("gone")
        except SignInRequiredError:
            self._close("sign_in")
        except (TooManyRequestsError, UnavailableError):
            self._close("busy")
        else:
            self._show(page)
            return page.conversation_id, page.workspace_id
        return None

    def _show(self, page: LinkedPage) -> None:
        items = [_item(message, key) for message, key in zip(page.messages, page.ids, strict=True)]
        self._ids = [str(each) for each in page.ids]
        if items != self.messages:
            self.messages = items
        self.stage, self.title, self.made_by = "open", page.title, page.made_by
        self.has_earlier, self.has_later = page.has_earlier, page.has_later
        self.is_live, self.can_copy = page.is_live, page.can_copy

    def _close(self, stage: str) -> None:
        self.stage, self.title, self.made_by, self.messages = stage, "", "", []
        self.has_earlier = self.has_later = self.is_live = self.can_copy = False
        self._ids = []

    def _token(self) -> str:
        return self.router.url.query_parameters.get("token", "")


def _item(message: LinkedMessage, message_id: UUID) -> LinkedItem:
    key = blake2b(message_id.bytes, digest_size=8).hexdigest()
    return LinkedItem(key, message.role, message.status, message.text, message.speaker, message.author, message.files)
