"""The table of what was made of documents."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from convosphere.core.model import Table, timestamp_column


class DocumentPreview(Table, table=True):
    """Something made of a version's file to show it; no `sha256`: nothing can be made of it."""

    document_version_id: UUID = Field(foreign_key="document_version.id", primary_key=True)
    kind: str = Field(primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    sha256: str | None = None
    size: int = 0
    created_at: datetime = timestamp_column(default_now=True)
