"""Tags that may fit: the document of the page, or those that are selected in the list."""

from dataclasses import dataclass
from uuid import UUID

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.bulk import service as bulk
from convosphere.knowledge.state.act_state import ActState
from convosphere.knowledge.state.bulk_items import job_item
from convosphere.knowledge.state.bulk_state import BulkState
from convosphere.knowledge.state.document_state import DocumentState
from convosphere.knowledge.suggestions import service
from convosphere.knowledge.suggestions.schemas import Suggestion
from convosphere.shell.state import show_toast


@dataclass(frozen=True)
class SuggestionItem:
    """A tag with the documents that it may fit; `names` are those of the first."""

    id: str
    name: str
    colour: str
    percent: int
    count: int
    names: str
    document_ids: list[str]


class SuggestionState(rx.State):
    """What is suggested: for the page's document in `here`, for selected ones in the dialog that `is_open`."""

    here: rx.Field[list[SuggestionItem]] = rx.field(default_factory=list)
    is_asked: rx.Field[bool] = rx.field(False)
    selected: rx.Field[list[SuggestionItem]] = rx.field(default_factory=list)
    is_open: rx.Field[bool] = rx.field(False)

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    def forget(self) -> None:
        """Begin anew with another document."""
        self.here, self.is_asked = [], False

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def look_here(self) -> None:
        """Suggest tags for the document of the page."""
        shown = await self.get_state(DocumentState)
        self.here = [_item(each) for each in await service.suggest(current_actor(), [parse_id(shown.row.id)])]
        self.is_asked = True

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def accept_here(self, tag_id: str) -> None:
        """Put a tag on the document of the page."""
        shown = await self.get_state(DocumentState)
        await service.accept(current_actor(), parse_id(shown.row.id), parse_id(tag_id))
        self.here = [each for each in self.here if each.id != tag_id]

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def dismiss_here(self, tag_id: str) -> None:
        """Say that a tag does not fit it."""
        shown = await self.get_state(DocumentState)
        await service.dismiss(current_actor(), [parse_id(shown.row.id)], parse_id(tag_id))
        self.here = [each for each in self.here if each.id != tag_id]

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def look_at_selected(self) -> None:
        """Suggest tags for the documents that are selected."""
        chosen = await self.get_state(ActState)
        if chosen.matching or len(chosen.selected) > service.MOST_DOCUMENTS:
            most = service.MOST_DOCUMENTS
            await show_toast(self, "info", t("Tags are suggested for at most {count} documents at once.", count=most))
            return
        found = await service.suggest(current_actor(), [parse_id(each) for each in chosen.selected])
        self.selected, self.is_open = [_item(each) for each in found], True

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    def close(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Leave the rest as it is."""
        if not is_open:
            self.is_open, self.selected = False, []

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def accept_selected(self, tag_id: str) -> None:
        """Put a tag on all that it may fit, as work that can be undone."""
        actor = current_actor()
        job_id = await bulk.start(actor, "tag", self._documents(tag_id), {"tag_id": tag_id})
        (await self.get_state(BulkState)).job = job_item(await bulk.get_job(actor, job_id))
        self._settle(tag_id)

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def dismiss_selected(self, tag_id: str) -> None:
        """Say that it fits none of them."""
        await service.dismiss(current_actor(), self._documents(tag_id), parse_id(tag_id))
        self._settle(tag_id)

    def _documents(self, tag_id: str) -> list[UUID]:
        return [parse_id(key) for each in self.selected if each.id == tag_id for key in each.document_ids]

    def _settle(self, tag_id: str) -> None:
        self.selected = [each for each in self.selected if each.id != tag_id]
        self.is_open = bool(self.selected)


def _item(each: Suggestion) -> SuggestionItem:
    names = ", ".join(name for _, name in each.documents[:3])
    return SuggestionItem(
        str(each.tag.id), each.tag.name, each.tag.colour, each.percent, len(each.documents),
        names + (" …" if len(each.documents) > 3 else ""), [str(key) for key, _ in each.documents],
    )  # fmt: skip
