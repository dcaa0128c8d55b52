"""Ways to models, and which of them may stand in for another."""

from collections.abc import Sequence
from dataclasses import dataclass

from convosphere.llm.errors import ContextTooLongError, ProviderError
from convosphere.llm.routing.queues import NO_LIMITS, Limits
from convosphere.llm.schemas import ChatProvider, Model

MOST_FALLBACKS = 2


@dataclass(frozen=True)
class Account:
    """Who runs models for us: `key` tells one account from another, `name` is for people."""

    key: str
    name: str
    limits: Limits = NO_LIMITS


@dataclass(frozen=True)
class Route:
    """How a model is reached: `name` is what its provider calls it.

    `named` says that the settings name it, rather than a provider's list. Without an `account` the provider's name
    stands for one.
    """

    model: Model
    provider: ChatProvider
    name: str
    named: bool = False
    account: Account | None = None

    @property
    def runs_on(self) -> Account:
        """Whose limits and whose health it shares with other models."""
        return self.account or Account(self.model.provider, self.model.provider)

    def may_replace(self, other: "Route") -> bool:
        """Whether this model may answer in place of another without being asked for."""
        if self.model.is_reader or self.model.id == other.model.id:
            return False
        if self.named:
            return True
        return self.provider is other.provider and not _is_dearer(self, other)


def chain_of(first: Route, routes: Sequence[Route]) -> list[Route]:
    """The model that is wanted, and those that may answer in its place.

    They come after it in the list. Of lists that nobody chose from by name, only models of the same provider, who
    gets to read the conversation anyway, and none of them dearer. The Reader takes nobody's place.
    """
    if first.model.is_reader:
        return [first]
    place = routes.index(first)
    others = [route for route in (*routes[place + 1 :], *routes[:place]) if route.may_replace(first)]
    return [first, *others[:MOST_FALLBACKS]]


def fallbacks_after(error: ProviderError, route: Route, left: Sequence[Route]) -> list[Route]:
    """Those of the others for whom it makes sense to try after a model failed like this."""
    if not error.elsewhere:
        return []
    if error.whole_provider:
        return [other for other in left if other.runs_on.key != route.runs_on.key]
    if isinstance(error, ContextTooLongError):
        return [other for other in left if _reads_more(other.model, route.model)]
    return list(left)


def _reads_more(model: Model, other: Model) -> bool:
    return bool(model.context_tokens and other.context_tokens and model.context_tokens > other.context_tokens)


def _is_dearer(route: Route, other: Route) -> bool:
    mine, its = route.model.price, other.model.price
    return bool(mine and its and mine.output_nanos > its.output_nanos)
