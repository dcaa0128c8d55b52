"""One document: what is known of it, and what the machine reads."""

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.errors import NotFoundError, UnavailableError
from convosphere.core.events import current_event_hub
from convosphere.core.identifiers import new_id, parse_id
from convosphere.core.page_routes import KNOWLEDGE
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.service import documents, reading
from convosphere.knowledge.state.items import (
    DetailItem,
    DocumentItem,
    PassageItem,
    detail_item,
    document_item,
    passage_item,
)
from convosphere.shell.tabs import actor_of_tab, next_notice

PAGE = 30
MOST_SHOWN = 90
"""Passages on a page; who reads on lets go of those at the other end."""


class DocumentState(rx.State):
    """The document of the address, kept up to date while its page is open."""

    row: rx.Field[DocumentItem] = rx.field(default_factory=DocumentItem)
    detail: rx.Field[DetailItem] = rx.field(default_factory=DetailItem)
    passages: rx.Field[list[PassageItem]] = rx.field(default_factory=list)
    has_more: rx.Field[bool] = rx.field(False)
    has_earlier: rx.Field[bool] = rx.field(False)
    is_loaded: rx.Field[bool] = rx.field(False)
    is_missing: rx.Field[bool] = rx.field(False)
    _follower: str = ""

    @rx.event(background=True)
    @way_in(Permission.DOCUMENT_READ)
    async def follow(self) -> None:
        """Show the document, and again whenever it changes, until the tab is gone or shows another page."""
        follower = str(new_id())
        async with self:
            self.reset()
            self._follower = follower
            document_id = self._address()
        async with current_event_hub().subscribe(f"document:{document_id}") as notices:
            while await self._refresh_if_possible(follower, document_id):
                await next_notice(notices)

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def show_more(self) -> None:
        """Show further passages."""
        await self._read_on(current_actor())

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def show_earlier(self) -> None:
        """Show the passages before the first one again."""
        if before := self.passages[0].number - 1 if self.passages else 0:
            found = await self._read(current_actor(), max(before - PAGE, 0), min(before, PAGE))
            self._show([*found, *self.passages][:MOST_SHOWN])

    def _address(self) -> str:
        return self.router.url.path.removeprefix(KNOWLEDGE).strip("/")

    async def _refresh_if_possible(self, follower: str, document_id: str) -> bool:
        try:
            return await self._refresh(follower, document_id)
        except UnavailableError:
            return True  # The page stays as it is until the database is back.

    async def _refresh(self, follower: str, document_id: str) -> bool:
        async with self:
            actor = await actor_of_tab(self)
            is_shown = self._follower == follower and self._address() == document_id
            if not is_shown or not actor.may(Permission.DOCUMENT_READ):
                return False
            try:
                found = await documents.get_document(actor, parse_id(document_id))
            except NotFoundError:
                self.is_missing = True
                return False
            if found.version_number != self.detail.version:
                self.passages = []
            self.row, self.detail = document_item(found.row), detail_item(found)
            if found.passages and not self.passages:
                await self._read_on(actor)
            self.is_loaded = True
        return True

    async def _read_on(self, actor: Actor) -> None:
        found = await self._read(actor, self.passages[-1].number if self.passages else 0, PAGE)
        self._show([*self.passages, *found][-MOST_SHOWN:])

    async def _read(self, actor: Actor, after: int, limit: int) -> list[PassageItem]:
        found = await reading.list_passages(actor, parse_id(self.row.id), after=after, limit=limit)
        return [passage_item(passage) for passage in found]

    def _show(self, passages: list[PassageItem]) -> None:
        self.passages = passages
        self.has_earlier = bool(passages) and passages[0].number > 1
        self.has_more = bool(passages) and passages[-1].number < self.detail.passages
