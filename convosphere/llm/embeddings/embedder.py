"""The model that makes vectors, whoever runs it: batches, prefixes, unit length."""

import asyncio
import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Protocol, cast
from uuid import UUID

from convosphere.core.errors import ConfigurationError
from convosphere.core.permissions import Actor
from convosphere.llm.accounts import Accounts
from convosphere.llm.configuration import read_embedding_name
from convosphere.llm.embeddings.onnx import OnnxProvider, load_onnx_model
from convosphere.llm.errors import EmbeddingsUnavailableError, ProviderStreamBrokenError
from convosphere.llm.prices import cost_nanos, find_facts
from convosphere.llm.routing import Account, Route, Router
from convosphere.llm.schemas import LOCAL, EmbeddingKind, EmbeddingModel, EmbeddingProvider, Usage
from convosphere.llm.tokens import estimate_tokens

BATCH = 64
ONNX_PREFIX = "onnx:"
OFFERED_PREFIX = "offered:"
"""Before the id of a workspace's own model, as a source."""
# What these families of models were trained to see before a text; from their model cards.
_PREFIXES: tuple[tuple[str, dict[EmbeddingKind, str]], ...] = (
    ("e5", {"query": "query: ", "passage": "passage: "}),
    ("nomic-embed", {"query": "search_query: ", "passage": "search_document: "}),
)


class Vectors(list[list[float]]):
    """Vectors in the order of their texts, with what making them has used; a local model uses nothing of anybody's."""

    def __init__(
        self, vectors: Iterable[list[float]], model: EmbeddingModel, usage: Usage | None = None, total_ms: int = 0
    ) -> None:
        super().__init__(vectors)
        self.model, self.usage, self.total_ms = model, usage, total_ms


class EmbeddingOffers(Protocol):
    """What workspaces have; `llm.choosing.ChosenForVectors` is one."""

    async def chosen(self, actor: Actor) -> str:
        """The id of the model that the actor's workspace chose for vectors; empty where the settings decide."""
        ...

    async def find(self, actor: Actor, model_id: str) -> Route | None:
        """The way to a model of theirs that makes vectors; None if it is gone or switched off."""
        ...


class Embedder:
    """One embedding model; its dimension is known after the first vector. `account` is whose limits hold for it."""

    def __init__(
        self, model: EmbeddingModel, provider: EmbeddingProvider, name: str, account: Account | None = None
    ) -> None:
        self.model = model
        self.provider = provider
        self._name = name
        self._account = account
        self._prefixes = prefixes_of(name)

    async def embed(
        self, texts: Sequence[str], kind: EmbeddingKind, router: Router, person: Hashable = None
    ) -> Vectors:
        """Vectors of unit length in the texts' order; who `person` is decides about turns only.

        Raises:
            ProviderError: the provider did not answer properly, after all retries.
        """
        prefix = self._prefixes.get(kind, "")
        vectors: list[list[float]] = []
        tokens: list[int | None] = []
        started_at = monotonic()
        for start in range(0, len(texts), BATCH):
            batch = [prefix + text for text in texts[start : start + BATCH]]
            ask = partial(self.provider.embed, self._name, batch)
            embedded = await router.retry(ask, self._account, person)
            vectors += [_unit(vector) for vector in embedded.vectors]
            tokens.append(embedded.prompt_tokens)
        self._note_dimension(vectors)
        return Vectors(vectors, self.model, self._usage(texts, tokens), round((monotonic() - started_at) * 1000))

    def _usage(self, texts: Sequence[str], tokens: Sequence[int | None]) -> Usage | None:
        if self.model.is_local:
            return None
        known = [count for count in tokens if count is not None]
        if len(known) < len(tokens):
            return Usage(sum(map(estimate_tokens, texts)), 0, estimated=True)
        price, usage = self.model.price, Usage(sum(known), 0)
        return replace(usage, cost_nanos=cost_nanos(price, usage), currency=price.currency if price else "USD")

    def _note_dimension(self, vectors: list[list[float]]) -> None:
        dimensions = {len(vector) for vector in vectors}
        if not dimensions:
            return
        if len(dimensions) > 1 or (self.model.dimension or dimensions.copy().pop()) not in dimensions:
            raise ProviderStreamBrokenError(self.model.id)
        self.model = replace(self.model, dimension=dimensions.pop())


