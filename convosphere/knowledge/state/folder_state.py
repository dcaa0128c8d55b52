"""The folders of documents, what is asked about one, and what is put where."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import UUID

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.schemas import FolderRow
from convosphere.knowledge.service import folders
from convosphere.knowledge.service.announcements import list_topic, order_topic
from convosphere.knowledge.state.bulk_state import BulkState
from convosphere.knowledge.state.list_state import DocumentListState
from convosphere.shell.state import show_toast
from convosphere.shell.tabs import keep_shown

MOST_OPENED = 100


@dataclass(frozen=True)
class FolderItem:
    """A folder of the tree; `parent_id` is empty where it stands outermost."""

    id: str
    name: str
    parent_id: str
    depth: int
    documents: int
    has_inner: bool
    is_open: bool
    is_shared: bool
    can_edit: bool
    can_manage: bool


@dataclass(frozen=True)
class TargetItem:
    """A folder that something may be put into, with the names around it."""

    id: str
    name: str


@dataclass(frozen=True)
class Asked:
    """What a dialog is about: `new`, `rename`, `move`, `delete` a folder, `file` documents, or nothing."""

    what: str = ""
    id: str = ""
    name: str = ""
    documents: list[str] = field(default_factory=list)


class DocumentFolderState(rx.State):
    """The tree, kept up to date while its page is open; only the folders in opened ones are here."""

    folders: rx.Field[list[FolderItem]] = rx.field(default_factory=list)
    opened: rx.Field[list[str]] = rx.field(default_factory=list)
    asked: rx.Field[Asked] = rx.field(default_factory=Asked)
    targets: rx.Field[list[TargetItem]] = rx.field(default_factory=list)
    _follower: str = ""

    @rx.event(background=True)
    @way_in(Permission.DOCUMENT_READ)
    async def follow(self) -> None:
        """Show the tree, and again whenever it or what lies in it changes, until another follower takes over."""
        actor = current_actor()
        if actor.workspace_id is not None:
            topics = [order_topic(actor.workspace_id), list_topic(actor.workspace_id)]
            await keep_shown(self, Permission.DOCUMENT_READ, topics, self._load)

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def toggle(self, folder_id: str) -> None:
        """Open a folder of the tree, or close it."""
        parse_id(folder_id)
        rest = [each for each in self.opened if each != folder_id]
        self.opened = rest if len(rest) < len(self.opened) else [*rest, folder_id][-MOST_OPENED:]
        await self._load(current_actor())

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def ask(self, what: str, folder_id: str, name: str) -> None:
        """Ask about a folder; a new one comes into the folder that is named, or outermost."""
        self.asked, self.targets = Asked(what, folder_id, name), []
        if what == "move":
            await self._find("")

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def ask_where(self, document_id: str, name: str) -> None:
        """Ask where a document is to lie; without one, where all that are selected are."""
        self.asked = Asked("file", "", name, [document_id] if document_id else [])
        await self._find("")

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    def close(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Leave everything as it is."""
        if not is_open:
            self.asked, self.targets = Asked(), []

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def look_up(self, text: str) -> None:
        """Find folders to put something into."""
        await self._find(text)

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def keep(self, form: dict[str, str]) -> None:
        """Make the folder that was asked about, or call it something else."""
        name, key = str(form.get("folder-name", "")), self.asked.id
        if self.asked.what == "new":
            await folders.create_folder(current_actor(), name, parse_id(key) if key else None)
            self.opened = [*(each for each in self.opened if each != key), key][-MOST_OPENED:] if key else self.opened
        else:
            await folders.rename_folder(current_actor(), parse_id(key), name)
        self.asked = Asked()
        await self._load(current_actor())

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def delete(self) -> rx.event.EventType[()]:
        """Take away the folder that was asked about; its documents stay."""
        asked, self.asked = self.asked, Asked()
        count = await folders.delete_folder(current_actor(), parse_id(asked.id))
        await show_toast(self, "info", t("Folder “{name}” deleted. Its {count} documents stayed.", name=asked.name,
                                         count=count))  # fmt: skip
        return DocumentListState.leave_folder(asked.id)

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def nest(self, folder_id: str, parent_id: str) -> None:
        """Put a folder into another one, or outermost."""
        await folders.move_folder(current_actor(), parse_id(folder_id), parse_id(parent_id) if parent_id else None)
        self.asked = Asked()
        await self._load(current_actor())

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def put(self, folder_id: str) -> AsyncIterator[rx.event.EventType[()] | None]:
        """Put what was asked about there: a folder, a document, or all that are selected."""
        asked, self.asked = self.asked, Asked()
        yield None  # Many take their time.
        if asked.what == "move":
            yield DocumentFolderState.nest(asked.id, folder_id)
        elif asked.documents:
            yield DocumentFolderState.file(asked.documents, folder_id)
        else:
            yield BulkState.move(folder_id)

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def file(self, document_ids: list[str], folder_id: str) -> rx.event.EventType[()]:
        """Put documents into a folder, or out of all."""
        target = parse_id(folder_id) if folder_id else None
        chosen = [parse_id(each) for each in document_ids[: folders.MOST_AT_ONCE]]
        count = await folders.move_documents(current_actor(), chosen, target)
        await show_toast(self, "success", t("{count} documents moved.", count=count))
        return DocumentListState.show_again

    async def _find(self, text: str) -> None:
        found = await folders.find_targets(current_actor(), text)
        self.targets = [TargetItem(str(key), name) for key, name in found.items()]

    async def _load(self, actor: Actor) -> None:
        opened = {UUID(each) for each in self.opened}
        rows = await folders.list_folders(actor, list(opened))
        found = [_item(row, is_open=row.id in opened) for row in rows]
        if found != self.folders:
            self.folders = found


def _item(row: FolderRow, *, is_open: bool) -> FolderItem:
    return FolderItem(
        id=str(row.id), name=row.name, parent_id="" if row.is_outermost else str(row.parent_id), depth=row.depth,
        documents=row.documents, has_inner=row.has_inner, is_open=is_open, is_shared=row.is_shared,
        can_edit=row.can_edit, can_manage=row.can_manage,
    )  # fmt: skip
