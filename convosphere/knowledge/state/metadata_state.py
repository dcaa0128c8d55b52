"""The dialog that corrects what is known of the document of the page."""

from datetime import date

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.metadata import service
from convosphere.knowledge.metadata.schemas import MetadataDraft
from convosphere.knowledge.state.document_state import DocumentState


class MetadataState(rx.State):
    """Whether the dialog is open; what it shows is the page's."""

    is_open: rx.Field[bool] = rx.field(False)

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    def set_open(self, is_open: bool) -> None:  # A dialog hands over its state.
        """Open the dialog, or leave everything as it is."""
        self.is_open = is_open

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def keep(self, form: dict[str, str]) -> None:
        """Let the document be described as the form says."""
        shown = await self.get_state(DocumentState)
        await service.describe(current_actor(), parse_id(shown.row.id), _draft(form))
        self.is_open = False

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def take_from_file(self) -> None:
        """Let it be described as its file says."""
        shown = await self.get_state(DocumentState)
        await service.take_from_file(current_actor(), parse_id(shown.row.id))
        self.is_open = False


def _draft(form: dict[str, str]) -> MetadataDraft:
    title, author, language = (str(form.get(f"metadata-{name}", "")) for name in ("title", "author", "language"))
    return MetadataDraft(title, author, language, _day(form, "metadata-date"), _day(form, "metadata-review"))


def _day(form: dict[str, str], name: str) -> date | None:
    said = str(form.get(name) or "")
    try:
        return date.fromisoformat(said) if said else None
    except ValueError as error:
        raise InvalidInputError(t("This is no day.")) from error