class Embedders:
    """The embedding model of the settings and those of workspaces, and those that either named before.

    They are opened when they are asked for.
    """

    def __init__(self, accounts: Accounts, of_settings: Embedder | None, offers: EmbeddingOffers) -> None:
        self._accounts = accounts
        self._of_settings = of_settings
        self._offers = offers
        self._earlier: dict[str, Embedder] = {}
        self._offered: dict[tuple[UUID, str], Embedder] = {}
        self._opening = asyncio.Lock()

    async def current(self, actor: Actor, named: str | None = None) -> Embedder | None:
        """What makes the vectors of the actor's workspace: what it chose, else what the settings name.

        None if that is nothing, or is switched off: then nothing is sent to another one in its place. With `named` as
        if it had chosen that, "" being what the settings name.
        """
        chosen = await self._offers.chosen(actor) if named is None else named
        return await self._find_offered(actor, chosen) if chosen else self._of_settings

    async def get(self, actor: Actor, source: str) -> Embedder:
        """The embedder of a source, an empty one meaning the workspace's own.

        Raises:
            EmbeddingsUnavailableError: there is none, or it cannot be reached any more.
        """
        if not source:
            found = await self.current(actor)
        elif source.startswith(OFFERED_PREFIX):
            found = await self._find_offered(actor, source.removeprefix(OFFERED_PREFIX))
        else:
            found = await self._find_of_settings(source)
        if found is None:
            raise EmbeddingsUnavailableError
        return found

    async def _find_offered(self, actor: Actor, model_id: str) -> Embedder | None:
        route = await self._offers.find(actor, model_id)
        if route is None or actor.workspace_id is None:
            return None
        key, provider = (actor.workspace_id, model_id), cast("EmbeddingProvider", route.provider)
        known = self._offered.get(key)
        if known is None or known.provider is not provider:
            model = EmbeddingModel(model_id, route.model.provider, source=OFFERED_PREFIX + model_id)
            known = self._offered[key] = Embedder(model, provider, route.name, route.account)
        known.model = replace(known.model, price=route.model.price)
        return known

    async def _find_of_settings(self, source: str) -> Embedder | None:
        if self._of_settings and source == self._of_settings.model.source:
            return self._of_settings
        async with self._opening:
            if source not in self._earlier:
                try:
                    self._earlier[source] = await _open_embedder(self._accounts, source)
                except ConfigurationError:
                    return None
            return self._earlier[source]


class WorkspaceEmbedder:
    """What makes the vectors of an actor's workspace now."""

    def __init__(self, embedders: Embedders, current: Embedder, actor: Actor, router: Router) -> None:
        self._embedders = embedders
        self._current = current
        self._actor = actor
        self._router = router

    @property
    def embedding_model(self) -> EmbeddingModel:
        """Which model it is."""
        return self._current.model

    async def find_model(self, source: str) -> EmbeddingModel | None:
        """A model that was chosen before; None if it cannot be reached any more."""
        try:
            return (await self._embedders.get(self._actor, source)).model
        except EmbeddingsUnavailableError:
            return None

    async def embed(self, texts: Sequence[str], kind: EmbeddingKind = "passage", source: str = "") -> Vectors:
        """A vector of unit length for each text; some models make other vectors of questions than of passages.

        Args:
            texts: what to embed.
            kind: whether they are questions or passages.
            source: a model that was chosen before; without one it is the one that is chosen now.

        Raises:
            EmbeddingsUnavailableError: `source` cannot be reached any more.
            ProviderError: the provider did not answer properly, after all retries.
        """
        embedder = await self._embedders.get(self._actor, source) if source else self._current
        return await embedder.embed(texts, kind, self._router, self._actor.account_id)


async def open_embedder(accounts: Accounts) -> Embedder | None:
    """The embedder of the settings, none if they name no model.

    Raises:
        ConfigurationError: its provider is not set up, or the local model cannot be loaded.
    """
    setting = accounts.configuration.embedding_model
    return await _open_embedder(accounts, setting) if setting else None


async def _open_embedder(accounts: Accounts, source: str) -> Embedder:
    if source.startswith(ONNX_PREFIX):
        directory = Path(source.removeprefix(ONNX_PREFIX))
        local = await asyncio.to_thread(load_onnx_model, directory)
        model = EmbeddingModel(f"onnx:{directory.name}", LOCAL, local.dimension, source)
        return Embedder(model, OnnxProvider(local), directory.name)
    named = read_embedding_name(accounts.configuration, source)
    facts = find_facts(named.id)
    model = EmbeddingModel(named.id, named.provider, source=source, price=facts.price if facts else None)
    return Embedder(model, accounts.provider_of(named), named.name)


def prefixes_of(name: str) -> dict[EmbeddingKind, str]:
    """The prefixes that a model wants, by its name; none for most."""
    words = name.lower().replace("_", "-").replace("/", "-")
    return next((prefixes for part, prefixes in _PREFIXES if f"-{part}-" in f"-{words}-"), {})


def _unit(vector: list[float]) -> list[float]:
    length = math.sqrt(sum(value * value for value in vector))
    return [value / length for value in vector] if length else vector
