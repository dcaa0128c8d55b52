"""Tables of test questions."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from convosphere.core.identifiers import new_id
from convosphere.core.model import Table, timestamp_column


class SearchQuestion(Table, table=True):
    """A question and the document that should be found, by a passage that holds some words, if any are named.

    The ranks are those of the last trial, from 1; 0 if it was not found, None if it was not asked.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    account_id: UUID | None = Field(default=None, foreign_key="account.id")
    document_id: UUID = Field(foreign_key="document.id")
    question: str
    words: str = ""
    current_rank: int | None = None
    shadow_rank: int | None = None
    created_at: datetime = timestamp_column(default_now=True)


class SearchTrial(Table, table=True):
    """The latest time that the test questions were asked, of which sets of passages.

    `by_words`: some went by words alone, as a model did not answer.
    """

    workspace_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=new_id)
    account_id: UUID | None = None
    state: str
    current_id: UUID
    shadow_id: UUID | None = None
    by_words: bool = False
    started_at: datetime = timestamp_column(default_now=True)
    ended_at: datetime | None = timestamp_column(nullable=True)
