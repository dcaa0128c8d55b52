"""Tables of assistants."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from convosphere.core.identifiers import new_id
from convosphere.core.model import Table, timestamp_column
from convosphere.creations.models import Creation, CreationVersion


class Assistant(Creation, table=True):
    """An assistant of a person.

    Name, description, category and face are those of its current version; while it stands in the gallery, those of the
    version that was reviewed.
    """

    handle: str = ""
    """What it is mentioned by, `@handle`; two assistants may have the same."""
    icon: str = ""
    color: str = ""
    category: str = ""
    gallery_state: str = "none"
    """What came of the latest request to publish it; whether it stands in the gallery says `published_version_id`."""
    state: str = "draft"
    published_version_id: UUID | None = None
    """The reviewed version, which answers everybody who may not change the assistant; None: not in the gallery."""
    requested_version_id: UUID | None = None
    requested_by: UUID | None = Field(default=None, foreign_key="account.id")
    requested_at: datetime | None = timestamp_column(nullable=True)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id")
    decided_at: datetime | None = timestamp_column(nullable=True)
    decision_reason: str = ""


class AssistantVersion(CreationVersion, table=True):
    """What an assistant was at a time."""

    assistant_id: UUID = Field(foreign_key="assistant.id")
    name: str
    icon: str = ""
    color: str = ""


class AssistantPicture(Table, table=True):
    """A picture for assistants, as WebP; versions name it by its digest."""

    workspace_id: UUID = Field(primary_key=True, foreign_key="workspace.id")
    digest: str = Field(primary_key=True)
    image: bytes
    added_by: UUID | None = Field(default=None, foreign_key="account.id")
    created_at: datetime = timestamp_column(default_now=True)


class AssistantFavourite(Table, table=True):
    """An assistant that somebody wants to find first."""

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    assistant_id: UUID = Field(primary_key=True, foreign_key="assistant.id")
    workspace_id: UUID = Field(foreign_key="workspace.id")
    created_at: datetime = timestamp_column(default_now=True)


class AssistantDefault(Table, table=True):
    """Who answers in the new conversations of a person, a group or the workspace."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    subject_type: str
    """`person`, `group` or `workspace`."""
    subject_id: UUID | None = None
    assistant_id: UUID = Field(foreign_key="assistant.id")
    set_by: UUID | None = Field(default=None, foreign_key="account.id")
    created_at: datetime = timestamp_column(default_now=True)
