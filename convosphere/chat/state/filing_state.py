"""Where a person keeps their conversations: folders and tags, and what is done with many conversations at once."""

from dataclasses import dataclass, field, replace
from uuid import UUID

import reflex as rx

from convosphere.chat.service import conversations, filing, folders
from convosphere.chat.state.folder_items import FolderItem, folder_items
from convosphere.chat.state.list_state import ConversationListState
from convosphere.core.authorization import current_actor
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.page_routes import CHAT, conversation
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.shell.state import show_toast

Events = list[rx.event.EventType[()]]


@dataclass(frozen=True)
class TagItem:
    """A tag, and whether all conversations that are asked about have it."""

    name: str
    conversations: int
    is_set: bool = False


@dataclass(frozen=True)
class Asked:
    """What a dialog asks, of which conversations or folder.

    It is one of `move`, `tag`, `new`, `rename`, `nest` and `delete`, or nothing.
    """

    what: str = ""
    ids: list[str] = field(default_factory=list)
    folder_id: str = ""
    name: str = ""
    is_own: bool = True
    """Whether the folder is."""


class FilingState(rx.State):
    """Folders and tags of the sidebar, and the dialog that is open."""

    folders: rx.Field[list[FolderItem]] = rx.field(default_factory=list)
    tags: rx.Field[list[TagItem]] = rx.field(default_factory=list)
    asked: rx.Field[Asked] = rx.field(default_factory=Asked)

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def load(self) -> Events:
        """Show all folders and tags; a folder that is gone is shown no more."""
        actor = current_actor()
        items = folder_items(await folders.list_folders(actor))
        if items != self.folders:
            self.folders = items
        await self._load_tags()
        shown = await self.get_state(ConversationListState)
        if shown.shelf.kind != "folder":
            return []
        folder = next((item for item in items if item.id == shown.shelf.key), None)
        if folder is None:
            return [ConversationListState.show_shelf("home", "", "")]
        shown.shelf = replace(shown.shelf, name=folder.name)
        return []

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def show_wanted(self) -> Events:
        """Show what lies in the folder that the address leads to, if there is such a one."""
        wanted = self.router.url.query_parameters.get("shelf", "")
        seen = await folders.list_folders(current_actor()) if wanted else []
        names = [row.name for row in seen if str(row.id) == wanted]
        return [ConversationListState.show_shelf("folder", wanted, name) for name in names]

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    def ask_of_folder(self, what: str, folder_id: str, name: str) -> None:
        """Open a dialog about a folder, or about a new one in it."""
        is_own = all(item.is_own for item in self.folders if item.id == folder_id)
        self.asked = Asked(what, folder_id=folder_id, name=name, is_own=is_own)

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def ask(self, what: str, ids: list[str]) -> None:
        """Open a dialog about conversations."""
        self.asked = Asked(what, ids)
        if what == "tag":
            await self._load_tags()

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    def close(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Open it no more."""
        if not is_open:
            self.asked = Asked()

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def pin(self, ids: list[str], is_pinned: bool) -> None:
        """Keep conversations at the top, or no longer."""
        await filing.pin(current_actor(), _ids(ids), is_pinned=is_pinned)

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def archive(self, ids: list[str], is_archived: bool) -> Events:
        """Put conversations into the archive, or take them out."""
        await filing.archive(current_actor(), _ids(ids), is_archived=is_archived)
        if not is_archived:
            await show_toast(self, "success", t("Taken out of the archive: {count}", count=len(ids)))
        else:
            undo = f"archive:{','.join(ids)}"
            await show_toast(self, "info", t("Archived: {count}", count=len(ids)), undo=undo)
        return [FilingState.load]

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def unarchive(self, ids: str) -> Events:
        """Undo it."""
        await filing.archive(current_actor(), _ids(ids.split(",")), is_archived=False)
        return [FilingState.load]

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def move(self, ids: list[str], folder_id: str) -> Events:
        """Put conversations into a folder, or out of theirs by an empty id."""
        await filing.move(current_actor(), _ids(ids), parse_id(folder_id) if folder_id else None)
        self.asked = Asked()
        name = next((item.name for item in self.folders if item.id == folder_id), "")
        told = t("Moved to “{name}”.", name=name) if folder_id else t("Moved out of the folder.")
        await show_toast(self, "success", told)
        return [FilingState.load]

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def tag(self, name: str, is_set: bool) -> Events:
        """Give the conversations asked about a tag, or take it away; the dialog stays open."""
        add, remove = ([name], []) if is_set else ([], [name])
        await filing.tag(current_actor(), _ids(self.asked.ids), add=add, remove=remove)
        await self._load_tags()
        return []

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def add_tag(self, form: dict[str, str]) -> Events:
        """Give them one that is written."""
        name = str(form.get("tag-name", ""))
        if name.strip():
            await filing.tag(current_actor(), _ids(self.asked.ids), add=[name])
            await self._load_tags()
        return []

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def delete(self, ids: list[str]) -> Events:
        """Put conversations away, with a way back."""
        gone = await filing.delete_many(current_actor(), _ids(ids))
        undo = f"conversations:{','.join(map(str, gone))}"
        await show_toast(self, "info", t("Conversations deleted: {count}", count=len(gone)), undo=undo)
        shown = self.router.url.path.rstrip("/")
        is_shown = shown in {conversation(str(each)) for each in gone}
        return [FilingState.load, *([rx.redirect(CHAT)] if is_shown else [])]

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def restore(self, ids: str) -> Events:
        """Bring them back."""
        for each in _ids(ids.split(",")):
            await conversations.restore(current_actor(), each)
        return [FilingState.load]

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def keep_folder(self, form: dict[str, str]) -> Events:
        """Make the folder that is asked for, and move there what was to be moved, or give one another name."""
        name, asked = str(form.get("folder-name", "")), self.asked
        if asked.what == "rename":
            await folders.rename_folder(current_actor(), parse_id(asked.folder_id), name)
        else:
            parent_id = parse_id(asked.folder_id) if asked.folder_id else None
            made = await folders.create_folder(current_actor(), name, parent_id)
            if asked.ids:
                await filing.move(current_actor(), _ids(asked.ids), made)
        self.asked = Asked()
        return [FilingState.load]

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def move_folder(self, folder_id: str, parent_id: str) -> Events:
        """Put a folder into another one, or outermost by an empty id."""
        await folders.move_folder(current_actor(), parse_id(folder_id), parse_id(parent_id) if parent_id else None)
        self.asked = Asked()
        return [FilingState.load]

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def delete_folder(self) -> Events:
        """Take the folder away that is asked about; its conversations stay."""
        asked, self.asked = self.asked, Asked()
        await folders.delete_folder(current_actor(), parse_id(asked.folder_id))
        await show_toast(
            self, "info", t("Folder “{name}” deleted. Its conversations are still there.", name=asked.name)
        )
        return [FilingState.load]

    async def _load_tags(self) -> None:
        about = _ids(self.asked.ids) if self.asked.what == "tag" else []
        rows = await filing.list_tags(current_actor(), about)
        items = [TagItem(row.name, row.conversations, bool(about) and row.among == len(about)) for row in rows]
        if items != self.tags:
            self.tags = items


def _ids(ids: list[str]) -> list[UUID]:
    return [parse_id(each) for each in ids]
