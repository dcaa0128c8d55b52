"""What an assistant reads, while it is chosen."""

import reflex as rx

from convosphere.assistants.schemas import MOST_DOCUMENTS
from convosphere.assistants.state.items import PlaceItem
from convosphere.core.authorization import current_actor
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.places.schemas import PLACE_KINDS, Place, Places, places_of
from convosphere.knowledge.places.service import find_places, name_places


class AssistantPlacesState(rx.State):
    """Folders, tags, collections and documents that are chosen, and those that a search offers."""

    chosen: rx.Field[list[PlaceItem]] = rx.field(default_factory=list)
    found: rx.Field[list[PlaceItem]] = rx.field(default_factory=list)

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def look_up(self, text: str) -> None:
        """Find places that are called so."""
        chosen = {item.id for item in self.chosen}
        found = await find_places(current_actor(), text)
        self.found = [_item(place) for place in found if str(place.id) not in chosen]

    @rx.event
    @way_in(Permission.ASSISTANT_WRITE)
    def add(self, place_id: str) -> None:
        """Let the assistant read what was found."""
        item = next((item for item in self.found if item.id == place_id), None)
        if item and len(self.chosen) < MOST_DOCUMENTS:
            self.chosen = [*self.chosen, item]
            self.found = [other for other in self.found if other.id != place_id]

    @rx.event
    @way_in(Permission.ASSISTANT_WRITE)
    def remove(self, place_id: str) -> None:
        """Let the assistant read it no longer."""
        self.chosen = [item for item in self.chosen if item.id != place_id]

    async def _show(self, places: Places) -> None:
        seen = {place.id: place.name for place in await name_places(current_actor(), places)}
        every = [Place(kind, key, seen.get(key, "")) for kind in PLACE_KINDS for key in places.of_kind(kind)]
        self.chosen, self.found = [_item(place) for place in every], []

    def _places(self) -> Places:
        kinds = {kind: kind for kind in PLACE_KINDS}
        return places_of(Place(kinds[item.kind], parse_id(item.id), item.name) for item in self.chosen)  # pyright: ignore[reportArgumentType]


def _item(place: Place) -> PlaceItem:
    return PlaceItem(place.kind, str(place.id), place.name)
