"""Tables of search. A set owns one partition of its rows; the database makes and drops it with the set's row."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pgvector.sqlalchemy import HALFVEC, SPARSEVEC
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field

from convosphere.core.identifiers import new_id
from convosphere.core.model import Table, json_column, timestamp_column
from convosphere.knowledge.search.terms import DIMENSIONS


class SetState(StrEnum):
    """What becomes of a passage set; the current one is `ready`."""

    MAKING = "making"
    """It is to take the current one's place once it is complete."""
    READY = "ready"
    FAILED = "failed"
    LEAVING = "leaving"
    """Nothing is to be left of it."""


class PassageSet(Table, table=True):
    """All passages of a workspace in one way of cutting and weighing them; one set is current.

    `settings` say how texts are cut for it, see `chunking.schemas`; `error` is why it could not be made, a message.
    `embedding` is what is to make its vectors and the workspace's once it takes over: None is what the workspace uses
    anyway, "" what the settings name, else a model that the workspace offers.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    chunking: str
    version: int
    is_current: bool
    average_length: float
    passage_count: int = 0
    changes: int = 0
    settings: dict[str, Any] = json_column()
    embedding: str | None = None
    state: str = SetState.READY.value
    error: dict[str, Any] | None = json_column(nullable=True)
    created_at: datetime = timestamp_column(default_now=True)


class Passage(Table, table=True):
    """A stretch of a document version's text, with its BM25 weights and its lexemes in order."""

    document_version_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    passage_set_id: UUID = Field(primary_key=True)
    workspace_id: UUID
    document_id: UUID
    start_offset: int
    end_offset: int
    page: int | None = None
    length: int
    language: str
    heading: str
    text: str
    term_vector: str = Field(sa_type=SPARSEVEC(DIMENSIONS))  # pyright: ignore[reportArgumentType, reportCallIssue]
    lexemes: str = Field(sa_type=TSVECTOR)


class DocumentFrequency(Table, table=True):
    """How many passages of a set have a term."""

    passage_set_id: UUID = Field(primary_key=True, foreign_key="passage_set.id")
    dimension: int = Field(primary_key=True)
    workspace_id: UUID
    language: str
    term: str
    passage_count: int


class VectorSet(Table, table=True):
    """Vectors of a passage set by one model; the current one is searched, another may be in the making.

    `source` is how the settings named the model, `trust` how good it is beside words, from 0 to 1, and
    `least_likeness` from where on a passage answers a question; both are None until they were measured.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    passage_set_id: UUID = Field(foreign_key="passage_set.id")
    model: str
    dimension: int
    version: int
    is_current: bool
    source: str
    trust: float | None = None
    least_likeness: float | None = None
    measured_count: int = 0
    created_at: datetime = timestamp_column(default_now=True)


class PassageVector(Table, table=True):
    """What a model makes of a passage."""

    document_version_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    vector_set_id: UUID = Field(primary_key=True)
    workspace_id: UUID
    embedding: list[float] = Field(sa_type=HALFVEC)  # pyright: ignore[reportArgumentType]
