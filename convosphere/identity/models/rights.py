"""Who may do what with a thing."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from convosphere.core.identifiers import new_id
from convosphere.core.model import Table, timestamp_column


class AccessGrant(Table, table=True):
    """Who may do what with a thing: the one table for documents, folders, assistants and whatever comes."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    subject_type: str
    """`person` or `everyone`."""
    subject_id: UUID | None = None
    object_type: str
    object_id: UUID
    level: str
    """`view`, `use`, `edit` or `manage`, each including those before it."""
    is_deny: bool = False
    created_by: UUID | None = Field(default=None, foreign_key="account.id")
    created_at: datetime = timestamp_column(default_now=True)
