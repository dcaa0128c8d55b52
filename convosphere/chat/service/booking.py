"""What questions cost: set aside before they are asked, booked when they are answered."""

from collections.abc import Mapping
from dataclasses import replace
from time import monotonic

from convosphere.answers.planning import limited_to, plan_answer, reserve_call
from convosphere.answers.schemas import Brief
from convosphere.chat.assignment import Assignment
from convosphere.chat.effort import Effort
from convosphere.chat.generation import Generation
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.llm.booking import planned_price, record_of
from convosphere.llm.choosing import Choices
from convosphere.llm.errors import ModelNotFoundError
from convosphere.llm.schemas import Completion, Model
from convosphere.llm.tokens import estimate_tokens
from convosphere.usage.errors import Alternative, BudgetUsedUpError
from convosphere.usage.schemas import CallRecord, PlannedCall, PlannedPrice
from convosphere.usage.service import budgets
from convosphere.usage.service.calls import book_call

MOST_ALTERNATIVES = 2
TITLE_PROMPT_TOKENS = 2_000
TITLE_TOKENS = 30


async def reserve_answer(uow: UnitOfWork, choices: Choices, assignment: Assignment, brief: Brief) -> Assignment:
    """Set aside what an answer may cost, and the title after it; of the Reader's, which cost nothing, nothing.

    Raises:
        BudgetUsedUpError: a budget has not enough left; it names models that may answer all the same.
    """
    try:
        model = choices.get_model(brief.model)
    except ModelNotFoundError:
        return assignment  # The answer will say so.
    if model.is_reader:
        return assignment
    call = replace(_plan(model, brief, has_title=assignment.is_first), assistant_id=assignment.assistant_id)
    try:
        reservation, no_dearer = await reserve_call(uow, choices, brief, call)
    except BudgetUsedUpError as error:
        raise error.offering(_alternatives(choices, call, error.left)) from None
    return replace(assignment, plan=call, reservation=reservation, no_dearer=no_dearer)


def limited(brief: Brief, assignment: Assignment) -> Brief:
    """The brief with an answer that is no longer and no dearer than what was set aside for it."""
    brief = replace(brief, no_dearer=assignment.no_dearer)
    return limited_to(brief, assignment.reservation.output_tokens if assignment.reservation else None)


def call_of(assignment: Assignment, generation: Generation, status: str) -> CallRecord:
    """What an answer has used, however it ended."""
    usage, plan = generation.usage, assignment.plan
    price = planned_price(generation.price) if generation.model else plan and plan.price
    prompt_tokens, output_tokens = _used(assignment, generation, status)
    is_known = usage is not None and not usage.estimated
    model = generation.model or assignment.model
    return CallRecord(
        purpose="answer",
        model=model,
        asked_model=generation.asked_model or (assignment.model if assignment.model not in {"", model} else ""),
        provider=generation.provider,
        status=status,
        error_code=generation.error_code,
        total_ms=_milliseconds(generation, monotonic()) or 0,
        first_token_ms=_milliseconds(generation, generation.first_piece_at),
        last_token_ms=_milliseconds(generation, generation.last_piece_at),
        prompt_tokens=prompt_tokens,
        cached_tokens=usage.cached_tokens if usage else None,
        completion_tokens=output_tokens,
        thinking_tokens=usage.thinking_tokens if usage else generation.thinking_tokens or None,
        is_estimated=not is_known and prompt_tokens is not None,
        cost_nanos=usage.cost_nanos if usage else None,
        currency=usage.currency if usage and usage.cost_nanos is not None else price.currency if price else "USD",
        counted_nanos=_counted_nanos(generation, price, prompt_tokens or 0, output_tokens or 0),
        assistant_id=assignment.assistant_id,
        assistant_version_id=assignment.assistant.version_id if assignment.assistant else None,
    )


def effort_of(call: CallRecord, assignment: Assignment) -> Effort:
    """The same as it is shown, with what the answer took before it was gone on with."""
    effort = Effort(
        ms=call.total_ms,
        first_ms=call.first_token_ms,
        prompt_tokens=call.prompt_tokens,
        output_tokens=call.completion_tokens,
        thinking_tokens=call.thinking_tokens,
        nanos=call.cost_nanos,
        currency=call.currency,
        is_estimated=call.is_estimated,
    )
    return assignment.effort_so_far.plus(effort) if assignment.effort_so_far else effort


