"""What a folder says to whoever answers in it, while somebody writes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import reflex as rx

from convosphere.chat.folders import MOST_DOCUMENTS
from convosphere.chat.service import folders
from convosphere.core.authorization import current_actor
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.places.service import find_places
from convosphere.shell.state import show_toast


@dataclass(frozen=True)
class FolderDocument:
    """A document of a folder, or one that it may have."""

    id: str
    name: str


class FolderBriefState(rx.State):
    """The instructions and documents of one folder."""

    folder_id: rx.Field[str] = rx.field("")
    name: rx.Field[str] = rx.field("")
    instructions: rx.Field[str] = rx.field("")
    documents: rx.Field[list[FolderDocument]] = rx.field(default_factory=list)
    found: rx.Field[list[FolderDocument]] = rx.field(default_factory=list)
    can_edit: rx.Field[bool] = rx.field(False)

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def open(self, folder_id: str) -> None:
        """Show what a folder says."""
        brief = await folders.get_brief(current_actor(), parse_id(folder_id))
        self.folder_id, self.name, self.instructions = folder_id, brief.name, brief.instructions
        self.documents, self.found, self.can_edit = _items(brief.documents), [], brief.can_edit

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    def close(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Show it no more."""
        if not is_open:
            self.folder_id, self.found = "", []

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def look_up(self, text: str) -> None:
        """Find documents by name."""
        chosen = {item.id for item in self.documents}
        found = await find_places(current_actor(), text, ("document",)) if text.strip() else []
        self.found = [item for item in _items({place.id: place.name for place in found}) if item.id not in chosen]

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    def add(self, document_id: str) -> None:
        """Choose a document that was found; nothing is kept yet."""
        item = next((item for item in self.found if item.id == document_id), None)
        if item and len(self.documents) < MOST_DOCUMENTS:
            self.documents = [*self.documents, item]
            self.found = [other for other in self.found if other.id != document_id]

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    def remove(self, document_id: str) -> None:
        """Choose it no longer."""
        self.documents = [item for item in self.documents if item.id != document_id]

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def save(self, form: dict[str, str]) -> None:
        """Keep all of it."""
        chosen = [parse_id(item.id) for item in self.documents]
        said = str(form.get("folder-instructions", ""))
        await folders.write_brief(current_actor(), parse_id(self.folder_id), said, chosen)
        self.folder_id = ""
        await show_toast(self, "success", t("Saved. It counts from the next answer on."))


def _items(documents: Mapping[UUID, str]) -> list[FolderDocument]:
    return [FolderDocument(str(key), name) for key, name in documents.items()]
