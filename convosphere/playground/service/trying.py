"""One answer of an assistant outside of any conversation: reserved before, and booked however it ends."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Final
from uuid import UUID

import structlog

from convosphere.answers.planning import limited_to, plan_answer, reserve_call
from convosphere.answers.schemas import Brief, PromptBuilt
from convosphere.answers.service import answer
from convosphere.assistants.schemas import Definition
from convosphere.assistants.service.opening import brief_of
from convosphere.core.errors import ExpectedError
from convosphere.core.i18n import Message, t
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.llm.booking import planned_price
from convosphere.llm.gateway import current_gateway
from convosphere.llm.schemas import Finished, Model, ModelChosen, TextPiece, ThinkingPiece, Usage
from convosphere.llm.tokens import estimate_tokens
from convosphere.usage.errors import BudgetUsedUpError
from convosphere.usage.schemas import CallRecord, PlannedCall
from convosphere.usage.service.calls import book_call

PURPOSE: Final = "playground"
log = structlog.get_logger()


@dataclass(frozen=True)
class Subject:
    """Who is tried: a definition, which need not be kept, of an assistant; `model` answers in place of its own."""

    assistant_id: UUID
    definition: Definition
    version_id: UUID | None = None
    model: str = ""


@dataclass
class Attempt:
    """An answer while it is given, and what it took."""

    text: str = ""
    status: str = "waiting"
    """`waiting`, `streaming`, then `done`, `failed` or `stopped`."""
    model: Model | None = None
    asked_model: str = ""
    note: Message | None = None
    """Why another model answers than the one that was asked."""
    usage: Usage | None = None
    thinking_tokens: int = 0
    """An estimate, for answers that end before anybody says how many there were."""
    error: Message | None = None
    error_code: str = ""
    refusal: BudgetUsedUpError | None = None
    """The budget that has not enough left for it."""
    started_at: float = field(default_factory=monotonic)
    first_piece_at: float | None = None
    last_piece_at: float | None = None
    ended_at: float | None = None
    plan: PlannedCall | None = None
    reservation_id: UUID | None = None
    prompt_tokens: int | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes."""
        return self.ended_at is not None

    @property
    def first_token_ms(self) -> int | None:
        """How long the first word took."""
        return self.since_start(self.first_piece_at)

    @property
    def total_ms(self) -> int:
        """How long it took, or has taken so far."""
        return self.since_start(self.ended_at or monotonic()) or 0

    @property
    def output_tokens(self) -> int | None:
        """Tokens of the answer; an estimate where the provider gave none."""
        if self.usage:
            return self.usage.completion_tokens
        return estimate_tokens(self.text) + self.thinking_tokens or None

    def take(self, event: object) -> None:
        """Add what comes next."""
        match event:
            case ThinkingPiece(text=thought):
                self.thinking_tokens += estimate_tokens(thought)
                return
            case TextPiece(text=piece):
                self.last_piece_at = monotonic()
                self.first_piece_at = self.first_piece_at or self.last_piece_at
                self.text += piece
                self.status = "streaming"
            case ModelChosen(model=model, instead_of=asked, note=note):
                self.model, self.asked_model, self.note = model, asked.id if asked else "", note
            case PromptBuilt(use=use):
                self.prompt_tokens = use.instructions + use.passages + use.history + use.question
            case Finished(usage=usage):
                self.usage, self.prompt_tokens = usage, usage.prompt_tokens
        self.changed.set()

    def end(self, status: str, error: ExpectedError | None = None) -> None:
        """Nothing more comes."""
        self.status, self.ended_at = status, monotonic()
        if error:
            self.error, self.error_code = error.message, error.code
        self.changed.set()

    def since_start(self, moment: float | None) -> int | None:
        """Milliseconds from the beginning to a moment, if it has come."""
        return None if moment is None else round((moment - self.started_at) * 1000)


async def attempt(actor: Actor, subject: Subject, question: str, into: Attempt) -> None:
    """Have a question answered; what goes wrong stands in the attempt. Cancelling stops it. The caller books it."""
    try:
        brief = await _reserve(actor, subject, question, into)
        async with aclosing(answer(actor, brief, current_gateway())) as events:
            async for event in events:
                into.take(event)
    except ExpectedError as error:
        into.refusal = error if isinstance(error, BudgetUsedUpError) else None
        into.end("failed", error)
    except asyncio.CancelledError:
        into.end("stopped")
        raise
    except Exception:
        incident = str(new_id())
        log.exception("attempt_failed", incident=incident)
        into.end("failed")
        into.error_code = "internal"
        into.error = t(
            "Something went wrong. If it happens again, tell your administrator this number: {id}", id=incident
        )
    else:
        into.end("done")


def book(uow: UnitOfWork, subject: Subject, done: Attempt) -> None:
    """Book an attempt that is over, and settle what was set aside for it. What never reached a model took nothing."""
    if done.plan is None and done.model is None:
        return
    usage, price = done.usage, planned_price(done.model.price) if done.model else done.plan and done.plan.price
    has_begun = usage is not None or bool(done.output_tokens) or (done.status == "stopped" and done.model is not None)
    prompt = (done.prompt_tokens or (done.plan and done.plan.prompt_tokens)) if has_begun else None
    output = done.output_tokens if has_begun else None
    counted = usage.cost_nanos if usage and usage.cost_nanos is not None else None
    call = CallRecord(
        purpose=PURPOSE,
        model=done.model.id if done.model else subject.model or subject.definition.model,
        asked_model=done.asked_model,
        provider=done.model.provider if done.model else "",
        status=done.status,
        error_code=done.error_code,
        total_ms=done.total_ms,
        first_token_ms=done.first_token_ms,
        last_token_ms=done.since_start(done.last_piece_at),
        prompt_tokens=prompt,
        cached_tokens=usage.cached_tokens if usage else None,
        completion_tokens=output,
        thinking_tokens=usage.thinking_tokens if usage else None,
        is_estimated=has_begun and (usage is None or usage.estimated),
        cost_nanos=usage.cost_nanos if usage else None,
        currency=usage.currency if usage and usage.cost_nanos is not None else price.currency if price else "USD",
        counted_nanos=counted if counted is not None else price.nanos(prompt or 0, output or 0) if price else None,
        assistant_id=subject.assistant_id,
        assistant_version_id=subject.version_id,
    )
    book_call(uow, call, reservation_id=done.reservation_id)


async def _reserve(actor: Actor, subject: Subject, question: str, into: Attempt) -> Brief:
    """Set aside what the answer may take; of the Reader's, which costs nothing, nothing.

    Raises:
        ModelNotFoundError: the actor may not use the model any more.
        BudgetUsedUpError: a budget has not enough left.
    """
    brief = brief_of(actor, subject.definition, question, subject.model)
    choices = await current_gateway().choices(actor)
    model = choices.get_model(brief.model)
    if model.is_reader:
        return brief
    plan = replace(plan_answer(model, brief), assistant_id=subject.assistant_id)
    async with unit_of_work(actor) as uow:
        reservation, no_dearer = await reserve_call(uow, choices, brief, plan)
    into.plan, into.reservation_id = plan, reservation.id
    return limited_to(replace(brief, no_dearer=no_dearer), reservation.output_tokens)
