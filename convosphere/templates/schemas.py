"""What a template is made of, and what its doors take and give."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from convosphere.assistants.schemas import Settings

OBJECT_TYPE: Final = "conversation_template"
"""As in `access_grant`."""
LONGEST_NAME: Final = 80
LONGEST_DESCRIPTION: Final = 300
LONGEST_INSTRUCTIONS: Final = 8_000
LONGEST_MESSAGE: Final = 20_000
MOST_EXCHANGES: Final = 10
MOST_DOCUMENTS: Final = 100

Whose = Literal["", "mine", "shared"]


class _Part(BaseModel):
    """A part of a template: complete, unchangeable, without anything that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Exchange(_Part):
    """A question and its answer with which a conversation begins."""

    question: str = ""
    answer: str = ""


class Definition(_Part):
    """All that makes a template.

    Assistant and documents are named, not given: whoever begins with it gets of them what they may use and see.
    """

    name: str = ""
    description: str = ""
    assistant_id: UUID | None = None
    instructions: str = ""
    document_ids: tuple[UUID, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    settings: Settings = Settings()
    """Of whichever model answers, as far as it knows them."""


@dataclass(frozen=True)
class TemplateQuery:
    """Which templates are wanted: those with a text in name or description, and whose."""

    text: str = ""
    whose: Whose = ""
    skip: int = 0
    limit: int = 50


@dataclass(frozen=True)
class TemplateRow:
    """A template in a list."""

    id: UUID
    name: str
    description: str
    owner_name: str
    is_own: bool
    is_shared: bool
    can_edit: bool
    can_manage: bool
    updated_at: datetime


@dataclass(frozen=True)
class TemplatePage:
    """Some templates, and how many there are in all."""

    rows: tuple[TemplateRow, ...]
    found: int


@dataclass(frozen=True)
class TemplateDetail:
    """A template with its content and the number of that version. `documents` are those that its reader sees."""

    row: TemplateRow
    definition: Definition
    documents: dict[UUID, str]
    version: int
