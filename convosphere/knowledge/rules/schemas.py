"""What the doors to rules take and give."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from pydantic import TypeAdapter

from convosphere.core.i18n import Message, t

PartKind = Literal["folder", "kind", "author", "words"]
MOST_PARTS: Final = 10
LONGEST_VALUE: Final = 200

OWNER_GONE: Final = t("It rests: whoever made it is no longer in the workspace.")
OWNER_MAY_NOT: Final = t("It rests: whoever made it may no longer change documents.")
TAG_CLOSED: Final = t("It rests: whoever made it may no longer use this tag.")
FOLDER_GONE: Final = t("It rests: a folder that it names is gone, or whoever made it no longer sees it.")
PAUSED: Final = t("It is paused.")


@dataclass(frozen=True)
class Part:
    """One thing that a rule asks of a document.

    `value` is the id of a folder, a kind such as "PDF", an author, or words: all of them in the name or the title, or
    in one passage of the text. `with_below` is of folders.
    """

    kind: PartKind
    value: str
    with_below: bool = True


@dataclass(frozen=True)
class Condition:
    """What a rule asks of documents: all of its parts, or any."""

    join: Literal["all", "any"] = "all"
    parts: tuple[Part, ...] = ()

    @property
    def folder_ids(self) -> tuple[UUID, ...]:
        """The folders that it names."""
        return tuple(UUID(part.value) for part in self.parts if part.kind == "folder")


_STORED = TypeAdapter(Condition)


def as_stored(condition: Condition) -> dict[str, Any]:
    """A condition as the database keeps it."""
    return _STORED.dump_python(condition, mode="json")


def as_condition(stored: Mapping[str, Any]) -> Condition:
    """What was stored."""
    return _STORED.validate_python(stored)


@dataclass(frozen=True)
class RuleMatch:
    """All documents that a rule would put its tag on, as work on many takes them."""

    tag_id: UUID
    condition: Condition


@dataclass(frozen=True)
class RuleRow:
    """A rule of a tag. `resting` says why it does nothing, if it does."""

    id: UUID
    tag_id: UUID
    condition: Condition
    owner_name: str
    is_own: bool
    is_paused: bool
    resting: Message | None
    folder_names: dict[UUID, str]
    """Of folders that it names, as far as the actor sees them."""


@dataclass(frozen=True)
class RulePreview:
    """What a rule would do now: to how many documents, the first of them, and how many it leaves as they are.

    `tagged` have the tag, of `refused` somebody said that it does not fit.
    """

    total: int
    names: tuple[str, ...]
    tagged: int
    refused: int
