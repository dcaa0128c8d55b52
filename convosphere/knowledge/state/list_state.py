"""The list of documents."""

import dataclasses
from typing import cast, get_args

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.schemas import ALL_DOCUMENTS, DocumentCounts, DocumentFilter, DocumentQuery, Sort
from convosphere.knowledge.service import documents, folders, uploads
from convosphere.knowledge.service.announcements import list_topic
from convosphere.knowledge.state.items import DocumentItem, document_item
from convosphere.shell.tabs import keep_shown

PAGE = 50
"""Every change sends all rows that are shown."""
SORTS = get_args(Sort)
NO_FOLDER = "none"
MOST_FILTER_TAGS = 20
STATES = {"ready": ("ready",), "working": ("stored", "parsed", "chunked", "indexed"), "failed": ("failed",)}
"""What people tell apart, and the statuses that it stands for."""


@dataclasses.dataclass(frozen=True)
class ShownFolder:
    """The folder whose documents are listed: all if it is empty, those in no folder if it is `NO_FOLDER`.

    `around` are the folders around it, `can_edit` whether something may be put there.
    """

    id: str = ""
    name: str = ""
    around: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    can_edit: bool = False


@dataclasses.dataclass(frozen=True)
class FilterTag:
    """A tag that narrows the list: documents with it or with one within it, or, `is_without`, without any of these."""

    id: str
    name: str
    colour: str
    is_without: bool = False


@dataclasses.dataclass(frozen=True)
class ShownFilters:
    """What narrows the list besides its folder and a name; of several tags one is enough where `is_any`."""

    tags: list[FilterTag] = dataclasses.field(default_factory=list)
    is_any: bool = False
    states: list[str] = dataclasses.field(default_factory=list)


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
        if actor.workspace_id is not None:
            topics = [list_topic(actor.workspace_id)]
            await keep_shown(self, Permission.DOCUMENT_READ, topics, self._load)

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def search(self, text: str) -> None:
        """Show those whose name contains a text."""
        self.text, self.first = text[:200], 0
        await self._load(current_actor())

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def show_folder(self, folder_id: str) -> None:
        """Show what lies in a folder and below it."""
        actor, found = current_actor(), ShownFolder(folder_id if folder_id == NO_FOLDER else "")
        if folder_id and folder_id != NO_FOLDER:
            place = await folders.get_place(actor, parse_id(folder_id))
            steps = list(zip(map(str, place.ids), place.names, strict=True))
            found = ShownFolder(folder_id, place.names[-1], steps[:-1], place.can_edit)
        self.folder, self.first = found, 0
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
    async def filter_by_tag(self, tag: dict[str, str]) -> None:
        """Show those with a tag; asked again, those without it, then all."""
        chosen = FilterTag(str(parse_id(tag.get("id", ""))), tag.get("name", "")[:100], tag.get("colour", "")[:20])
        await self._filter(tags=_turned(self.filters.tags, chosen))

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def join_tags(self, is_any: bool) -> None:
        """Say whether one of the tags is enough, or all are wanted."""
        await self._filter(is_any=is_any)

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def filter_by_state(self, state: str) -> None:
        """Show those that are ready, at work or not readable as well, or no longer."""
        before = self.filters.states
        rest = [each for each in before if each != state]
        await self._filter(states=rest if len(rest) < len(before) or state not in STATES else [*rest, state])

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def clear_filters(self) -> None:
        """Show all again that lie here."""
        self.text = ""
        await self._filter(tags=[], states=[])

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

    async def _filter(self, **changes: object) -> None:
        self.filters, self.first = dataclasses.replace(self.filters, **changes), 0
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
    filters, key = shown.filters, shown.folder.id
    is_loose = key == NO_FOLDER
    folder_id = parse_id(key) if key and not is_loose else None
    wanted = tuple(parse_id(tag.id) for tag in filters.tags if not tag.is_without)
    return DocumentFilter(
        text=shown.text.strip(), folder_id=folder_id, is_direct=is_loose,
        statuses=tuple(status for state in filters.states for status in STATES[state]),
        any_tags=wanted if filters.is_any else (), all_tags=() if filters.is_any else wanted,
        no_tags=tuple(parse_id(tag.id) for tag in filters.tags if tag.is_without),
    )  # fmt: skip


def _turned(tags: list[FilterTag], chosen: FilterTag) -> list[FilterTag]:
    """A tag that is chosen narrows the list to those with it, the next time to those without, then no more."""
    rest = [tag for tag in tags if tag.id != chosen.id]
    before = next((tag for tag in tags if tag.id == chosen.id), None)
    if before is None:
        return [*rest, chosen][:MOST_FILTER_TAGS]
    return rest if before.is_without else [*rest, dataclasses.replace(before, is_without=True)]


def _last_page(found: int) -> int:
    """How many rows stand before the last page of so many."""
    return max(found - 1, 0) // PAGE * PAGE
