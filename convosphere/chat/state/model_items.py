"""Models as the browser gets them to choose from."""

from dataclasses import dataclass, field

from convosphere.assistants.service.settings import known_settings
from convosphere.llm.prices import NANOS
from convosphere.llm.service.picking import Pick
from convosphere.llm.tokens import short_count


@dataclass(frozen=True)
class ModelItem:
    """A model in the picker; prices for a million tokens, below 0 if nobody knows them.

    `sees`: whether it is shown images. `context` is how much it reads, as `128k`, empty if unknown. `state` is how it
    does, see `llm.routing.health.State`. `settings` are the names of those that it knows.
    """

    id: str
    name: str
    provider: str
    is_reader: bool
    sees: bool = False
    abilities: list[str] = field(default_factory=list)
    context: str = ""
    input_price: float = -1
    output_price: float = -1
    currency: str = ""
    icon: str = ""
    state: str = "unknown"
    settings: list[str] = field(default_factory=list)


def model_item(pick: Pick) -> ModelItem:
    """A model that can be chosen."""
    model, price = pick.model, pick.model.price
    return ModelItem(
        id=model.id,
        name=model.name,
        provider=pick.provider,
        is_reader=model.is_reader,
        sees="vision" in model.capabilities,
        abilities=sorted(model.capabilities),
        context=short_count(model.context_tokens),
        input_price=price.input_nanos / NANOS if price else -1,
        output_price=price.output_nanos / NANOS if price else -1,
        currency=price.currency if price else "",
        icon=model.icon,
        state=pick.state,
        settings=sorted(known_settings(model)),
    )
