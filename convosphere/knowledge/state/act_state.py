"""What a person does with documents: one, or those that are selected."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.i18n import t
from convosphere.core.identifiers import new_id, parse_id
from convosphere.core.page_routes import KNOWLEDGE
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.schemas import DocumentFilter, DocumentMatch
from convosphere.knowledge.service import documents, removal
from convosphere.knowledge.state.document_state import DocumentState
from convosphere.knowledge.state.list_state import DocumentListState
from convosphere.shell.state import show_toast

AT_ONCE = 100
"""Documents of one transaction, so that acts on thousands hold nobody up."""


class ActState(rx.State):
    """The selection, and the dialog that is open: `delete`, `rename` or none.

    Either single documents are `selected`, or `matching` many, by the search; `asked` many the dialog is about, and
    `name` is its document's if it is about one.
    """

    selected: rx.Field[list[str]] = rx.field(default_factory=list)
    matching: rx.Field[int] = rx.field(0)
    dialog: rx.Field[str] = rx.field("")
    asked: rx.Field[int] = rx.field(0)
    name: rx.Field[str] = rx.field("")
    _asked_id: str = ""
    _text: str = ""
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
        """Select all documents that are shown and may be managed, or none."""
        shown = await self._shown()
        is_all = self.matching or set(shown) <= set(self.selected)
        self.selected = [] if is_all else list(dict.fromkeys([*self.selected, *shown]))
        self.matching = 0

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def select_matching(self) -> None:
        """Select all that match the search and may be managed, also those that are not shown."""
        self._text, self._until = (await self.get_state(DocumentListState)).text.strip(), str(new_id())
        self.matching, self.selected = len(await documents.list_managed(current_actor(), self._match())), []

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    def clear(self) -> None:
        """Select none."""
        self.selected, self.matching = [], 0

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    def ask_to_delete(self, document_id: str, name: str) -> None:
        """Ask before a document is lost."""
        self._asked_id, self.asked, self.name, self.dialog = document_id, 1, name, "delete"

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    def ask_to_delete_selected(self) -> None:
        """Ask before documents are lost."""
        self._asked_id, self.asked, self.name, self.dialog = "", self.matching or len(self.selected), "", "delete"

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
    async def delete(self) -> AsyncIterator[rx.event.EventType[()] | None]:
        """Delete what was asked about."""
        self.dialog = ""
        yield None  # Many documents take their time.
        one, count = self._asked_id, 0
        for some in _parts([parse_id(one)] if one else await self._chosen()):
            count += await removal.delete_documents(current_actor(), some)
        self.matching, self.selected = 0, [selected for selected in self.selected if one and selected != one]
        message = t("“{name}” deleted.", name=self.name) if one else t("{count} documents deleted.", count=count)
        await show_toast(self, "info", message)
        shown = await self.get_state(DocumentState)
        yield rx.redirect(KNOWLEDGE) if one and shown.row.id == one else DocumentListState.show_again

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
    @way_in(Permission.DOCUMENT_SHARE)
    async def share_selected(self, with_everyone: bool) -> rx.event.EventType[()]:
        """Let everyone see the selected documents, or only their owners."""
        count = 0
        for some in _parts(await self._chosen()):
            count += await documents.share_documents(current_actor(), some, with_everyone=with_everyone)
        await show_toast(self, "success", t("Changed for {count} documents.", count=count))
        self.selected, self.matching = [], 0
        return DocumentListState.show_again

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def retry(self, document_id: str) -> rx.event.EventType[()]:
        """Read a document again that failed."""
        await documents.retry_document(current_actor(), parse_id(document_id))
        return DocumentListState.show_again

    async def _shown(self) -> list[str]:
        return [row.id for row in (await self.get_state(DocumentListState)).rows if row.can_manage]

    async def _chosen(self) -> list[UUID]:
        if self.matching:
            return await documents.list_managed(current_actor(), self._match())
        return [parse_id(document_id) for document_id in self.selected]

    def _match(self) -> DocumentMatch:
        return DocumentMatch(DocumentFilter(text=self._text), parse_id(self._until))


def _parts(ids: Sequence[UUID]) -> list[Sequence[UUID]]:
    return [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
