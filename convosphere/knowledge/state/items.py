"""Rows as the browser gets them: texts and numbers only."""

from dataclasses import dataclass, field
from typing import Any

from convosphere.knowledge.ledger.schemas import StageRow
from convosphere.knowledge.schemas import DocumentDetail, DocumentRow, PassageText, TagLabel


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
    can_manage: bool = False
    created_at: str = ""


@dataclass(frozen=True)
class StageItem:
    """A stage of a document. `amount` and `seconds` are -1 where they are not known."""

    stage: str
    state: str
    amount: int
    seconds: float
    attempts: int


@dataclass(frozen=True)
class DetailItem:
    """What is known of a document besides its row."""

    title: str = ""
    language: str = ""
    file_name: str = ""
    characters: int = 0
    passages: int = 0
    properties: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    stages: list[StageItem] = field(default_factory=list)


@dataclass(frozen=True)
class PassageItem:
    """A passage as the machine reads it; `page` is 0 where there are none."""

    number: int
    text: str
    page: int
    heading: str


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
        can_manage=row.can_manage,
        created_at=row.created_at.isoformat(),
    )


def detail_item(detail: DocumentDetail) -> DetailItem:
    """What stands beside a document's text."""
    return DetailItem(
        title=detail.title,
        language=detail.language,
        file_name=detail.file_name,
        characters=detail.characters,
        passages=detail.passages,
        properties=sorted(detail.properties.items()),
        warnings=[dict(warning.as_dict()) for warning in detail.warnings],
        stages=[_stage_item(stage) for stage in detail.stages],
    )


def _stage_item(row: StageRow) -> StageItem:
    amount = -1 if row.amount is None else row.amount
    seconds = -1 if row.milliseconds is None else round(max(row.milliseconds, 100) / 1_000, 1)
    return StageItem(row.stage, row.state, amount, seconds, row.attempts)


def passage_item(passage: PassageText) -> PassageItem:
    """A passage of the page of a document."""
    return PassageItem(passage.number, passage.text, passage.page or 0, passage.heading)
