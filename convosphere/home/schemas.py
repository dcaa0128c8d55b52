"""What Home shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from convosphere.usage.queries.reports import OwnSum
from convosphere.usage.schemas import BudgetStanding

Going = Literal["answer", "document", "run"]


@dataclass(frozen=True)
class RecentConversation:
    """A conversation that the person had last."""

    id: UUID
    title: str
    updated_at: datetime
    is_streaming: bool
    is_unread: bool


@dataclass(frozen=True)
class RunningJob:
    """Something that goes on for the person; `total` is 0 where nothing is counted."""

    kind: Going
    name: str
    route: str
    done: int = 0
    total: int = 0


@dataclass(frozen=True)
class SharedThing:
    """Something that others gave the person, or a group of theirs."""

    object_type: str
    name: str
    route: str
    given_by: str
    given_at: datetime


@dataclass(frozen=True)
class NewDocument:
    """A document that can be asked since lately, or one that the person follows and that has a new version."""

    id: UUID
    name: str
    author_name: str
    created_at: datetime
    is_version: bool = False


@dataclass(frozen=True)
class Overview:
    """All of it; what somebody may not read about is empty."""

    recent: tuple[RecentConversation, ...]
    running: tuple[RunningJob, ...]
    shared: tuple[SharedThing, ...]
    documents: tuple[NewDocument, ...]
    budgets: tuple[BudgetStanding, ...]
    used: tuple[OwnSum, ...]
