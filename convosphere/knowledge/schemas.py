"""What the doors to documents take and give."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from convosphere.core.i18n import Message, t
from convosphere.core.timecodes import timecode
from convosphere.knowledge.ledger.schemas import StageRow
from convosphere.knowledge.metadata.schemas import Metadata
from convosphere.knowledge.versions.schemas import VersionRow

Sort = Literal["newest", "oldest", "name", "name_descending", "dated", "dated_oldest"]
"""`newest` and `oldest` are by when a document came, `dated` by the day that it is from; what has none stands last."""


@dataclass(frozen=True)
class SameDocument:
    """A document of the very same file, and whether the person may put it into the trash."""

    id: UUID
    name: str
    can_manage: bool


@dataclass(frozen=True)
class UploadedDocument:
    """What became of an upload: a document, or the `version` of one, counted from 1.

    `is_duplicate`: this very file was there under this name already.
    """

    id: UUID
    name: str
    is_duplicate: bool
    version: int = 1
    same_as: tuple[SameDocument, ...] = ()
    """Other documents that the person sees, under other names or in other folders, the oldest first."""


@dataclass(frozen=True)
class DocumentCursor:
    """The last row of a page of the list; the next page starts behind it."""

    id: UUID
    name: str
    dated_on: date | None = None


@dataclass(frozen=True)
class DocumentFilter:
    """Which documents: those of which all holds that is said here; without a word, all that are not in the trash.

    Tags stand for those within them as well, folders too unless `is_direct`. `kinds` are media types, `languages`
    ISO 639-1, `authors` however they are written; `is_direct` without a folder leaves what lies in none.
    """

    text: str = ""
    """Within the name."""
    folder_id: UUID | None = None
    is_direct: bool = False
    any_tags: tuple[UUID, ...] = ()
    all_tags: tuple[UUID, ...] = ()
    no_tags: tuple[UUID, ...] = ()
    is_untagged: bool = False
    statuses: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    dated_from: date | None = None
    dated_until: date | None = None
    """From the day that a document is from to this one, which is within it."""
    sizes: tuple[str, ...] = ()
    ages: tuple[str, ...] = ()
    """Of `knowledge.classes`."""
    causes: tuple[str, ...] = ()
    """Codes of errors for which documents could not be read."""
    owner_ids: tuple[UUID, ...] = ()
    is_favourite: bool = False
    """Of whoever looks."""
    is_review_due: bool = False
    is_uncited: bool = False
    is_uncited_lately: bool = False
    """Could be asked, and no answer cites it, ever or since `citing.LATELY_DAYS`."""
    is_undescribed: bool = False
    """Pictures of which only the text in them is known, and that are not being read anew."""
    is_trashed: bool = False


ALL_DOCUMENTS = DocumentFilter()


@dataclass(frozen=True)
class DocumentQuery:
    """Which documents to list, `limit` at once, behind a row or so many rows."""

    filter: DocumentFilter = ALL_DOCUMENTS
    sort: Sort = "newest"
    after: DocumentCursor | None = None
    skip: int = 0
    limit: int = 50


@dataclass(frozen=True)
class DocumentMatch:
    """All documents that a filter shows and that were there when `until`, an id, was made."""

    filter: DocumentFilter
    until: UUID


@dataclass(frozen=True)
class TagLabel:
    """A tag as it stands beside a document."""

    id: UUID
    name: str
    colour: str


@dataclass(frozen=True)
class DocumentRow:
    """A document in a list. `size` is in bytes; `progress_total` is 0 where nothing is counted."""

    id: UUID
    name: str
    folder_id: UUID | None
    """Its folder, if the actor sees that."""
    folder_path: str
    """Names of the folders that it lies in and that the actor sees, joined by "/"."""
    tags: tuple[TagLabel, ...]
    is_favourite: bool
    is_followed: bool
    status: str
    error: Message | None
    progress_done: int
    progress_total: int
    size: int
    media_type: str
    pages: int | None
    owner_name: str
    is_own: bool
    is_shared: bool
    """With everyone in the workspace."""
    is_shared_with_some: bool
    """With people or groups."""
    can_edit: bool
    can_manage: bool
    is_renewing: bool
    """Whether a newer version is being read, while this one answers."""
    can_take: bool
    """Its file, not only what it says."""
    created_at: datetime
    updated_at: datetime
    dated_on: date | None = None


@dataclass(frozen=True)
class DocumentPage:
    """Some documents in order; `next` is None at the end."""

    rows: tuple[DocumentRow, ...]
    next: DocumentCursor | None


@dataclass(frozen=True)
class DocumentCounts:
    """How many documents the actor sees: all, those that can be asked, those at work, those that failed."""

    total: int
    ready: int
    working: int
    failed: int


@dataclass(frozen=True)
class Facet:
    """A value that documents have, and how many have it; `name` is that of a person."""

    key: str
    name: str
    count: int


@dataclass(frozen=True)
class Facets:
    """What documents can be told apart by: media types, languages, authors, and accounts that own them.

    `review_due` counts those whose day of review has come.
    """

    kinds: tuple[Facet, ...]
    languages: tuple[Facet, ...]
    authors: tuple[Facet, ...]
    owners: tuple[Facet, ...]
    review_due: int


@dataclass(frozen=True)
class DocumentDetail:
    """A document with what is known of its current version."""

    row: DocumentRow
    version_id: UUID
    version_number: int
    sha256: str
    file_name: str
    metadata: Metadata
    characters: int
    passages: int
    properties: dict[str, str] = field(default_factory=dict)
    warnings: tuple[Message, ...] = ()
    stages: tuple[StageRow, ...] = ()
    versions: tuple[VersionRow, ...] = ()
    alike: tuple[tuple[str, int], ...] = ()
    """Names of documents that the actor sees with nearly the same text, and what they have in common, in percent."""


@dataclass(frozen=True)
class PassageText:
    """A passage as the machine reads it; `number` counts from 1, offsets are characters of the version's text.

    `seconds` is when it is said in a recording; `is_description` marks what a model says of a picture.
    """

    number: int
    text: str
    start: int
    end: int
    page: int | None
    heading: str
    seconds: int | None = None
    is_description: bool = False


@dataclass(frozen=True)
class CitedPassage:
    """A passage with its surroundings: `before` + `highlighted` + `after` is one stretch of the document's text."""

    document_id: UUID
    document_name: str
    page: int | None
    before: str
    highlighted: str
    after: str
    is_markdown: bool
    place: str
    """What leads to it: the version, and the characters from and to which it goes."""
    newer: Literal["", "same", "differs"] = ""
    """Whether there is a newer version of the document, and whether it has this passage as well."""
    dated_on: date | None = None
    review_due_on: date | None = None
    seconds: int | None = None
    """When it is said, in a recording."""
    is_description: bool = False
    """Whether it is what a model says of a picture."""

    @property
    def whereabouts(self) -> Message | None:
        """Where in the document it stands, in words; None if there is nothing to say."""
        if self.is_description:
            return t("A model says that the picture shows this")
        if self.seconds is not None:
            return t("At {time}", time=timecode(self.seconds))
        return t("Page {page}", page=self.page) if self.page else None


@dataclass(frozen=True)
class FolderRow:
    """A folder of the tree. One whose `parent_id` is not to be seen stands outermost, as one without does.

    `documents` counts those in it and below that the actor sees.
    """

    id: UUID
    name: str
    parent_id: UUID | None
    is_outermost: bool
    is_own: bool
    is_shared: bool
    can_edit: bool
    can_manage: bool
    has_inner: bool
    documents: int = 0
    depth: int = 0


@dataclass(frozen=True)
class FolderPlace:
    """A folder with the names of those around it that the actor sees, the outermost first, its own last."""

    id: UUID
    names: tuple[str, ...]
    ids: tuple[UUID, ...]
    can_edit: bool
