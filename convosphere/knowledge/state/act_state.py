"""What a person does with documents: one, or those that are selected."""

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.i18n import t
from convosphere.core.identifiers import new_id, parse_id
from convosphere.core.page_routes import KNOWLEDGE
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.bulk.schemas import Selection
from convosphere.knowledge.schemas import ALL_DOCUMENTS, DocumentFilter, DocumentMatch
from convosphere.knowledge.service import documents, marks, trash
from convosphere.knowledge.state.document_state import DocumentState
from convosphere.knowledge.state.list_state import DocumentListState, shown_filter
from convosphere.shell.state import show_toast


class ActState(rx.State):
    """The selection, and whether the dialog is open that gives a document another name.

    Either single documents are `selected`, or `matching` many, by the list's filter.
    """

    selected: rx.Field[list[str]] = rx.field(default_factory=list)
    matching: rx.Field[int] = rx.field(0)
    dialog: rx.Field[str] = rx.field("")
    name: rx.Field[str] = rx.field("")
    _asked_id: str = ""
    _wanted: DocumentFilter = ALL_DOCUMENTS
    _until: str = ""

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def select(self, document_ids: list[str], is_selected: bool) -> None:
        """Select some of the documents that are shown, or no longer."""
        shown = await self._shown()
        chosen = [document_id for document_id in document_ids if document_id in shown]
        kept = shown if self.matching else self.selected
        rest = [document_id for document_id in kept if document_id not in chosen]
        self.selected, self.matching = [*rest, *chosen] if is_selected else rest, 0

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def toggle_all(self) -> None:
        """Select all documents that are shown, or none."""
        shown = await self._shown()
        is_all = self.matching or set(shown) <= set(self.selected)
        self.selected = [] if is_all else list(dict.fromkeys([*self.selected, *shown]))
        self.matching = 0

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def select_matching(self) -> None:
        """Select all that match the search, also those that are not shown."""
        self._wanted, self._until = shown_filter(await self.get_state(DocumentListState)), str(new_id())
        self.matching, self.selected = (await documents.count_documents(current_actor(), self._wanted)).total, []

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    def clear(self) -> None:
        """Select none."""
        self.selected, self.matching = [], 0

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    def ask_to_rename(self, document_id: str, name: str) -> None:
        """Ask for a new name."""
        self._asked_id, self.name, self.dialog = document_id, name, "rename"

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    def close_dialog(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Leave everything as it is."""
        if not is_open:
            self.dialog = ""

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def trash(self, document_id: str, name: str) -> rx.event.EventType[()]:
        """Put a document into the trash, with a way back."""
        await trash.trash_document(current_actor(), parse_id(document_id))
        self.selected = [selected for selected in self.selected if selected != document_id]
        told = t("“{name}” is in the trash.", name=name)
        await show_toast(self, "info", told, undo=f"document:{document_id}")
        shown = await self.get_state(DocumentState)
        return rx.redirect(KNOWLEDGE) if shown.row.id == document_id else DocumentListState.show_again

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def restore(self, document_id: str) -> rx.event.EventType[()]:
        """Take it out again."""
        await trash.restore_document(current_actor(), parse_id(document_id))
        return DocumentListState.show_again

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def rename(self, form: dict[str, str]) -> rx.event.EventType[()]:
        """Give a document the name that was entered."""
        name = str(form.get("document-name", ""))
        await documents.rename_document(current_actor(), parse_id(self._asked_id), name)
        self.dialog = ""
        return DocumentListState.show_again

    @rx.event
    @way_in(Permission.DOCUMENT_SHARE)
    async def share(self, document_id: str, with_everyone: bool) -> rx.event.EventType[()]:
        """Let everyone see a document, or only its owner."""
        await documents.share_documents(current_actor(), [parse_id(document_id)], with_everyone=with_everyone)
        return DocumentListState.show_again

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def favour(self, document_id: str, is_favourite: bool) -> rx.event.EventType[()]:
        """Find a document among one's favourites, or no longer."""
        await marks.mark(current_actor(), parse_id(document_id), "favoured_at", is_marked=is_favourite)
        return DocumentListState.show_again

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def follow(self, document_id: str, is_followed: bool) -> rx.event.EventType[()]:
        """Be told when a document has a new version, or no longer."""
        await marks.mark(current_actor(), parse_id(document_id), "followed_at", is_marked=is_followed)
        return DocumentListState.show_again

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def retry(self, document_id: str) -> rx.event.EventType[()]:
        """Read a document again."""
        await documents.retry_document(current_actor(), parse_id(document_id))
        return DocumentListState.show_again

    async def _shown(self) -> list[str]:
        return [row.id for row in (await self.get_state(DocumentListState)).rows]


def selection_of(state: ActState) -> Selection:
    """What is selected in a tab, for acts on many."""
    if state.matching:
        return DocumentMatch(state._wanted, parse_id(state._until))
    return [parse_id(document_id) for document_id in state.selected]
