"""What an answer may take, estimated before it is asked for."""

from dataclasses import replace

from convosphere.answers.context import room_for, system_text
from convosphere.answers.schemas import Brief
from convosphere.llm.schemas import Model, Price
from convosphere.llm.tokenizers import counter_of
from convosphere.usage.schemas import PlannedCall, PlannedPrice

PASSAGE_TOKENS = 500
"""What a passage with its number and name takes at most."""


def plan_answer(model: Model, brief: Brief) -> PlannedCall:
    """The call that an answer of a model will be, on the safe side."""
    room = room_for(model, brief)
    said = [*(message.text for message in brief.history), brief.question, brief.text_so_far, brief.summary]
    passages = 0 if brief.knowledge.is_empty else brief.knowledge.most_passages * PASSAGE_TOKENS
    count = counter_of(model.id)  # It remembers what it has counted, which the prompt will be made of.
    prompt = count(system_text(brief)) + sum(map(count, said)) + passages
    return PlannedCall(
        prompt_tokens=min(room.prompt, prompt),
        most_output=room.answer,
        price=planned_price(model.price),
    )


def limited_to(brief: Brief, most: int | None) -> Brief:
    """The brief with an answer of at most so many tokens, None being no limit."""
    if most is None:
        return brief
    wanted = brief.parameters.max_tokens or most
    return replace(brief, parameters=replace(brief.parameters, max_tokens=min(wanted, most)))


def planned_price(price: Price | None) -> PlannedPrice | None:
    """The price as budgets take it."""
    return PlannedPrice(price.input_nanos, price.output_nanos, price.currency) if price else None
