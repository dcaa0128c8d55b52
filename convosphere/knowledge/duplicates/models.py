"""The table of what is alike."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from convosphere.core.model import Table, timestamp_column


class DocumentLikeness(Table, table=True):
    """Two versions with the same file, or nearly the same text; `kept_at`, since both are wanted."""

    version_id: UUID = Field(primary_key=True, foreign_key="document_version.id")
    other_id: UUID = Field(primary_key=True, foreign_key="document_version.id")
    workspace_id: UUID = Field(foreign_key="workspace.id")
    percent: int
    is_same_file: bool
    created_at: datetime = timestamp_column(default_now=True)
    kept_at: datetime | None = timestamp_column(nullable=True)
