"""The collections beside the list, and what is asked about one."""

from dataclasses import dataclass

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.collections import service
from convosphere.knowledge.collections.schemas import CollectionRow
from convosphere.knowledge.service.announcements import order_topic
from convosphere.knowledge.state.list_state import DocumentListState, shown_filter
from convosphere.shell.state import show_toast
from convosphere.shell.tabs import keep_shown


@dataclass(frozen=True)
class CollectionItem:
    """A collection in the list of them."""

    id: str = ""
    name: str = ""
    is_shared: bool = False
    can_edit: bool = False
    can_manage: bool = False


class CollectionState(rx.State):
    """The collections, kept up to date while their page is open; `asked` is `new`, `rename` or `delete`."""

    collections: rx.Field[list[CollectionItem]] = rx.field(default_factory=list)
    asked: rx.Field[str] = rx.field("")
    item: rx.Field[CollectionItem] = rx.field(default_factory=CollectionItem)
    _follower: str = ""

    @rx.event(background=True)
    @way_in(Permission.DOCUMENT_READ)
    async def follow(self) -> None:
        """Show the collections, and again whenever they change, until another follower takes over."""
        actor = current_actor()
        if actor.workspace_id is not None:
            await keep_shown(self, Permission.DOCUMENT_READ, [order_topic(actor.workspace_id)], self._load)

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    def ask(self, what: str, collection_id: str) -> None:
        """Ask about a collection, or what the list as it is shall be called."""
        self.asked = what
        self.item = next((each for each in self.collections if each.id == collection_id), CollectionItem())

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    def close(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Leave everything as it is."""
        if not is_open:
            self.asked = ""

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def keep(self, form: dict[str, str]) -> rx.event.EventType[()]:
        """Save what the list shows as a collection, or call the one that was asked about something else."""
        actor, name = current_actor(), str(form.get("collection-name", ""))
        if self.asked == "new":
            wanted = shown_filter(await self.get_state(DocumentListState))
            key = str(await service.create_collection(actor, name, wanted))
        else:
            key = self.item.id
            await service.rename_collection(actor, parse_id(key), name)
        self.asked = ""
        await self._load(actor)
        return DocumentListState.open_collection(key)

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def save_changes(self) -> rx.event.EventType[()]:
        """Let the collection that is open show what the list shows now."""
        shown = await self.get_state(DocumentListState)
        collection = shown.filters.collection
        await service.change_filter(current_actor(), parse_id(collection.id), shown_filter(shown))
        await show_toast(self, "success", t("“{name}” shows this list from now on.", name=collection.name))
        return DocumentListState.open_collection(collection.id)

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def delete(self) -> rx.event.EventType[()] | None:
        """Take away the collection that was asked about."""
        await service.delete_collection(current_actor(), parse_id(self.item.id))
        self.asked = ""
        await self._load(current_actor())
        shown = await self.get_state(DocumentListState)
        return DocumentListState.clear_filters if shown.filters.collection.id == self.item.id else None

    async def _load(self, actor: Actor) -> None:
        found = [_item(row) for row in await service.list_collections(actor)]
        if found != self.collections:
            self.collections = found


def _item(row: CollectionRow) -> CollectionItem:
    return CollectionItem(
        str(row.id), row.name, is_shared=row.is_shared, can_edit=row.can_edit, can_manage=row.can_manage
    )
