"""The trash."""

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.service import trash
from convosphere.knowledge.service.announcements import list_topic
from convosphere.knowledge.state.trash_items import TrashItem, trash_item
from convosphere.shell.tabs import keep_shown

PAGE = 50


class TrashState(rx.State):
    """What lies there and what of it is selected."""

    rows: rx.Field[list[TrashItem]] = rx.field(default_factory=list)
    total: rx.Field[int] = rx.field(0)
    first: rx.Field[int] = rx.field(0)
    is_loaded: rx.Field[bool] = rx.field(False)
    selected: rx.Field[list[str]] = rx.field(default_factory=list)
    _follower: str = ""

    @rx.event(background=True)
    @way_in(Permission.DOCUMENT_READ)
    async def follow(self) -> None:
        """Show it, and again whenever it changes, until the tab is gone or another follower takes over."""
        actor = current_actor()
        if actor.workspace_id is not None:
            topics = [list_topic(actor.workspace_id)]
            await keep_shown(self, Permission.DOCUMENT_READ, topics, self._load)

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def turn_page(self, pages: int) -> None:
        """Show the page that lies so many pages ahead, or back."""
        self.first = min(max(self.first + pages * PAGE, 0), max(self.total - 1, 0) // PAGE * PAGE)
        await self._load(current_actor())

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    def select(self, document_ids: list[str], is_selected: bool) -> None:
        """Select some of what is shown, or no longer."""
        shown = {row.id for row in self.rows}
        chosen = [document_id for document_id in document_ids if document_id in shown]
        rest = [document_id for document_id in self.selected if document_id not in chosen]
        self.selected = [*rest, *chosen] if is_selected else rest

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    def clear(self) -> None:
        """Select none."""
        self.selected = []

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def restore(self, document_id: str) -> None:
        """Take a document out."""
        await trash.restore_document(current_actor(), parse_id(document_id))
        await self._load(current_actor())

    async def _load(self, actor: Actor) -> None:
        found = await trash.list_trash(actor, self.first, PAGE)
        if not found.rows and self.first:
            self.first = max(found.total - 1, 0) // PAGE * PAGE
            found = await trash.list_trash(actor, self.first, PAGE)
        rows = [trash_item(row) for row in found.rows]
        if rows != self.rows:
            self.rows = rows
        self.total, self.is_loaded = found.total, True
        there = {row.id for row in rows}
        if kept := [each for each in self.selected if each in there]:
            self.selected = kept
        elif self.selected:
            self.selected = []
