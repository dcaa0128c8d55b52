"""The documents that an assistant reads, while they are chosen."""

from collections.abc import Sequence
from uuid import UUID

import reflex as rx

from convosphere.assistants.schemas import MOST_DOCUMENTS
from convosphere.assistants.service.knowledge import find_documents, name_documents
from convosphere.assistants.state.items import DocumentChoice
from convosphere.core.authorization import current_actor
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in


class AssistantDocumentsState(rx.State):
    """Those that are chosen, and those that a search offers; one that the person does not see has no name."""

    chosen: rx.Field[list[DocumentChoice]] = rx.field(default_factory=list)
    found: rx.Field[list[DocumentChoice]] = rx.field(default_factory=list)

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def look_up(self, text: str) -> None:
        """Find documents by name."""
        chosen = {item.id for item in self.chosen}
        found = await find_documents(current_actor(), text)
        self.found = [DocumentChoice(str(key), name) for key, name in found.items() if str(key) not in chosen]

    @rx.event
    @way_in(Permission.ASSISTANT_WRITE)
    def add(self, document_id: str) -> None:
        """Let the assistant read a document that was found."""
        item = next((item for item in self.found if item.id == document_id), None)
        if item and len(self.chosen) < MOST_DOCUMENTS:
            self.chosen = [*self.chosen, item]
            self.found = [other for other in self.found if other.id != document_id]

    @rx.event
    @way_in(Permission.ASSISTANT_WRITE)
    def remove(self, document_id: str) -> None:
        """Let the assistant read it no longer."""
        self.chosen = [item for item in self.chosen if item.id != document_id]

    async def _show(self, document_ids: Sequence[UUID]) -> None:
        names = await name_documents(current_actor(), document_ids)
        self.chosen = [DocumentChoice(str(key), names.get(key, "")) for key in document_ids]
        self.found = []