def book_answer(uow: UnitOfWork, assignment: Assignment, call: CallRecord) -> None:
    """Book what an answer has used, and settle what was set aside for it."""
    book_call(
        uow,
        call,
        conversation_id=assignment.conversation_id,
        message_id=assignment.message_id,
        reservation_id=assignment.reservation.id if assignment.reservation else None,
    )
    if not (assignment.is_first and call.status == "done"):
        release_title(uow, assignment)


def book_title(uow: UnitOfWork, assignment: Assignment, completion: Completion, total_ms: int) -> None:
    """Book what a title has used."""
    call = replace(record_of("title", completion, total_ms), assistant_id=assignment.assistant_id)
    reservation = assignment.reservation.beside_id if assignment.reservation else None
    book_call(uow, call, conversation_id=assignment.conversation_id, reservation_id=reservation)


def book_no_title(uow: UnitOfWork, assignment: Assignment, error_code: str, total_ms: int) -> None:
    """Book that no model gave a title."""
    call = CallRecord(
        purpose="title", model=assignment.model, status="failed", total_ms=total_ms, error_code=error_code
    )
    reservation = assignment.reservation.beside_id if assignment.reservation else None
    book_call(uow, call, conversation_id=assignment.conversation_id, reservation_id=reservation)


def release_title(uow: UnitOfWork, assignment: Assignment) -> None:
    """Give back what was set aside for a title that nobody writes."""
    if assignment.reservation and assignment.reservation.beside_id:
        budgets.release(uow, assignment.reservation.beside_id)


def _plan(model: Model, brief: Brief, *, has_title: bool) -> PlannedCall:
    return replace(
        plan_answer(model, brief),
        beside_prompt=TITLE_PROMPT_TOKENS if has_title else 0,
        beside_output=TITLE_TOKENS if has_title else 0,
    )


def _alternatives(choices: Choices, refused: PlannedCall, left: Mapping[str, int]) -> list[Alternative]:
    """Cheaper models first, then those of which nobody knows the price, at last the Reader."""
    others = [(replace(refused, price=planned_price(model.price)), model) for model in choices.models]
    asked = refused.least_nanos
    fitting = [
        (call.least_nanos is None, call.least_nanos or 0, model)
        for call, model in others
        if not model.is_reader
        and call.fits(left)
        and (call.least_nanos is None or asked is None or call.least_nanos < asked)
        and call.price != refused.price
    ]
    fitting.sort(key=lambda one: one[:2])
    offered = [Alternative(model.id, model.name) for _, _, model in fitting[:MOST_ALTERNATIVES]]
    return offered + [Alternative(model.id, model.name, is_reader=True) for _, model in others if model.is_reader]


def _used(assignment: Assignment, generation: Generation, status: str) -> tuple[int | None, int | None]:
    """Tokens of prompt and answer; an estimate where the provider gave none, though it has begun."""
    if generation.usage:
        return generation.usage.prompt_tokens, generation.usage.completion_tokens
    written = generation.text.removeprefix(assignment.text_so_far)
    output = estimate_tokens(written) + generation.thinking_tokens
    if assignment.plan is None or not (output or (status != "failed" and generation.model)):
        return None, None
    return _prompt_tokens(generation, assignment.plan), output


def _prompt_tokens(generation: Generation, plan: PlannedCall) -> int:
    if generation.prompt is None:
        return plan.prompt_tokens
    use = generation.prompt.use
    return use.instructions + use.passages + use.history + use.question


def _counted_nanos(generation: Generation, price: PlannedPrice | None, prompt: int, output: int) -> int | None:
    if generation.usage and generation.usage.cost_nanos is not None:
        return generation.usage.cost_nanos
    return price.nanos(prompt, output) if price else None


def _milliseconds(generation: Generation, moment: float | None) -> int | None:
    return None if moment is None else round((moment - generation.started_at) * 1000)
