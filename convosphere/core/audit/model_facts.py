"""Facts of what is done with models, and with what they cost."""

from typing import TypedDict
from uuid import UUID


class ProviderFacts(TypedDict, total=False):
    """How a provider of models is reached; of its key only whether there is another one."""

    kind: str
    name: str
    address: str
    is_enabled: bool
    has_new_credential: bool


class ModelFacts(TypedDict, total=False):
    """A model by its public id, and what is decided of it."""

    model: str
    name: str
    is_enabled: bool
    is_restricted: bool
    capabilities: str
    fallbacks: str


class PriceFacts(TypedDict, total=False):
    """What a model costs for a million tokens, a minute or a picture, and where that was taken from."""

    price_source: str
    input_price: str
    output_price: str
    cached_price: str
    minute_price: str
    picture_price: str
    currency: str
    since: str


class PurposeFacts(TypedDict, total=False):
    """Which model does something."""

    purpose: str
    model: str


class BudgetFacts(TypedDict, total=False):
    """How much may be used, by whom and in which time; amounts in words such as `12.50 USD`."""

    name: str
    amount: str
    period: str
    shared_with: str
    subject: UUID | None
    is_per_person: bool
    is_hard: bool
    warn_at: str


class UsageExportFacts(TypedDict, total=False):
    """Which days were taken out."""

    since: str
    until: str
