"""What the doors to tags take and give."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

COLOURS: Final = ("gray", "red", "orange", "amber", "green", "teal", "blue", "violet", "pink")


@dataclass(frozen=True)
class TagDraft:
    """A tag as somebody wants it. `synonyms` are other words that it is found by."""

    name: str
    colour: str = COLOURS[0]
    description: str = ""
    synonyms: tuple[str, ...] = ()
    parent_id: UUID | None = None
    is_restricted: bool = False
    """Only those to whom its use is granted put it on documents."""


@dataclass(frozen=True)
class TagRow:
    """A tag in a list. `documents` counts those that the actor sees with this very tag."""

    id: UUID
    name: str
    colour: str
    description: str
    synonyms: tuple[str, ...]
    parent_id: UUID | None
    is_restricted: bool
    can_use: bool
    can_edit: bool
    documents: int = 0
    depth: int = 0
