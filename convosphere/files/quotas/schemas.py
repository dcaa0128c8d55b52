"""What the doors to limits of space take and give."""

from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

Subject = Literal["everyone", "group", "person"]
SUBJECTS: Final[tuple[Subject, ...]] = ("everyone", "group", "person")


@dataclass(frozen=True)
class QuotaDraft:
    """A limit to be set: for each person of a subject, or for a group together. `subject_id` is None for everyone."""

    subject: Subject
    subject_id: UUID | None
    is_shared: bool
    megabytes: int


@dataclass(frozen=True)
class Limit:
    """A limit that holds for somebody, in bytes, and what is taken of it; `group` is the group that shares it."""

    group: str
    limit: int
    used: int


@dataclass(frozen=True)
class OwnSpace:
    """The bytes that somebody takes, and the limits that hold for them, their own first."""

    used: int
    limits: tuple[Limit, ...]


@dataclass(frozen=True)
class QuotaRow:
    """A limit as it was set."""

    id: UUID
    subject: Subject
    subject_id: UUID | None
    name: str
    is_shared: bool
    megabytes: int


@dataclass(frozen=True)
class SpaceRow:
    """The bytes that a person or a group takes, and may take; None where nothing limits them."""

    id: UUID
    name: str
    used: int
    limit: int | None


@dataclass(frozen=True)
class Space:
    """Who takes most, and all limits. `total` and `limit` are of the workspace."""

    total: int
    limit: int
    people: tuple[SpaceRow, ...]
    groups: tuple[SpaceRow, ...]
    quotas: tuple[QuotaRow, ...]
