"""Rows and fields as pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from convosphere.creations.schemas import VersionRow
from convosphere.templates.schemas import Definition, TemplateRow


@dataclass(frozen=True)
class TemplateItem:
    """A template in a list."""

    id: str = ""
    name: str = ""
    description: str = ""
    owner: str = ""
    is_own: bool = True
    is_shared: bool = False
    can_edit: bool = False
    can_manage: bool = False
    updated_at: str = ""


@dataclass(frozen=True)
class DocumentItem:
    """A document of a template, or one that it may have."""

    id: str
    name: str


@dataclass(frozen=True)
class ExchangeItem:
    """A question with its answer in the editor; its fields are known by the key."""

    key: str
    question: str = ""
    answer: str = ""


@dataclass(frozen=True)
class FieldsItem:
    """What the editor's fields begin with."""

    name: str = ""
    description: str = ""
    assistant_id: str = ""
    instructions: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    documents: list[DocumentItem] = field(default_factory=list)
    exchanges: list[ExchangeItem] = field(default_factory=list)


@dataclass(frozen=True)
class VersionItem:
    """A version in the history."""

    number: int
    why: str
    author: str
    created_at: str
    is_current: bool
    name: str
    instructions: str
    documents: int
    exchanges: int
    settings: int


@dataclass(frozen=True)
class AssistantItem:
    """Somebody who may answer."""

    id: str
    name: str


def template_item(row: TemplateRow) -> TemplateItem:
    """As a list shows it."""
    return TemplateItem(
        str(row.id), row.name, row.description, row.owner_name, row.is_own, row.is_shared, row.can_edit,
        row.can_manage, row.updated_at.isoformat(),
    )  # fmt: skip


def document_items(documents: Mapping[UUID, str]) -> list[DocumentItem]:
    """As the editor shows them."""
    return [DocumentItem(str(key), name) for key, name in documents.items()]


def version_item(row: VersionRow[Definition]) -> VersionItem:
    """As the history shows it."""
    was = row.definition or Definition()
    return VersionItem(
        row.number, row.why, row.author_name, row.created_at.isoformat(), row.is_current, was.name, was.instructions,
        len(was.document_ids), len(was.exchanges), sum(value is not None for _, value in was.settings),
    )  # fmt: skip
