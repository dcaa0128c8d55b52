"""Rows and fields as pages show them."""

from dataclasses import dataclass, field
from typing import Any

from convosphere.creations.schemas import VersionRow
from convosphere.prompts.schemas import Definition, PromptRow


@dataclass(frozen=True)
class PromptItem:
    """A prompt in a list."""

    id: str = ""
    name: str = ""
    command: str = ""
    description: str = ""
    owner: str = ""
    is_own: bool = True
    is_shared: bool = False
    can_edit: bool = False
    can_manage: bool = False
    updated_at: str = ""


@dataclass(frozen=True)
class VersionItem:
    """A version in the history."""

    number: int
    why: str
    author: str
    created_at: str
    is_current: bool
    name: str
    text: str


@dataclass(frozen=True)
class DefinitionItem:
    """What the editor begins with."""

    name: str = ""
    command: str = ""
    description: str = ""
    text: str = ""
    variables: list[dict[str, Any]] = field(default_factory=list)


def prompt_item(row: PromptRow) -> PromptItem:
    """As a list shows it."""
    return PromptItem(
        str(row.id), row.name, row.command, row.description, row.owner_name, row.is_own, row.is_shared, row.can_edit,
        row.can_manage, row.updated_at.isoformat(),
    )  # fmt: skip


def version_item(row: VersionRow[Definition]) -> VersionItem:
    """As the history shows it."""
    was = row.definition or Definition()
    return VersionItem(
        row.number, row.why, row.author_name, row.created_at.isoformat(), row.is_current, was.name, was.text
    )


def definition_item(definition: Definition) -> DefinitionItem:
    """As the editor takes it."""
    return DefinitionItem(**definition.model_dump(mode="json"))
