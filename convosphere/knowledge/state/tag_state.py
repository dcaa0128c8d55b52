"""Tags to choose from."""

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.state.bulk_state import BulkState
from convosphere.knowledge.state.items import TagChoice, tag_choice
from convosphere.knowledge.tags import service
from convosphere.knowledge.tags.schemas import TagDraft


class TagChoiceState(rx.State):
    """The tags that are offered for what is typed."""

    found: rx.Field[list[TagChoice]] = rx.field(default_factory=list)
    typed: rx.Field[str] = rx.field("")
    is_new: rx.Field[bool] = rx.field(False)
    """Whether what is typed is no tag yet."""

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def look_up(self, text: str) -> None:
        """Offer tags that are called so."""
        self.typed = text.strip()[: service.LONGEST_NAME]
        found = await service.find_usable(current_actor(), self.typed)
        self.found = [tag_choice(each) for each in found]
        self.is_new = bool(self.typed) and self.typed.casefold() not in {each.name.casefold() for each in found}

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def create(self) -> rx.event.EventType[()]:
        """Make a tag of what is typed and put it on the documents that were asked about."""
        tag_id = await service.create_tag(current_actor(), TagDraft(self.typed))
        self.typed, self.found, self.is_new = "", [], False
        return BulkState.begin({"tag_id": str(tag_id)})
