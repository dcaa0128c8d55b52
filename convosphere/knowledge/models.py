"""Tables of documents. A document is what people see; a version is one content of it, whose text never changes."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Field

from convosphere.core.identifiers import new_id
from convosphere.core.model import (
    Table,
    id_array_column,
    json_column,
    number_array_column,
    text_array_column,
    timestamp_column,
)


class DocumentStatus(StrEnum):
    """How far a document is; each stage but `failed` includes those before it."""

    STORED = "stored"
    PARSED = "parsed"
    CHUNKED = "chunked"
    INDEXED = "indexed"
    READY = "ready"
    FAILED = "failed"


class Document(Table, table=True):
    """A thing with a name that people share, ask and delete.

    `run_id` is the run that works on it now and may write until `run_until`; `interruptions` counts runs that died.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    owner_id: UUID = Field(foreign_key="account.id")
    name: str
    folder_id: UUID | None = Field(default=None, foreign_key="document_folder.id")
    folder_ids: list[UUID] = id_array_column()
    """The folders that it lies in, from the outermost to its own."""
    status: str = DocumentStatus.STORED.value
    error: dict[str, Any] | None = json_column(nullable=True)
    progress_done: int = 0
    progress_total: int = 0
    current_version_id: UUID
    next_version_id: UUID | None = None
    """The version that takes over once it is read; meanwhile the current one, which was read, goes on answering."""
    is_attached: bool = False
    """Whether it came with a message: it stands in no list of documents and answers no other conversation."""
    run_id: UUID | None = None
    run_until: datetime | None = timestamp_column(nullable=True)
    interruptions: int = 0
    trashed_at: datetime | None = timestamp_column(nullable=True)
    """Since when it lies in the trash: nothing shows it but that."""
    trashed_by: UUID | None = None
    review_on: date | None = None
    """The day on which somebody is to see whether it still holds."""
    reviewed_on: date | None = None
    """The day on which somebody last did."""
    title: str = ""
    author: str = ""
    language: str = ""
    dated_on: date | None = None
    """The day that it is from: when its file says that it was changed last, or else written."""
    stated: list[str] = text_array_column()
    """Which of these four a person set; the others say what the current version's file does."""
    created_at: datetime = timestamp_column(default_now=True)
    updated_at: datetime = timestamp_column(default_now=True)


class DocumentVersion(Table, table=True):
    """One content of a document; `text` is what was read of it, None until then.

    `file_name` is the name it came under, whose ending says how to read it, whatever the document is called later.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    document_id: UUID = Field(foreign_key="document.id")
    number: int = 1
    sha256: str
    size: int
    file_name: str
    media_type: str
    title: str = ""
    language: str = ""
    pages: int | None = None
    text: str | None = None
    properties: dict[str, str] = json_column()
    origins: dict[str, str] = json_column()
    """Where title and language come from, see `parsing.schemas.Origin`; empty of what was read long ago."""
    warnings: list[dict[str, Any]] = json_column()
    author_id: UUID | None = Field(default=None, foreign_key="account.id")
    why: str = ""
    created_at: datetime = timestamp_column(default_now=True)
    parsed_at: datetime | None = timestamp_column(nullable=True)
    described_from: int | None = None
    """From this character on the text is what a model says that a picture shows."""


class VersionLayout(Table, table=True):
    """The blocks that a version's text is made of, see `parsing.schemas.Layout`, by which it can be cut anew."""

    document_version_id: UUID = Field(foreign_key="document_version.id", primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    kinds: str
    starts: list[int] = number_array_column()
    ends: list[int] = number_array_column()
    levels: list[int] = number_array_column()
    pages: list[int | None] = number_array_column()
    labels: list[str] = text_array_column()


class DocumentFolder(Table, table=True):
    """A folder; `path` leads from the outermost one to itself. All within it belong to whoever it belongs to."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    owner_id: UUID = Field(foreign_key="account.id")
    parent_id: UUID | None = Field(default=None, foreign_key="document_folder.id")
    path: list[UUID] = id_array_column()
    name: str
    created_at: datetime = timestamp_column(default_now=True)
    updated_at: datetime = timestamp_column(default_now=True)


class Tag(Table, table=True):
    """A word that a workspace files documents under; `path` leads to it from the outermost one around it.

    Everybody may put it on documents, or, where it `is_restricted`, those to whom its use is granted.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    owner_id: UUID | None = Field(default=None, foreign_key="account.id")
    parent_id: UUID | None = Field(default=None, foreign_key="tag.id")
    path: list[UUID] = id_array_column()
    name: str
    colour: str = "gray"
    description: str = ""
    synonyms: list[str] = text_array_column()
    is_restricted: bool = False
    created_at: datetime = timestamp_column(default_now=True)
    updated_at: datetime = timestamp_column(default_now=True)


class DocumentTag(Table, table=True):
    """A tag on a document, put there by a person or by a rule."""

    document_id: UUID = Field(foreign_key="document.id", primary_key=True)
    tag_id: UUID = Field(foreign_key="tag.id", primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    source: str
    created_at: datetime = timestamp_column(default_now=True)


class TagRule(Table, table=True):
    """Puts a tag on each document that fits a condition, of those that its owner may edit."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    tag_id: UUID = Field(foreign_key="tag.id")
    owner_id: UUID = Field(foreign_key="account.id")
    condition: dict[str, Any] = json_column()
    is_paused: bool = False
    created_at: datetime = timestamp_column(default_now=True)
    updated_at: datetime = timestamp_column(default_now=True)


class TagRefusal(Table, table=True):
    """Somebody said that a tag does not fit a document: no rule puts it there, nobody is offered it."""

    document_id: UUID = Field(foreign_key="document.id", primary_key=True)
    tag_id: UUID = Field(foreign_key="tag.id", primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    account_id: UUID | None = Field(default=None, foreign_key="account.id")
    created_at: datetime = timestamp_column(default_now=True)


class Collection(Table, table=True):
    """A filter that somebody saved under a name; what it shows depends on who looks."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    owner_id: UUID = Field(foreign_key="account.id")
    name: str
    filter: dict[str, Any] = json_column()
    created_at: datetime = timestamp_column(default_now=True)
    updated_at: datetime = timestamp_column(default_now=True)


class DocumentMark(Table, table=True):
    """What a person marked a document as."""

    account_id: UUID = Field(foreign_key="account.id", primary_key=True)
    document_id: UUID = Field(foreign_key="document.id", primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    favoured_at: datetime | None = timestamp_column(nullable=True)
    followed_at: datetime | None = timestamp_column(nullable=True)
