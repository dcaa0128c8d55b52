"""Which side of a document its page shows, and the passage that led there."""

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.previews.service import get_source
from convosphere.knowledge.service import reading

SIDES = ("preview", "text")


class PreviewState(rx.State):
    """What a person chose to see of the document of the address; empty: what its kind shows first.

    `passage` are the words that led here, and `place` says where they stand: the version, and from which to which
    character. `version` is the one that was cited, of a `kind`, where there is a newer one; empty: the current one.
    `seconds` is when the passage is said in a recording, below 0 if nothing leads there.
    """

    side: rx.Field[str] = rx.field("")
    page: rx.Field[int] = rx.field(0)
    passage: rx.Field[str] = rx.field("")
    place: rx.Field[str] = rx.field("")
    version: rx.Field[str] = rx.field("")
    kind: rx.Field[str] = rx.field("")
    seconds: rx.Field[int] = rx.field(-1)

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def open(self) -> None:
        """Begin with the passage that the address names, if it names one; whether one may see it is asked anew."""
        self.reset()
        version, _, place = self.router.url.query_parameters.get("passage", "").partition(".")
        start, _, end = place.partition("-")
        if version and start.isdecimal() and end.isdecimal() and len(place) < 20:
            actor = current_actor()
            cited = await reading.get_cited_passage(actor, parse_id(version), int(start), int(end))
            if cited.newer:
                self.kind = (await get_source(actor, cited.document_id, parse_id(version))).media_type
                self.version = version
            self.page, self.passage, self.place = cited.page or 0, cited.highlighted, cited.place
            self.seconds = -1 if cited.seconds is None else cited.seconds

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def show(self, side: str) -> None:
        """Show how it looks, or what the machine reads of it."""
        self.side = side if side in SIDES else ""

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    def show_newest(self) -> None:
        """Show the document as it is now, wherever the citation pointed."""
        self.version = self.kind = self.passage = self.place = ""
        self.page, self.seconds = 0, -1
