"""What a person does with documents: one, or those that are selected."""

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.service import documents
from convosphere.knowledge.state.document_state import DocumentState
from convosphere.knowledge.state.list_state import DocumentListState
from convosphere.shell.state import show_toast
from convosphere.ui.routes import KNOWLEDGE


class ActState(rx.State):
    """The selection, and the dialog that is open: `delete`, `rename` or none."""

    selected: rx.Field[list[str]] = rx.field(default_factory=list)
    dialog: rx.Field[str] = rx.field("")
    ids: rx.Field[list[str]] = rx.field(default_factory=list)
    name: rx.Field[str] = rx.field("")

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    def toggle(self, document_id: str) -> None:
        """Select a document, or no longer."""
        rest = [selected for selected in self.selected if selected != document_id]
        self.selected = rest if len(rest) < len(self.selected) else [*rest, document_id]

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def toggle_all(self) -> None:
        """Select all documents that are shown and may be managed, or none."""
        shown = [row.id for row in (await self.get_state(DocumentListState)).rows if row.can_manage]
        self.selected = [] if set(shown) <= set(self.selected) else shown

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    def clear(self) -> None:
        """Select none."""
        self.selected = []

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    def ask_to_delete(self, document_id: str, name: str) -> None:
        """Ask before a document is lost."""
        self.ids, self.name, self.dialog = [document_id], name, "delete"

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    def ask_to_delete_selected(self) -> None:
        """Ask before documents are lost."""
        self.ids, self.name, self.dialog = self.selected, "", "delete"

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    def ask_to_rename(self, document_id: str, name: str) -> None:
        """Ask for a new name."""
        self.ids, self.name, self.dialog = [document_id], name, "rename"

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    def close_dialog(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Leave everything as it is."""
        if not is_open:
            self.dialog = ""

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def delete(self) -> rx.event.EventType[()] | None:
        """Delete what was asked about."""
        self.dialog = ""
        count = await documents.delete_documents(current_actor(), [parse_id(document_id) for document_id in self.ids])
        self.selected = [document_id for document_id in self.selected if document_id not in self.ids]
        message = t("“{name}” deleted.", name=self.name) if self.name else t("{count} documents deleted.", count=count)
        await show_toast(self, "info", message)
        shown = await self.get_state(DocumentState)
        return rx.redirect(KNOWLEDGE) if shown.row.id in self.ids else DocumentListState.show_again

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def rename(self, form: dict[str, str]) -> rx.event.EventType[()]:
        """Give a document the name that was entered."""
        await documents.rename_document(current_actor(), parse_id(self.ids[0]), str(form.get("document-name", "")))
        self.dialog = ""
        return DocumentListState.show_again

    @rx.event
    @way_in(Permission.DOCUMENT_SHARE)
    async def share(self, document_id: str, with_everyone: bool) -> rx.event.EventType[()]:
        """Let everyone see a document, or only its owner."""
        await documents.share_documents(current_actor(), [parse_id(document_id)], with_everyone=with_everyone)
        return DocumentListState.show_again

    @rx.event
    @way_in(Permission.DOCUMENT_SHARE)
    async def share_selected(self, with_everyone: bool) -> rx.event.EventType[()]:
        """Let everyone see the selected documents, or only their owners."""
        ids = [parse_id(document_id) for document_id in self.selected]
        count = await documents.share_documents(current_actor(), ids, with_everyone=with_everyone)
        await show_toast(self, "success", t("Changed for {count} documents.", count=count))
        self.selected = []
        return DocumentListState.show_again

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def retry(self, document_id: str) -> rx.event.EventType[()]:
        """Read a document again that failed."""
        await documents.retry_document(current_actor(), parse_id(document_id))
        return DocumentListState.show_again
