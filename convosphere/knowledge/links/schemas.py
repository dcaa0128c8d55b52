"""What the doors to links take and give."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from convosphere.core.permissions import Actor
from convosphere.identity.service.link_rules import Scope
from convosphere.knowledge.schemas import DocumentFilter

Kind = Literal["document", "document_folder", "collection"]
KINDS: Final[tuple[Kind, ...]] = ("document", "document_folder", "collection")
MOST_PASSAGES: Final = 30
"""Shown of a document whose file a link does not give away."""


@dataclass(frozen=True)
class LinkRow:
    """A link that nobody has revoked. `uses` counts how often it was opened."""

    id: UUID
    scope: Scope
    may_download: bool
    uses: int
    created_at: datetime
    expires_at: datetime | None
    made_by: str
    works: bool


@dataclass(frozen=True)
class Links:
    """The links to something, and whether there may be ones for anybody."""

    rows: Sequence[LinkRow]
    allows_anyone: bool


@dataclass(frozen=True)
class Located:
    """Where a link is."""

    id: UUID
    workspace_id: UUID


@dataclass(frozen=True)
class StoredLink:
    """A link that is neither revoked nor expired, and that the workspace allows."""

    id: UUID
    kind: Kind
    target_id: UUID
    created_by: UUID
    scope: Scope
    may_download: bool
    filter: dict[str, Any] | None


@dataclass(frozen=True)
class Visit:
    """A link that opens for somebody: with no more rights than its `maker` has now, and only for what it shows.

    `visitor` is whoever came, without a name where nobody is signed in here.
    """

    link: StoredLink
    maker: Actor
    visitor: Actor
    name: str
    """Of what it leads to."""
    shows: DocumentFilter | None
    """What a folder or a collection shows; None of a single document."""


@dataclass(frozen=True)
class LinkedDocument:
    """A document as a link shows it: no owner, no tags, and of folders only those within the shared one."""

    id: UUID
    name: str
    file_name: str
    media_type: str
    size: int
    pages: int | None
    folder: str
    created_at: datetime


@dataclass(frozen=True)
class LinkedPage:
    """What a link opens: some documents of `total`. Whoever shares is named only to people of the workspace."""

    link_id: UUID
    workspace_id: UUID
    name: str
    made_by: str
    may_download: bool
    is_single: bool
    rows: tuple[LinkedDocument, ...]
    total: int
