"""What the list of documents can be narrowed by, with how many there are of each."""

from dataclasses import dataclass

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.service import documents


@dataclass(frozen=True)
class FacetItem:
    """A value with the number of documents that have it; `name` is what people call it, where it is not its key."""

    key: str
    name: str
    count: int


class FacetState(rx.State):
    """What the documents that the person sees can be told apart by; `review_due` counts those to be looked at again."""

    kinds: rx.Field[list[FacetItem]] = rx.field(default_factory=list)
    languages: rx.Field[list[FacetItem]] = rx.field(default_factory=list)
    authors: rx.Field[list[FacetItem]] = rx.field(default_factory=list)
    owners: rx.Field[list[FacetItem]] = rx.field(default_factory=list)
    review_due: rx.Field[int] = rx.field(0)

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def load(self) -> None:
        """Count them."""
        found = await documents.list_facets(current_actor())
        self.kinds = [FacetItem(facet.key, "", facet.count) for facet in found.kinds]
        self.languages = [FacetItem(facet.key, "", facet.count) for facet in found.languages]
        self.authors = [FacetItem(facet.key, "", facet.count) for facet in found.authors]
        self.review_due = found.review_due
        self.owners = [FacetItem(facet.key, facet.name, facet.count) for facet in found.owners]
