"""What the doors to places take and give."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

PlaceKind = Literal["document", "folder", "tag", "collection"]
PLACE_KINDS: Final[tuple[PlaceKind, ...]] = ("folder", "tag", "collection", "document")
"""In the order in which they are shown: a place of many stands before single ones."""


@dataclass(frozen=True)
class Places:
    """Where documents are looked for: all in these folders, with these tags, in these collections, and these ones.

    Folders and tags stand for those within them as well. Whoever looks finds only what they may see.
    """

    document_ids: tuple[UUID, ...] = ()
    folder_ids: tuple[UUID, ...] = ()
    tag_ids: tuple[UUID, ...] = ()
    collection_ids: tuple[UUID, ...] = ()

    @property
    def ids(self) -> tuple[UUID, ...]:
        """All of them."""
        return (*self.folder_ids, *self.tag_ids, *self.collection_ids, *self.document_ids)

    def of_kind(self, kind: PlaceKind) -> tuple[UUID, ...]:
        """Those of a kind."""
        by_kind = {
            "document": self.document_ids, "folder": self.folder_ids, "tag": self.tag_ids,
            "collection": self.collection_ids,
        }  # fmt: skip
        return by_kind[kind]

    def only(self, kept: "set[UUID] | frozenset[UUID]") -> "Places":
        """Those of them that are in a set."""
        kinds = (self.document_ids, self.folder_ids, self.tag_ids, self.collection_ids)
        return Places(*(tuple(each for each in ids if each in kept) for ids in kinds))

    def __or__(self, other: "Places") -> "Places":
        """Both."""
        mine = (self.document_ids, self.folder_ids, self.tag_ids, self.collection_ids)
        theirs = (other.document_ids, other.folder_ids, other.tag_ids, other.collection_ids)
        return Places(*(tuple(dict.fromkeys((*a, *b))) for a, b in zip(mine, theirs, strict=True)))


NOWHERE: Final = Places()


@dataclass(frozen=True)
class Place:
    """One of them with its name, a folder with those around it."""

    kind: PlaceKind
    id: UUID
    name: str


def places_of(chosen: Iterable[Place]) -> Places:
    """Places of any kind together."""
    ids: dict[PlaceKind, list[UUID]] = {kind: [] for kind in PLACE_KINDS}
    for each in chosen:
        ids[each.kind].append(each.id)
    return Places(*(tuple(ids[kind]) for kind in ("document", "folder", "tag", "collection")))
