"""What a generation is given."""

from dataclasses import dataclass, field
from uuid import UUID

from convosphere.answers.schemas import WhenFull
from convosphere.assistants.schemas import Briefing, Settings
from convosphere.chat.attachments import AttachedFile
from convosphere.chat.effort import Effort
from convosphere.chat.folders import NO_GROUND, CommonGround
from convosphere.chat.parameters import USUAL
from convosphere.llm.schemas import ChatMessage
from convosphere.usage.schemas import PlannedCall, Reservation


@dataclass(frozen=True)
class Assignment:
    """What a generation needs to know."""

    conversation_id: UUID
    message_id: UUID
    question: str
    history: tuple[ChatMessage, ...]
    model: str
    is_first: bool
    text_so_far: str = field(default="", repr=False)
    thinking_so_far: str = field(default="", repr=False)
    thinking_ms_so_far: int = 0
    effort_so_far: Effort | None = None
    question_id: UUID | None = None
    history_ids: tuple[UUID, ...] = ()
    begun: int = 0
    summary: str = field(default="", repr=False)
    when_full: WhenFull = WhenFull.DROP
    assistant: Briefing | None = field(default=None, repr=False)
    settings: Settings = USUAL
    ground: CommonGround = NO_GROUND
    plan: PlannedCall | None = None
    reservation: Reservation | None = None
    no_dearer: bool = False
    """Whether the budgets have no room for a dearer model that would step in."""
    files: tuple[AttachedFile, ...] = ()
    history_files: tuple[tuple[AttachedFile, ...], ...] = ()
    """What came with each message of the history."""
    has_follow_ups: bool = True
    """Whether a model shall think of questions that may follow."""

    @property
    def assistant_id(self) -> UUID | None:
        """Whoever answers, None where that is a model alone."""
        return self.assistant.assistant_id if self.assistant else None
