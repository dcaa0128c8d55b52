"""Which side of a document its page shows, and the passage that led there."""

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.service import reading

SIDES = ("preview", "text")


class PreviewState(rx.State):
    """What a person chose to see of the document of the address; empty: what its kind shows first."""

    side: rx.Field[str] = rx.field("")
    page: rx.Field[int] = rx.field(0)
    passage: rx.Field[str] = rx.field("")

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def open(self) -> None:
        """Begin with the passage that the address names, if it names one; whether one may see it is asked anew."""
        self.reset()
        version, _, place = self.router.url.query_parameters.get("passage", "").partition(".")
        start, _, end = place.partition("-")
        if version and start.isdecimal() and end.isdecimal() and len(place) < 20:
            cited = await reading.get_cited_passage(current_actor(), parse_id(version), int(start), int(end))
            self.page, self.passage = cited.page or 0, cited.highlighted

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def show(self, side: str) -> None:
        """Show how it looks, or what the machine reads of it."""
        self.side = side if side in SIDES else ""
