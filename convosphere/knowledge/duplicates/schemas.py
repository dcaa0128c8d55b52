"""Documents that are alike, as they are shown to somebody who sees them all."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

Choice = Literal["keep", "replace", "version", "skip"]
"""What becomes of a document and of the other one that it is like: both stay, the other one goes, it becomes the newest
version of the other one, or it goes itself."""


@dataclass(frozen=True)
class AlikeDocument:
    """A document of a group. `percent` is what it has in common with the first one, or else with the nearest."""

    id: UUID
    name: str
    owner_name: str
    is_own: bool
    created_at: datetime
    size: int
    can_edit: bool
    can_manage: bool
    percent: int = 100
    is_same_file: bool = False


@dataclass(frozen=True)
class AlikeUpload:
    """An upload, and the document that it is most like of those that were there before it; what may be done to that."""

    id: UUID
    other_id: UUID
    other_name: str
    percent: int
    can_edit_other: bool
    can_manage_other: bool


@dataclass(frozen=True)
class AlikeGroup:
    """Documents that are alike, the oldest first."""

    documents: tuple[AlikeDocument, ...]


@dataclass(frozen=True)
class AlikeGroups:
    """The groups that an actor sees, those found last first; `has_more`: there are others."""

    groups: tuple[AlikeGroup, ...]
    has_more: bool
