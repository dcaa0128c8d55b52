"""The list of documents."""

import dataclasses
from typing import cast, get_args

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.collections import service as collections
from convosphere.knowledge.errors import FolderNotFoundError
from convosphere.knowledge.schemas import ALL_DOCUMENTS, DocumentCounts, DocumentFilter, DocumentQuery, Sort
from convosphere.knowledge.service import documents, folders, uploads
from convosphere.knowledge.service.announcements import list_topic
from convosphere.knowledge.state.filter_items import (
    NO_FOLDER,
    FilterOwner,
    FilterTag,
    ShownFilters,
    ShownFolder,
    filter_of,
    filters_of,
    filters_of_address,
)
from convosphere.knowledge.state.items import DocumentItem, document_item
from convosphere.shell.tabs import keep_shown

PAGE = 50
"""Every change sends all rows that are shown."""
SORTS = get_args(Sort)


class DocumentListState(rx.State):
    """A page of the documents that the person sees, kept up to date while the tab is open.

    `counts` are of all, `found` of those in the `folder` whose name contains `text`; `first` is the number of rows
    before the page.
    """

    rows: rx.Field[list[DocumentItem]] = rx.field(default_factory=list)
    counts: rx.Field[DocumentCounts] = rx.field(default_factory=lambda: DocumentCounts(0, 0, 0, 0))
    found: rx.Field[int] = rx.field(0)
    first: rx.Field[int] = rx.field(0)
    is_loaded: rx.Field[bool] = rx.field(False)
    text: rx.Field[str] = rx.field("")
    folder: rx.Field[ShownFolder] = rx.field(default_factory=ShownFolder)
    filters: rx.Field[ShownFilters] = rx.field(default_factory=ShownFilters)
    sort: rx.Field[str] = rx.field("newest")
    shares_uploads: rx.Field[bool] = rx.field(False)
    most_bytes: rx.Field[int] = rx.field(0)
    _follower: str = ""

    @rx.event(background=True)
    @way_in(Permission.DOCUMENT_READ)
    async def follow(self) -> None:
        """Show the list, and again whenever it changes, until the tab is gone or another follower takes over."""
        actor = current_actor()
        async with self:
            self.shares_uploads, self.most_bytes = uploads.shares_by_default(actor), uploads.most_bytes()
            if (asked := filters_of_address(self.router.url.query_parameters)) != ShownFilters():
                self.text, self.folder, self.filters, self.first = "", ShownFolder(), asked, 0
        if actor.workspace_id is not None:
            topics = [list_topic(actor.workspace_id)]
            await keep_shown(self, Permission.DOCUMENT_READ, topics, self._load)

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def search(self, text: str) -> None:
        """Show those whose name contains a text."""
        self.text, self.first, self.filters = text[:200], 0, self.filters.changed()
        await self._load(current_actor())

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def show_folder(self, folder_id: str) -> None:
        """Show what lies in a folder and below it; from a collection one comes back to all that lie there."""
        if self.filters.collection.id:
            self.text, self.filters = "", ShownFilters()
        self.folder, self.first = await _shown_folder(current_actor(), folder_id), 0
        await self._load(current_actor())

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def open_collection(self, collection_id: str) -> None:
        """Show what a collection says."""
        actor = current_actor()
        opened = await collections.open_collection(actor, parse_id(collection_id))
        wanted = opened.filter
        place = str(wanted.folder_id) if wanted.folder_id else NO_FOLDER if wanted.is_direct else ""
        try:
            self.folder = await _shown_folder(actor, place)
        except FolderNotFoundError:
            self.folder = ShownFolder(place)  # What lies there may be theirs to see all the same.
        self.text, self.filters, self.first = wanted.text, filters_of(opened), 0
        await self._load(actor)

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def leave_folder(self, folder_id: str) -> None:
        """Show all documents if the folder that is gone, or one in it, was shown."""
        if folder_id in (self.folder.id, *(key for key, _ in self.folder.around)):
            self.folder, self.first = ShownFolder(), 0
        await self._load(current_actor())

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def filter_by(self, part: str, value: str) -> None:
        """Show those in a state, of a kind, in a language, by an author or with a mark as well, or no longer."""
        await self._filter(self.filters.with_turned(part, value))

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def filter_by_days(self, first: str, last: str) -> None:
        """Show those that are from a day on, or up to one."""
        await self._filter(self.filters.with_days(first, last))

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def filter_by_tag(self, tag: dict[str, str]) -> None:
        """Show those with a tag; asked again, those without it, then all."""
        key = str(parse_id(tag.get("id", "")))
        await self._filter(self.filters.with_tag(FilterTag(key, tag.get("name", "")[:100], tag.get("colour", "")[:20])))

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def filter_by_owner(self, owner: dict[str, str]) -> None:
        """Show those of somebody as well, or no longer."""
        key = str(parse_id(owner.get("id", "")))
        await self._filter(self.filters.with_owner(FilterOwner(key, owner.get("name", "")[:200])))

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def join_tags(self, is_any: bool) -> None:
        """Say whether one of the tags is enough, or all are wanted."""
        await self._filter(self.filters.changed(is_any=is_any))

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def clear_filters(self) -> None:
        """Show all again that lie here."""
        self.text = ""
        await self._filter(ShownFilters())

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def sort_by(self, sort: str) -> None:
        """Show them in another order."""
        if sort in SORTS:
            self.sort, self.first = sort, 0
            await self._load(current_actor())

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def turn_page(self, pages: int) -> None:
        """Show the page that lies so many pages ahead, or back."""
        self.first = min(max(self.first + pages * PAGE, 0), _last_page(self.found))
        await self._load(current_actor())

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def show_again(self) -> None:
        """Show the list as it is now, without waiting for a notice."""
        await self._load(current_actor())

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    def set_sharing(self, is_shared: bool) -> None:  # A switch hands over its position.
        """Choose who sees what is uploaded next."""
        self.shares_uploads = is_shared

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def load_handbook(self) -> None:
        """Take in the product's own handbook."""
        await uploads.load_handbook(current_actor())
        await self._load(current_actor())

    async def _filter(self, filters: ShownFilters) -> None:
        self.filters, self.first = filters, 0
        await self._load(current_actor())

    async def _load(self, actor: Actor) -> None:
        wanted = shown_filter(self)
        counts = await documents.count_documents(actor)
        is_narrowed = wanted != ALL_DOCUMENTS
        self.found = (await documents.count_documents(actor, wanted)).total if is_narrowed else counts.total
        self.first = min(self.first, _last_page(self.found))
        query = DocumentQuery(wanted, sort=cast("Sort", self.sort), skip=self.first, limit=PAGE)
        rows = [document_item(row) for row in (await documents.list_documents(actor, query)).rows]
        if rows != self.rows:
            self.rows = rows
        if counts != self.counts:
            self.counts = dataclasses.replace(counts)
        self.is_loaded = True


def shown_filter(shown: DocumentListState) -> DocumentFilter:
    """Which documents a list shows."""
    return filter_of(shown.text, shown.folder, shown.filters)


async def _shown_folder(actor: Actor, folder_id: str) -> ShownFolder:
    if folder_id in ("", NO_FOLDER):
        return ShownFolder(folder_id)
    place = await folders.get_place(actor, parse_id(folder_id))
    steps = list(zip(map(str, place.ids), place.names, strict=True))
    return ShownFolder(folder_id, place.names[-1], steps[:-1], place.can_edit)


def _last_page(found: int) -> int:
    """How many rows stand before the last page of so many."""
    return max(found - 1, 0) // PAGE * PAGE
