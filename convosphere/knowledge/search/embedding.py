"""The model that makes vectors of passages and questions, if one is connected."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import structlog

from convosphere.llm.errors import ProviderError
from convosphere.llm.schemas import EmbeddingKind, EmbeddingModel

log = structlog.get_logger()


class Embedder(Protocol):
    """A source of vectors of unit length; `llm.gateway.Gateway` is one. Its model is None if it has none."""

    @property
    def embedding_model(self) -> EmbeddingModel | None:
        """Which model it is."""
        ...

    async def embed(self, texts: Sequence[str], kind: EmbeddingKind = "passage") -> list[list[float]]:
        """A vector for each text, in order."""
        ...


@dataclass(frozen=True, slots=True)
class QuestionVector:
    """A question as a model sees it."""

    model: str
    values: list[float]


_embedders: list[Embedder] = []


@contextmanager
def embedding_with(embedder: Embedder) -> Iterator[None]:
    """Let this process search and index by meaning as well. Composition roots call it."""
    _embedders.append(embedder)
    try:
        yield
    finally:
        _embedders.remove(embedder)


def current_embedder() -> Embedder | None:
    """The embedder of this process, None if no model is connected."""
    return _embedders[-1] if _embedders and _embedders[-1].embedding_model else None


async def embed_question(question: str) -> QuestionVector | None:
    """A question's vector; None without a model, or while its provider does not answer.

    Words alone still find most, so a search does not fail with the provider.
    """
    embedder = current_embedder()
    if embedder is None or embedder.embedding_model is None or not question.strip():
        return None
    try:
        (vector,) = await embedder.embed([question], "query")
    except ProviderError as error:
        log.warning("question_not_embedded", model=embedder.embedding_model.id, reason=str(error)[:300])
        return None
    return QuestionVector(embedder.embedding_model.id, vector)
