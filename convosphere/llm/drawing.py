"""Pictures made after words, by a model that a workspace chose for that."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Protocol, runtime_checkable

from convosphere.llm.chosen import ChosenModel
from convosphere.llm.errors import ProviderRejectedError, ProviderUnreadableError
from convosphere.llm.prices import cost_nanos
from convosphere.llm.providers.collected import read_count
from convosphere.llm.schemas import CURRENCY, Usage

SIZE: Final = "1024x1024"
"""Pixels; the one size that all who make pictures know."""
WHOLE_PICTURE_SECONDS: Final = 180.0
"""Careful models take more than a minute for one."""
MOST_TOKENS: Final = 8_000
"""Of one picture, where they are counted: OpenAI documents 4,160 for a square one of the highest quality."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A file as the provider sent it, which nobody has looked into; `usage` where it counts tokens."""

    data: bytes = field(repr=False)
    usage: Usage | None = None


@runtime_checkable
class DrawingProvider(Protocol):
    """Somebody who makes pictures."""

    async def draw(self, name: str, label: str, wish: str) -> Drawing:
        """A square picture of what the words say; `label` is the model's name in errors.

        Raises:
            ProviderError: see `errors`.
        """
        ...


class Illustrator(ChosenModel):
    """The model that a workspace chose to make pictures."""

    async def draw(self, wish: str) -> Drawing:
        """A square picture of what the words say.

        Raises:
            ProviderError: the provider made none, after all retries.
        """
        provider = self._route.provider
        if not isinstance(provider, DrawingProvider):
            raise ProviderUnreadableError(self.model.name)
        ask = partial(provider.draw, self._route.name, self.model.name, wish)
        return await self._retry(ask)

    def cost_nanos(self, usage: Usage | None) -> int | None:
        """What a picture costs, in billionths of the `currency`; None if nobody knows."""
        if self.model.unit_price:
            return self.model.unit_price.nanos
        return cost_nanos(self.model.price, usage) if usage else None

    @property
    def currency(self) -> str:
        """In which it is paid."""
        price = self.model.unit_price or self.model.price
        return price.currency if price else CURRENCY


def takes_no_form(error: ProviderRejectedError) -> bool:
    """Whether a model refused to be told in which form to answer, as newer ones of OpenAI do, which know one only."""
    return "response_format" in error.reason


def read_drawing(answered: Mapping[str, Any], label: str) -> Drawing:
    """The first picture of an answer in OpenAI's form, in base64. An address of one is not followed: it could be any.

    Raises:
        ProviderUnreadableError: there is none; `label` names whom it came from.
    """
    try:
        data = base64.b64decode(answered["data"][0]["b64_json"], validate=True)
    except (binascii.Error, IndexError, KeyError, TypeError, ValueError):
        raise ProviderUnreadableError(label) from None
    return Drawing(data, _usage(answered.get("usage")))


def _usage(told: object) -> Usage | None:
    if not isinstance(told, dict):
        return None
    read, made = (read_count(told.get(name)) for name in ("input_tokens", "output_tokens"))
    return Usage(read, made) if read and made else None
