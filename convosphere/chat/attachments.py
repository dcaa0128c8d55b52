"""What comes with messages: what a message says of each file, how it is read, and places of documents to look in."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, get_args
from uuid import UUID

from convosphere.core.identifiers import parse_id
from convosphere.knowledge.places.schemas import Place, Places, places_of
from convosphere.llm.images import tokens_of

Use = Literal["whole", "search"]
PlaceKind = Literal["folder", "tag", "collection"]
Kind = Literal["image", "document"] | PlaceKind

IMAGE_ENDINGS: Final = (".png", ".jpg", ".jpeg", ".jfif", ".webp", ".gif")
"""What is sent as an image; everything else is a document."""
IMAGE_MEDIA_TYPE: Final = "image/jpeg"
"""Of all images that are kept: each is encoded anew."""
PLACE_KINDS: Final[tuple[PlaceKind, ...]] = get_args(PlaceKind)
"""What stands for many documents, which are searched."""
MOST_FILES: Final = 20
"""With one message, places among them."""
LONGEST_WHOLE: Final = 400_000
"""Characters of a document that can be read whole."""
WHOLE_BY_DEFAULT: Final = 24_000
"""Characters up to which a document is read whole unless somebody says otherwise: about ten pages."""
CHARACTERS_PER_TOKEN: Final = 4


@dataclass(frozen=True)
class AttachedFile:
    """A file as its message keeps it, a part of type `file`.

    Of an image `width` and `height` are known, of a document its id and how many `characters` it has. A place has its
    own id and its name.
    """

    id: str
    kind: Kind
    name: str
    size: int
    use: Use = "search"
    document_id: str = ""
    characters: int = 0
    width: int = 0
    height: int = 0

    @property
    def is_place(self) -> bool:
        """Whether it stands for the documents of a folder, a tag or a collection."""
        return self.kind in PLACE_KINDS

    @property
    def tokens(self) -> int:
        """About how much of a prompt it takes: a document that is searched takes the room of passages."""
        if self.kind == "image":
            return tokens_of(self.width, self.height)
        return self.characters // CHARACTERS_PER_TOKEN if self.use == "whole" else 0

    def as_part(self) -> dict[str, Any]:
        """As a message keeps it."""
        return {"type": "file", **asdict(self)}


@dataclass(frozen=True)
class ChosenFile:
    """A file that is to go with a message, and how it is to be read; or a place, which is `kind`."""

    id: UUID
    use: Use
    kind: PlaceKind | Literal["file"] = "file"


def attached_files(parts: Sequence[Mapping[str, Any]] | None) -> tuple[AttachedFile, ...]:
    """The files among a message's parts."""
    known = AttachedFile.__dataclass_fields__
    return tuple(
        AttachedFile(**{name: value for name, value in part.items() if name in known})
        for part in parts or ()
        if part.get("type") == "file"
    )


def chosen_files(given: Sequence[Mapping[str, str]] | None) -> tuple[ChosenFile, ...]:
    """What a page says of the files that are to go with a message.

    Raises:
        NotFoundError: an id is none.
    """
    return tuple(map(_chosen, given or ()))


def chosen_places(chosen: Sequence[ChosenFile]) -> Places:
    """The places among what is to go with a message."""
    return places_of(Place(kind, each.id, "") for each in chosen for kind in PLACE_KINDS if kind == each.kind)


def attached_places(files: Sequence[AttachedFile]) -> Places:
    """The places among what came with messages."""
    return places_of(Place(kind, UUID(file.id), "") for file in files for kind in PLACE_KINDS if kind == file.kind)


def _chosen(given: Mapping[str, str]) -> ChosenFile:
    use: Use = "whole" if given.get("use") == "whole" else "search"
    return ChosenFile(parse_id(given.get("id", "")), use, place_kind(given.get("kind", "")) or "file")


def place_kind(kind: str) -> PlaceKind | None:
    """The same kind if it is one of a place."""
    return next((known for known in PLACE_KINDS if known == kind), None)


def usual_use(characters: int) -> Use:
    """How a document is read unless somebody says otherwise."""
    return "whole" if 0 < characters <= WHOLE_BY_DEFAULT else "search"
