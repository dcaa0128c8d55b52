"""What a prompt is made of, and what the doors to prompts take and give."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

LONGEST_NAME: Final = 80
LONGEST_COMMAND: Final = 40
LONGEST_DESCRIPTION: Final = 300
LONGEST_TEXT: Final = 20_000
LONGEST_VALUE: Final = 2_000
LONGEST_OPTION: Final = 200
MOST_VARIABLES: Final = 20
MOST_OPTIONS: Final = 50

GAP: Final = re.compile(r"\{\{\s*([^\W\d]\w{0,39})\s*\}\}")
"""A gap in a text: `{{name}}`. What a browser fills follows assets/gaps.js, which says the same."""

Kind = Literal["text", "long_text", "number", "date", "choice"]
Whose = Literal["", "mine", "shared"]


class _Part(BaseModel):
    """A part of a prompt: complete, unchangeable, without anything that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Variable(_Part):
    """What somebody is asked for before a prompt is inserted; an empty label is asked for by its name."""

    name: str
    label: str = ""
    kind: Kind = "text"
    options: tuple[str, ...] = ()
    """Of a choice."""
    is_required: bool = True
    default: str = ""


class Definition(_Part):
    """All that makes a prompt; each version keeps one."""

    name: str = ""
    command: str = ""
    description: str = ""
    text: str = ""
    variables: tuple[Variable, ...] = ()


@dataclass(frozen=True)
class PromptQuery:
    """Which prompts are wanted: those with a text in name, command, description or content, and whose."""

    text: str = ""
    whose: Whose = ""
    skip: int = 0
    limit: int = 50


@dataclass(frozen=True)
class PromptRow:
    """A prompt in a list."""

    id: UUID
    name: str
    command: str
    description: str
    owner_name: str
    is_own: bool
    is_shared: bool
    can_edit: bool
    can_manage: bool
    variables: int
    updated_at: datetime


@dataclass(frozen=True)
class PromptPage:
    """Some prompts, and how many there are in all."""

    rows: tuple[PromptRow, ...]
    found: int


@dataclass(frozen=True)
class PromptDetail:
    """A prompt with its content, and the number of that version."""

    row: PromptRow
    definition: Definition
    version: int
