"""One answer while it is written."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from time import monotonic
from uuid import UUID

from convosphere.answers.schemas import AnswerEvent, PromptBuilt, Source, SourcesFound
from convosphere.assistants.schemas import Briefing
from convosphere.chat.queries.generations import Progress
from convosphere.core.i18n import Message, t
from convosphere.core.permissions import Actor
from convosphere.llm.schemas import Finished, ModelChosen, Price, TextPiece, ThinkingPiece, Usage, Waiting
from convosphere.llm.tokens import estimate_tokens


@dataclass
class Generation:
    """An answer while it is written, and for those who watch its end."""

    actor: Actor
    message_id: UUID
    conversation_id: UUID
    text: str = ""
    piece_number: int = 0
    model: str = ""
    provider: str = ""
    price: Price | None = None
    asked_model: str = ""
    switch_note: Message | None = None
    """Which model was asked where another one answers, and why."""
    waiting: Message | None = None
    """The place in line, for whoever waits long for a turn."""
    assistant: Briefing | None = None
    sources: tuple[Source, ...] = ()
    asks_documents: bool = False
    """Whether it is to say what stands in documents."""
    finish_reason: str = ""
    prompt: PromptBuilt | None = None
    thinking: str = field(default="", repr=False)
    """What its model thinks before it writes."""
    thinking_tokens: int = 0
    """An estimate, for answers that end before anybody says how many there were."""
    thinking_ms_so_far: int = 0
    thinking_began_at: float | None = None
    thinking_ended_at: float | None = None
    usage: Usage | None = None
    status: str = "streaming"
    error: Message | None = None
    error_code: str = ""
    is_stop_wanted: bool = False
    started_at: float = field(default_factory=monotonic)
    first_piece_at: float | None = None
    last_piece_at: float | None = None
    reading: asyncio.Task[str] | None = None
    watchers: Counter[UUID] = field(default_factory=Counter)
    """How many tabs of each person look on in this process."""
    _saved_thinking: int = 0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_over(self) -> bool:
        """Whether its message is stored as it will stay."""
        return self.status != "streaming"

    @property
    def thinking_ms(self) -> int | None:
        """How long its model has been thinking, or had when it began to write; None where it did not."""
        if self.thinking_began_at is None:
            return self.thinking_ms_so_far if self.thinking else None
        ended_at = self.thinking_ended_at or monotonic()
        return self.thinking_ms_so_far + round((ended_at - self.thinking_began_at) * 1000)

    def progress(self) -> Progress:
        """How far it is, for the table that others read; of the thoughts only where they have grown."""
        is_grown, self._saved_thinking = len(self.thinking) > self._saved_thinking, len(self.thinking)
        return Progress(self.message_id, self.text, self.piece_number, self.thinking if is_grown else None)

    async def wait_for_change(self, seen: int) -> None:
        """Return as soon as there are more pieces than those seen, or the end."""
        while self.piece_number <= seen and not self.is_over:
            await self._changed.wait()

    async def wait_for_end(self) -> None:
        """Return when it is over."""
        await self._ended.wait()

    def take(self, event: AnswerEvent) -> None:
        """Add what the answer brings next."""
        match event:
            case ThinkingPiece(text=thought):
                self.thinking_tokens += estimate_tokens(thought)
                self.thinking += thought
                self.thinking_began_at = self.thinking_began_at or monotonic()
            case TextPiece(text=piece):
                self.last_piece_at = monotonic()
                self.thinking_ended_at = self.thinking_ended_at or self.last_piece_at
                self.first_piece_at = self.first_piece_at or self.last_piece_at
                self.text += piece
            case SourcesFound(sources=sources):
                self.sources = sources
            case PromptBuilt():
                self.prompt = event
            case ModelChosen(model=model, instead_of=asked, note=note):
                self.model, self.provider, self.price = model.id, model.provider, model.price
                self.asked_model, self.switch_note, self.waiting = asked.id if asked else "", note, None
            case Waiting(model=model, place=place):
                self.waiting = _place_in_line(model.name, place) if place else None
            case Finished(usage=usage, finish_reason=reason):
                self.usage, self.finish_reason = usage, reason
        self.piece_number += 1
        self._wake()

    def end(self, status: str) -> None:
        """Tell all who watch that it is over."""
        self.status = status
        self._ended.set()
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


def _place_in_line(model: str, place: int) -> Message:
    return t("Waiting for {model}: your question is number {place} in line.", model=model, place=place)
