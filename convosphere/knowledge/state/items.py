"""Rows as the browser gets them: texts and numbers only."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from convosphere.core.timecodes import timecode
from convosphere.knowledge.ledger.schemas import StageRow
from convosphere.knowledge.metadata.schemas import Metadata
from convosphere.knowledge.parsing.schemas import Origin
from convosphere.knowledge.schemas import DocumentDetail, DocumentRow, PassageText, TagLabel
from convosphere.knowledge.versions.schemas import VersionRow

_SHOWN_APART = {"author", "created", "modified"}
"""What files say of themselves and the page shows with what people say: the day is the later one of the two."""


@dataclass(frozen=True)
class TagChoice:
    """A tag, on a document or to be chosen."""

    id: str
    name: str
    colour: str


@dataclass(frozen=True)
class DocumentItem:
    """A document in the list. `error` is a message as a dict, or {}; `pages` is 0 where there are none."""

    id: str = ""
    name: str = ""
    folder: str = ""
    tags: list[TagChoice] = field(default_factory=list)
    is_favourite: bool = False
    is_followed: bool = False
    status: str = ""
    error: dict[str, Any] = field(default_factory=dict)
    done: int = 0
    total: int = 0
    size: int = 0
    kind: str = ""
    pages: int = 0
    owner: str = ""
    is_own: bool = False
    is_shared: bool = False
    is_shared_with_some: bool = False
    can_edit: bool = False
    can_manage: bool = False
    is_renewing: bool = False
    can_take: bool = False
    created_at: str = ""
    dated_on: str = ""


@dataclass(frozen=True)
class StageItem:
    """A stage of a document. `amount` and `seconds` are -1 where they are not known."""

    stage: str
    state: str
    amount: int
    seconds: float
    attempts: int


@dataclass(frozen=True)
class VersionItem:
    """A version of a document, as `VersionRow`; `error` is a message as a dict, or {}.

    `before` is the number of the version that was read before it, 0 if there is none or it was not read itself.
    """

    id: str
    number: int
    file_name: str
    size: int
    why: str
    author: str
    created_at: str
    state: str
    is_current: bool
    before: int
    error: dict[str, Any]


@dataclass(frozen=True)
class MetadataItem:
    """What people correct of what is known of a document; days are ISO 8601, or empty.

    The last ones say where the first four come from, as `parsing.schemas.Origin`.
    """

    title: str = ""
    author: str = ""
    language: str = ""
    dated_on: str = ""
    review_on: str = ""
    reviewed_on: str = ""
    is_review_due: bool = False
    is_corrected: bool = False
    title_from: str = ""
    author_from: str = ""
    language_from: str = ""
    dated_from: str = ""


@dataclass(frozen=True)
class DetailItem:
    """What is known of a document besides its row."""

    version: int = 0
    metadata: MetadataItem = MetadataItem()
    file_name: str = ""
    characters: int = 0
    passages: int = 0
    properties: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    stages: list[StageItem] = field(default_factory=list)
    versions: list[VersionItem] = field(default_factory=list)
    alike: str = ""
    """The name of the document that it is most like, and how much."""
    percent_alike: int = 0
    failed_version: int = 0
    """The number of the newest version if it could not be read."""


@dataclass(frozen=True)
class PassageItem:
    """A passage as the machine reads it; `page` is 0 where there are none, `time` empty where nobody speaks."""

    number: int
    text: str
    page: int
    heading: str
    time: str
    is_description: bool


def tag_choice(tag: TagLabel) -> TagChoice:
    """A tag beside a document, or to be chosen."""
    return TagChoice(str(tag.id), tag.name, tag.colour)


def document_item(row: DocumentRow) -> DocumentItem:
    """A row of the list."""
    return DocumentItem(
        id=str(row.id),
        name=row.name,
        folder=row.folder_path,
        tags=[tag_choice(tag) for tag in row.tags],
        is_favourite=row.is_favourite,
        is_followed=row.is_followed,
        status=row.status,
        error=dict(row.error.as_dict()) if row.error else {},
        done=row.progress_done,
        total=row.progress_total,
        size=row.size,
        kind=row.media_type,
        pages=row.pages or 0,
        owner=row.owner_name,
        is_own=row.is_own,
        is_shared=row.is_shared,
        is_shared_with_some=row.is_shared_with_some,
        can_edit=row.can_edit,
        can_manage=row.can_manage,
        is_renewing=row.is_renewing,
        can_take=row.can_take,
        created_at=row.created_at.isoformat(),
        dated_on=row.dated_on.isoformat() if row.dated_on else "",
    )


def detail_item(detail: DocumentDetail) -> DetailItem:
    """What stands beside a document's text."""
    return DetailItem(
        version=detail.version_number,
        metadata=metadata_item(detail.metadata),
        file_name=detail.file_name,
        characters=detail.characters,
        passages=detail.passages,
        properties=sorted((key, told) for key, told in detail.properties.items() if key not in _SHOWN_APART),
        warnings=[dict(warning.as_dict()) for warning in detail.warnings],
        stages=[_stage_item(stage) for stage in detail.stages],
        versions=[_version_item(row, detail.versions) for row in detail.versions],
        alike=detail.alike[0][0] if detail.alike else "",
        percent_alike=detail.alike[0][1] if detail.alike else 0,
        failed_version=next((row.number for row in detail.versions[:1] if row.state == "failed"), 0),
    )


def metadata_item(known: Metadata) -> MetadataItem:
    """What people may correct."""
    days = (known.dated_on, known.review_on, known.reviewed_on)
    dated_on, review_on, reviewed_on = (day.isoformat() if day else "" for day in days)
    origins = known.origins
    return MetadataItem(
        title=known.title, author=known.author, language=known.language, dated_on=dated_on, review_on=review_on,
        reviewed_on=reviewed_on, is_review_due=known.is_review_due,
        is_corrected=Origin.PERSON.value in origins.values(), title_from=origins.get("title", ""),
        author_from=origins.get("author", ""), language_from=origins.get("language", ""),
        dated_from=origins.get("dated_on", ""),
    )  # fmt: skip


def _version_item(row: VersionRow, others: Sequence[VersionRow]) -> VersionItem:
    read = [each.number for each in others if each.state in {"current", "past"}]
    before = max((number for number in read if number < row.number), default=0) if row.number in read else 0
    error = dict(row.error.as_dict()) if row.error else {}
    return VersionItem(
        str(row.id), row.number, row.file_name, row.size, row.why, row.author, row.created_at.isoformat(), row.state,
        row.state == "current", before, error,
    )  # fmt: skip


def _stage_item(row: StageRow) -> StageItem:
    amount = -1 if row.amount is None else row.amount
    seconds = -1 if row.milliseconds is None else round(max(row.milliseconds, 100) / 1_000, 1)
    return StageItem(row.stage, row.state, amount, seconds, row.attempts)


def passage_item(passage: PassageText) -> PassageItem:
    """A passage of the page of a document."""
    time = "" if passage.seconds is None else timecode(passage.seconds)
    return PassageItem(passage.number, passage.text, passage.page or 0, passage.heading, time, passage.is_description)
