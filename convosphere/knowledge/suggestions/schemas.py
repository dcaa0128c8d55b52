"""What the doors to suggestions take and give."""

from dataclasses import dataclass
from uuid import UUID

from convosphere.knowledge.schemas import TagLabel


@dataclass(frozen=True)
class Suggestion:
    """A tag for some documents; `percent` says how much of what is like them has it, at the best of them."""

    tag: TagLabel
    percent: int
    documents: tuple[tuple[UUID, str], ...]
    """With their names."""
