"""What the doors to collections take and give."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from convosphere.knowledge.schemas import DocumentFilter, TagLabel

_STORED = TypeAdapter(DocumentFilter)


@dataclass(frozen=True)
class CollectionRow:
    """A collection in a list."""

    id: UUID
    name: str
    is_own: bool
    is_shared: bool
    can_edit: bool
    can_manage: bool


@dataclass(frozen=True)
class OpenedCollection:
    """What a collection shows, with the names of what its filter says, as far as the actor sees those."""

    row: CollectionRow
    filter: DocumentFilter
    tags: dict[UUID, TagLabel]
    owners: dict[UUID, str]


def as_stored(wanted: DocumentFilter) -> dict[str, Any]:
    """A filter as the database keeps it: only what it says."""
    return _STORED.dump_python(wanted, mode="json", exclude_defaults=True)


def as_filter(stored: Mapping[str, Any]) -> DocumentFilter:
    """What was stored."""
    return _STORED.validate_python(stored)
