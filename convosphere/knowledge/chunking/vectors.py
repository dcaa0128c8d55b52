"""What may make the vectors of new passages, and what that would cost."""

from dataclasses import dataclass, field
from typing import Final

from convosphere.core.authorization import require
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.chunking import queries
from convosphere.knowledge.chunking.schemas import SetAmount, as_settings
from convosphere.knowledge.parsing.schemas import CHARACTERS_OF_TOKEN, DEFAULT_CHUNKING, Chunking
from convosphere.knowledge.search.booking import TEXT_TOKENS
from convosphere.knowledge.search.index import current_set
from convosphere.llm.schemas import Price
from convosphere.llm.service.defaults import VectorChoices, list_vector_choices

MILLION: Final = 1_000_000


@dataclass(frozen=True)
class VectorModel:
    """What one may choose: `id` is empty for what the settings name, whose `model` is empty if they name nothing.

    Without a `price` nobody knows what it costs, unless it runs here.
    """

    id: str = ""
    model: str = ""
    name: str = ""
    price: Price | None = None
    is_local: bool = False


@dataclass(frozen=True)
class VectorState:
    """What may make vectors, what does now, by its id, and how much there is to make vectors of, as it is cut now."""

    chosen: str = ""
    models: tuple[VectorModel, ...] = ()
    amount: SetAmount = field(default_factory=lambda: SetAmount(0, 0))
    chunking: Chunking = DEFAULT_CHUNKING


@dataclass(frozen=True)
class Estimate:
    """About how many tokens a model reads to make all vectors, and the cost in billionths; None if nobody knows it."""

    tokens: int
    nanos: int | None
    currency: str


async def get_vector_state(actor: Actor) -> VectorState:
    """The models that one may choose, none for who does not decide on models, and how much they would read."""
    require(actor, Permission.KNOWLEDGE_MANAGE)
    choices = await list_vector_choices(actor)
    async with unit_of_work(actor) as uow:
        current = await current_set(uow)
        amount = await queries.measure_set(uow, current.id) if current else SetAmount(0, 0)
    chunking = as_settings(current.settings).general if current else DEFAULT_CHUNKING
    models = _models(choices) if actor.may(Permission.MODEL_MANAGE) else ()
    return VectorState(choices.chosen, models, amount, chunking)


def estimate(state: VectorState, model_id: str, then: Chunking) -> Estimate | None:
    """What a model would do and cost if texts were cut in some way then; None if it is no model, or is gone."""
    model = next((model for model in state.models if model.id == model_id and model.model), None)
    if model is None:
        return None
    tokens = _count_tokens(state.amount, state.chunking, then)
    if model.is_local:
        return Estimate(tokens, 0, "")
    price = model.price
    return Estimate(tokens, price.input_nanos * tokens // MILLION if price else None, price.currency if price else "")


def _count_tokens(amount: SetAmount, now: Chunking, then: Chunking) -> int:
    """Passages are as much longer than their text as they share, and fewer if they are larger. Two digits are known."""
    characters = amount.characters * (1 + then.overlap / then.size) / (1 + now.overlap / now.size)
    tokens = characters / CHARACTERS_OF_TOKEN + amount.passages * now.size / then.size * TEXT_TOKENS
    return round(float(f"{tokens:.2g}"))


def _models(choices: VectorChoices) -> tuple[VectorModel, ...]:
    given = choices.of_settings
    first = VectorModel("", given.id, given.id, given.price, given.is_local) if given else VectorModel()
    return first, *(VectorModel(model.id, model.id, model.name, model.price) for model in choices.models)
