"""The model that makes vectors, whoever runs it: batches, prefixes, unit length."""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import monotonic

from convosphere.core.errors import ConfigurationError
from convosphere.llm.accounts import Accounts
from convosphere.llm.configuration import read_embedding_name
from convosphere.llm.embeddings.onnx import OnnxProvider, load_onnx_model
from convosphere.llm.errors import EmbeddingsUnavailableError, ProviderStreamBrokenError
from convosphere.llm.prices import cost_nanos, find_facts
from convosphere.llm.routing import Router
from convosphere.llm.schemas import EmbeddingKind, EmbeddingModel, EmbeddingProvider, Usage, Vectors
from convosphere.llm.tokens import estimate_tokens

BATCH = 64
ONNX_PREFIX = "onnx:"
# What these families of models were trained to see before a text; from their model cards.
_PREFIXES: tuple[tuple[str, dict[EmbeddingKind, str]], ...] = (
    ("e5", {"query": "query: ", "passage": "passage: "}),
    ("nomic-embed", {"query": "search_query: ", "passage": "search_document: "}),
)


class Embedder:
    """One embedding model; its dimension is known after the first vector."""

    def __init__(self, model: EmbeddingModel, provider: EmbeddingProvider, name: str) -> None:
        self.model = model
        self._provider = provider
        self._name = name
        self._prefixes = prefixes_of(name)

    async def embed(self, texts: Sequence[str], kind: EmbeddingKind, router: Router) -> Vectors:
        """Vectors of unit length in the texts' order.

        Raises:
            ProviderError: the provider did not answer properly, after all retries.
        """
        prefix = self._prefixes.get(kind, "")
        vectors: list[list[float]] = []
        tokens: list[int | None] = []
        started_at = monotonic()
        for start in range(0, len(texts), BATCH):
            batch = [prefix + text for text in texts[start : start + BATCH]]
            embedded = await router.retry(lambda batch=batch: self._provider.embed(self._name, batch))
            vectors += [_unit(vector) for vector in embedded.vectors]
            tokens.append(embedded.prompt_tokens)
        self._note_dimension(vectors)
        return Vectors(vectors, self.model, self._usage(texts, tokens), round((monotonic() - started_at) * 1000))

    def _usage(self, texts: Sequence[str], tokens: Sequence[int | None]) -> Usage | None:
        if self.model.provider == "onnx":
            return None
        known = [count for count in tokens if count is not None]
        if len(known) < len(tokens):
            return Usage(sum(map(estimate_tokens, texts)), 0, estimated=True)
        facts = find_facts(self.model.id)
        price = facts.price if facts else None
        usage = Usage(sum(known), 0)
        return replace(usage, cost_nanos=cost_nanos(price, usage), currency=price.currency if price else "USD")

    def _note_dimension(self, vectors: list[list[float]]) -> None:
        dimensions = {len(vector) for vector in vectors}
        if not dimensions:
            return
        if len(dimensions) > 1 or (self.model.dimension or dimensions.copy().pop()) not in dimensions:
            raise ProviderStreamBrokenError(self.model.id)
        self.model = replace(self.model, dimension=dimensions.pop())


class Embedders:
    """The embedding model of the settings, and those that they named before, opened when they are asked for."""

    def __init__(self, accounts: Accounts, current: Embedder | None) -> None:
        self._accounts = accounts
        self._earlier: dict[str, Embedder] = {}
        self._opening = asyncio.Lock()
        self.current = current

    async def get(self, source: str) -> Embedder:
        """The embedder of a source, an empty one meaning the settings' own.

        Raises:
            EmbeddingsUnavailableError: the settings name no model, or cannot reach this one any more.
        """
        if self.current is None:
            raise EmbeddingsUnavailableError
        if source in ("", self.current.model.source):
            return self.current
        async with self._opening:
            if source not in self._earlier:
                self._earlier[source] = await self._open(source)
            return self._earlier[source]

    async def _open(self, source: str) -> Embedder:
        try:
            return await _open_embedder(self._accounts, source)
        except ConfigurationError as error:
            raise EmbeddingsUnavailableError from error


async def open_embedders(accounts: Accounts) -> Embedders:
    """The embedder of the settings, none if they name no model.

    Raises:
        ConfigurationError: its provider is not set up, or the local model cannot be loaded.
    """
    setting = accounts.configuration.embedding_model
    return Embedders(accounts, await _open_embedder(accounts, setting) if setting else None)


async def _open_embedder(accounts: Accounts, source: str) -> Embedder:
    if source.startswith(ONNX_PREFIX):
        directory = Path(source.removeprefix(ONNX_PREFIX))
        local = await asyncio.to_thread(load_onnx_model, directory)
        model = EmbeddingModel(f"onnx:{directory.name}", "onnx", local.dimension, source)
        return Embedder(model, OnnxProvider(local), directory.name)
    named = read_embedding_name(accounts.configuration, source)
    model = EmbeddingModel(named.id, named.provider, source=source)
    return Embedder(model, accounts.provider_of(named), named.name)


def prefixes_of(name: str) -> dict[EmbeddingKind, str]:
    """The prefixes that a model wants, by its name; none for most."""
    words = name.lower().replace("_", "-").replace("/", "-")
    return next((prefixes for part, prefixes in _PREFIXES if f"-{part}-" in f"-{words}-"), {})


def _unit(vector: list[float]) -> list[float]:
    length = math.sqrt(sum(value * value for value in vector))
    return [value / length for value in vector] if length else vector
