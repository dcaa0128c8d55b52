"""What an answer may take, estimated before it is asked for."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from convosphere.answers.context import room_for, system_text
from convosphere.answers.schemas import Brief
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.llm.booking import planned_price
from convosphere.llm.choosing import Choices
from convosphere.llm.schemas import Model
from convosphere.llm.tokenizers import counter_of
from convosphere.usage.errors import BudgetUsedUpError
from convosphere.usage.schemas import PlannedCall, PlannedPrice, Reservation
from convosphere.usage.service import budgets

PASSAGE_TOKENS = 500
"""What a passage with its number and name takes at most."""


def plan_answer(model: Model, brief: Brief) -> PlannedCall:
    """The call that an answer of a model will be, on the safe side."""
    room = room_for(model, brief)
    said = [*(message.text for message in brief.history), brief.question, brief.text_so_far, brief.summary]
    passages = brief.knowledge.most_passages * PASSAGE_TOKENS if brief.has_passages else 0
    count = counter_of(model.id)  # It remembers what it has counted, which the prompt will be made of.
    prompt = count(system_text(brief)) + sum(map(count, said)) + passages + brief.attached_tokens
    return PlannedCall(
        prompt_tokens=min(room.prompt, prompt),
        most_output=room.answer,
        price=planned_price(model.price),
    )


async def reserve_call(uow: UnitOfWork, choices: Choices, brief: Brief, call: PlannedCall) -> tuple[Reservation, bool]:
    """Set aside what a call may use, by whichever model may answer it; and whether no dearer one than its own may.

    That is so where the budgets have room for its own model, but not for the dearest that may step in.

    Raises:
        BudgetUsedUpError: a budget has not enough left for its own model.
    """
    first = choices.route_for(brief.model, "chat")
    chain = [route.model for route in choices.chain(first, brief.fallback)]
    dearer = [model for model in chain[1:] if model.may_cost_more_than(first.model)]
    if not dearer:
        return await budgets.reserve(uow, call), False
    if price := _covering(chain):
        with suppress(BudgetUsedUpError):
            return await budgets.reserve(uow, replace(call, price=price, least_output=call.most_output)), False
    return await budgets.reserve(uow, call), True


def limited_to(brief: Brief, most: int | None) -> Brief:
    """The brief with an answer of at most so many tokens, None being no limit."""
    if most is None:
        return brief
    wanted = brief.parameters.max_tokens or most
    return replace(brief, parameters=replace(brief.parameters, max_tokens=min(wanted, most)))


def _covering(models: Sequence[Model]) -> PlannedPrice | None:
    """A price that those of none of the models exceed; None where they are in several currencies."""
    known = [price for model in models if (price := planned_price(model.price))]
    if len({price.currency for price in known}) != 1:
        return None
    most_input, most_output = (max(price.input_nanos for price in known), max(price.output_nanos for price in known))
    return PlannedPrice(most_input, most_output, known[0].currency)
