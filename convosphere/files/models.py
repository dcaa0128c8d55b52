"""Tables of stored bytes."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from convosphere.core.identifiers import new_id
from convosphere.core.model import Table, timestamp_column


class StoredFile(Table, table=True):
    """One content of a workspace, of `size` bytes."""

    workspace_id: UUID = Field(primary_key=True, foreign_key="workspace.id")
    sha256: str = Field(primary_key=True)
    size: int
    created_at: datetime = timestamp_column(default_now=True)


class FileReference(Table, table=True):
    """That something, such as a document version, needs a file."""

    workspace_id: UUID = Field(primary_key=True)
    sha256: str = Field(primary_key=True)
    holder_id: UUID = Field(primary_key=True)
    account_id: UUID | None = None
    """Whose space it takes; nobody's, where the product made it."""


class FileReservation(Table, table=True):
    """Space promised to an upload that is under way."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    account_id: UUID | None = None
    size: int
    expires_at: datetime = timestamp_column()
