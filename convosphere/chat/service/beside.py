"""Small calls that go with an answer: set aside before they are asked, booked however they end."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from time import monotonic

from convosphere.answers.context import MESSAGE_TOKENS
from convosphere.chat.assignment import Assignment
from convosphere.chat.generations import current_generation_host
from convosphere.core.errors import ExpectedError
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.llm.booking import planned_price, record_of
from convosphere.llm.gateway import current_gateway
from convosphere.llm.schemas import Completion, CompletionRequest, Model
from convosphere.llm.tokenizers import counter_of
from convosphere.usage.schemas import CallPurpose, CallRecord, PlannedCall, Reservation
from convosphere.usage.service import budgets
from convosphere.usage.service.calls import book_call

Keep = Callable[[UnitOfWork, Completion], Awaitable[None]]
"""Stores what came of a call, in the unit that books it."""


async def ask_beside(
    actor: Actor, assignment: Assignment, model: Model, request: CompletionRequest, *, purpose: CallPurpose, keep: Keep
) -> Completion:
    """What a model says beside an answer; nobody dearer may say it, since only so much was set aside.

    Raises:
        BudgetUsedUpError: a budget has not enough left for it.
        ProviderError: no model said anything.
    """
    plan = _plan(assignment, model, request)
    async with unit_of_work(actor) as uow:
        reservation = await budgets.reserve(uow, plan)
    started_at = monotonic()
    try:
        completion = await current_gateway().complete(actor, request)
    except ExpectedError as error:
        await _book_alone(actor, assignment, _failed(purpose, model, error, started_at), reservation)
        raise
    except asyncio.CancelledError:
        # Whoever breaks it off has had the model read all of it.
        stopped = _stopped(purpose, model, plan, started_at)
        current_generation_host().start_beside(_book_alone(actor, assignment, stopped, reservation))
        raise
    async with unit_of_work(actor) as uow:
        await keep(uow, completion)
        _book(uow, assignment, record_of(purpose, completion, _milliseconds_since(started_at)), reservation)
    return completion


def _plan(assignment: Assignment, model: Model, request: CompletionRequest) -> PlannedCall:
    """All of what it may say is set aside: half a note is of no use."""
    count, most = counter_of(model.id), request.parameters.max_tokens or 0
    return PlannedCall(
        prompt_tokens=sum(count(message.text) + MESSAGE_TOKENS for message in request.messages),
        most_output=most,
        least_output=most,
        price=planned_price(model.price),
        assistant_id=assignment.assistant_id,
    )


async def _book_alone(actor: Actor, assignment: Assignment, call: CallRecord, reservation: Reservation) -> None:
    async with unit_of_work(actor) as uow:
        _book(uow, assignment, call, reservation)


def _book(uow: UnitOfWork, assignment: Assignment, call: CallRecord, reservation: Reservation) -> None:
    book_call(
        uow,
        replace(call, assistant_id=assignment.assistant_id),
        conversation_id=assignment.conversation_id,
        message_id=assignment.message_id,
        reservation_id=reservation.id,
    )


def _failed(purpose: CallPurpose, model: Model, error: ExpectedError, started_at: float) -> CallRecord:
    return CallRecord(purpose, model.id, "failed", _milliseconds_since(started_at), error_code=error.code)


def _stopped(purpose: CallPurpose, model: Model, plan: PlannedCall, started_at: float) -> CallRecord:
    """Of a call that was broken off nobody says what it took."""
    price = plan.price
    return CallRecord(
        purpose=purpose,
        model=model.id,
        provider=model.provider,
        status="stopped",
        total_ms=_milliseconds_since(started_at),
        prompt_tokens=plan.prompt_tokens,
        is_estimated=True,
        currency=price.currency if price else "USD",
        counted_nanos=price.nanos(plan.prompt_tokens, 0) if price else None,
    )


def _milliseconds_since(started_at: float) -> int:
    return round((monotonic() - started_at) * 1000)
