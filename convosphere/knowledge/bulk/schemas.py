"""What the doors to work on many documents take and give."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from convosphere.core.i18n import Message
from convosphere.knowledge.bulk.models import Outcome
from convosphere.knowledge.rules.schemas import RuleMatch
from convosphere.knowledge.schemas import DocumentMatch

Parameters = Mapping[str, str]
Selection = Sequence[UUID] | DocumentMatch | RuleMatch
"""Single documents, all that a filter shows up to an instant, or all that a rule would put its tag on."""


@dataclass(frozen=True)
class Verdict:
    """What an act did with one document; `before` is what it takes to undo it."""

    outcome: Outcome = Outcome.DONE
    error: Message | None = None
    before: Mapping[str, object] | None = None


@dataclass
class Verdicts:
    """What an act did with a batch; a document of which nothing is said is done.

    `released` are contents that nothing may need any more, `receipt` counts what went for good.
    """

    of: dict[UUID, Verdict] = field(default_factory=dict)
    released: set[str] = field(default_factory=set)
    receipt: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Preview:
    """What an act would touch: how many of how many, whom else it concerns, and names of those that it may not."""

    total: int
    allowed: int
    for_everyone: int
    for_some: int
    of_others: int
    bytes: int
    refused_names: tuple[str, ...] = ()

    @property
    def refused(self) -> int:
        """How many may not be touched."""
        return self.total - self.allowed


@dataclass(frozen=True)
class JobRow:
    """A job as it stands now."""

    id: UUID
    action: str
    parameters: Parameters
    state: str
    error: Message | None
    total: int
    done: int
    failed: int
    receipt: Mapping[str, int]
    can_undo: bool
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class ItemRow:
    """What became of one document."""

    document_id: UUID
    name: str
    outcome: str
    error: Message | None
