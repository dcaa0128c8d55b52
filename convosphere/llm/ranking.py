"""How well texts answer a question, by a model that a workspace chose for that."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol, cast, runtime_checkable

from convosphere.llm.chosen import ChosenModel
from convosphere.llm.errors import ProviderUnreadableError
from convosphere.llm.prices import cost_nanos
from convosphere.llm.schemas import Usage
from convosphere.llm.tokens import estimate_tokens


@dataclass(frozen=True, slots=True)
class Ranked:
    """How well each text answers, in the order of the texts, and the tokens that took, if the provider says so."""

    relevances: list[float]
    prompt_tokens: int | None = None


@runtime_checkable
class RankingProvider(Protocol):
    """Somebody who ranks texts."""

    async def rank(self, name: str, question: str, texts: Sequence[str]) -> Ranked:
        """How well each text answers a question.

        Raises:
            ProviderError: see `errors`.
        """
        ...


class Ranker(ChosenModel):
    """The model that somebody's workspace chose to rank with."""

    async def rank(self, question: str, texts: Sequence[str]) -> tuple[list[float], Usage]:
        """How well each text answers a question, and what knowing that has used.

        Raises:
            ProviderError: the provider did not answer properly, after all retries.
        """
        provider, price = self._route.provider, self.model.price
        if not isinstance(provider, RankingProvider):
            raise ProviderUnreadableError(self.model.name)
        ask = partial(provider.rank, self._route.name, question, texts)
        ranked = await self._retry(ask)
        if ranked.prompt_tokens is None:
            return ranked.relevances, Usage(sum(map(estimate_tokens, (question, *texts))), 0, estimated=True)
        usage = Usage(ranked.prompt_tokens, 0)
        return ranked.relevances, replace(
            usage, cost_nanos=cost_nanos(price, usage), currency=price.currency if price else "USD"
        )


def read_relevances(results: object, count: int, label: str) -> list[float]:
    """The relevances of so many texts, in their order, of results that name each by its `index`.

    Raises:
        ProviderUnreadableError: it is no such thing, or some are missing; `label` names whom it came from.
    """
    try:
        found = {int(each["index"]): float(each["relevance_score"]) for each in cast("Iterable[Any]", results)}
        return [found[index] for index in range(count)]
    except (KeyError, TypeError, ValueError):
        raise ProviderUnreadableError(label) from None
