"""Providers and models as the browser gets them."""

from dataclasses import dataclass, field
from typing import Any

from convosphere.core.i18n import Message
from convosphere.llm.prices import NANOS
from convosphere.llm.routing.health import AccountHealth, Health
from convosphere.llm.schemas import Model
from convosphere.llm.service.providers import ProviderView, label_of
from convosphere.llm.tokens import short_count
from convosphere.llm.workspaces import Offer


@dataclass(frozen=True)
class ProviderItem:
    """A provider in the list; `problem` is why it cannot be called, or its last failure.

    `state` is how it does: unknown, working, failing, resting, probing, off or broken.
    """

    id: str = ""
    kind: str = ""
    label: str = ""
    name: str = ""
    slug: str = ""
    base_url: str = ""
    has_key: bool = False
    key_end: str = ""
    region: str = ""
    is_enabled: bool = True
    is_of_settings: bool = False
    parallel_limit: str = ""
    requests_per_minute: str = ""
    models: int = 0
    state: str = "unknown"
    problem: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ModelRow:
    """A model in the list; prices for a million tokens, a minute or a picture, below 0 if not known."""

    id: str = ""
    name: str = ""
    provider: str = ""
    kind: str = "chat"
    icon: str = ""
    is_enabled: bool = True
    is_restricted: bool = False
    is_of_settings: bool = False
    is_reader: bool = False
    context: str = ""
    capabilities: list[str] = field(default_factory=list)
    input_price: float = -1
    output_price: float = -1
    unit_price: float = -1
    currency: str = ""
    state: str = "unknown"
    problem: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ChoiceItem:
    """A model that can be chosen, and what for; for nothing while it is not offered."""

    id: str
    name: str
    purposes: list[str]


@dataclass(frozen=True)
class DefaultItem:
    """What a model is chosen for, and which one it is, if any; `absent` is its name while it is not offered."""

    purpose: str
    chosen: str
    absent: str = ""


def provider_item(view: ProviderView, models: int, health: AccountHealth | None) -> ProviderItem:
    """A provider with how it does."""
    own = health.health if health else None
    state = "broken" if view.problem else "off" if not view.is_enabled else own.state if own else "unknown"
    return ProviderItem(
        id=str(view.id or ""),
        kind=view.kind,
        label=view.label,
        name=view.name,
        slug=view.slug,
        base_url=view.base_url,
        has_key=view.has_key,
        key_end=view.key_end,
        region=view.region,
        is_enabled=view.is_enabled,
        is_of_settings=view.is_of_settings,
        parallel_limit=str(view.parallel_limit or ""),
        requests_per_minute=str(view.requests_per_minute or ""),
        models=models,
        state=state,
        problem=as_dict(view.problem or _failure(own)),
    )


def model_row(offer: Offer, health: Health | None) -> ModelRow:
    """A model with how it does."""
    model = offer.route.model
    return ModelRow(
        id=model.id,
        name=model.name,
        provider=model.provider if offer.route.account else label_of(model.provider),
        kind=offer.kind,
        icon=model.icon,
        is_enabled=offer.is_enabled,
        is_restricted=offer.is_restricted,
        is_of_settings=offer.route.account is None,
        is_reader=model.is_reader,
        context=short_count(model.context_tokens),
        capabilities=sorted(model.capabilities),
        **_prices(model),
        state=health.state if health else "unknown",
        problem=as_dict(_failure(health)),
    )


def _prices(model: Model) -> dict[str, Any]:
    price, unit_price = model.price, model.unit_price
    if unit_price is not None:
        return {"unit_price": unit_price.nanos / NANOS, "currency": unit_price.currency}
    if price is None:
        return {}
    return {
        "input_price": price.input_nanos / NANOS,
        "output_price": price.output_nanos / NANOS,
        "currency": price.currency,
    }


def as_dict(message: Message | None) -> dict[str, Any]:
    """A message as a var; empty for none."""
    return message.as_dict() if message else {}


def _failure(health: Health | None) -> Message | None:
    return health.last_error if health and health.state in {"failing", "resting", "probing"} else None
