"""The passages that answer best first, where a workspace chose a model that says which those are."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from time import monotonic

import structlog

from convosphere.core.errors import ExpectedError
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.search.schemas import FoundPassage
from convosphere.llm.booking import planned_price
from convosphere.llm.ranking import Ranker
from convosphere.llm.schemas import Model
from convosphere.llm.tokens import estimate_tokens
from convosphere.usage.schemas import CallRecord, PlannedCall, Reservation
from convosphere.usage.service import budgets
from convosphere.usage.service.calls import book_call

log = structlog.get_logger()

MOST_RANKED = 30
"""Passages that are looked at; a model reads each together with the question."""
SECONDS = 4.0
"""An answer waits no longer; passages then stay in the order in which search found them."""


async def best_first(actor: Actor, ranker: Ranker, question: str, found: Sequence[FoundPassage]) -> list[FoundPassage]:
    """Passages in the order of how well they answer; as they were if that cannot be known, in time, within budgets."""
    if len(found) < 2:
        return list(found)
    texts = [passage.text for passage in found]
    try:
        relevances = await _rank(actor, ranker, question, texts)
    except (ExpectedError, TimeoutError) as error:
        log.info("passages_not_ranked", model=ranker.model.id, reason=str(error) or type(error).__name__)
        return list(found)
    order = sorted(range(len(found)), key=lambda index: -relevances[index])
    return [found[index] for index in order]


async def _rank(actor: Actor, ranker: Ranker, question: str, texts: Sequence[str]) -> list[float]:
    """How well each text answers, within budgets and booked however it ends."""
    began = monotonic()
    plan = PlannedCall(
        prompt_tokens=estimate_tokens(question) * len(texts) + sum(map(estimate_tokens, texts)),
        most_output=0,
        least_output=0,
        price=planned_price(ranker.model.price),
    )
    async with unit_of_work(actor) as uow:
        reservation = await budgets.reserve(uow, plan)
    try:
        async with asyncio.timeout(SECONDS):
            relevances, usage = await ranker.rank(question, texts)
    except BaseException as error:
        await _book(actor, reservation, _broken_off(ranker.model, plan, began, error))
        raise
    call = CallRecord(
        "rerank", ranker.model.id, "done", _since(began), provider=ranker.model.provider,
        prompt_tokens=usage.prompt_tokens, completion_tokens=0, is_estimated=usage.estimated,
        cost_nanos=usage.cost_nanos, counted_nanos=plan.least_nanos if usage.cost_nanos is None else None,
        currency=usage.currency,
    )  # fmt: skip
    await _book(actor, reservation, call)
    return relevances


def _broken_off(model: Model, plan: PlannedCall, began: float, error: BaseException) -> CallRecord:
    """What is booked of a call without an end: of one that its provider did not refuse, what it was to take."""
    call = CallRecord("rerank", model.id, "failed", _since(began), provider=model.provider)
    if isinstance(error, ExpectedError):
        return replace(call, error_code=error.code)
    return replace(
        call, status="failed" if isinstance(error, TimeoutError) else "stopped", prompt_tokens=plan.prompt_tokens,
        completion_tokens=0, is_estimated=True, counted_nanos=plan.least_nanos,
        error_code="provider_timeout" if isinstance(error, TimeoutError) else "",
        currency=plan.price.currency if plan.price else call.currency,
    )  # fmt: skip


async def _book(actor: Actor, reservation: Reservation, call: CallRecord) -> None:
    async with unit_of_work(actor) as uow:
        book_call(uow, call, reservation_id=reservation.id)


def _since(began: float) -> int:
    return round((monotonic() - began) * 1000)
