"""The models that make vectors of passages and questions, if one is connected."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol
from uuid import UUID

import structlog

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.llm.errors import EmbeddingsUnavailableError, ProviderError
from convosphere.llm.schemas import EmbeddingKind, EmbeddingModel

EMBED_TASK = "knowledge.embed_passages"
QUESTION_SECONDS = 5.0
"""A question waits no longer for its vector, and goes by words."""

log = structlog.get_logger()


class Embedder(Protocol):
    """A source of vectors of unit length; `llm.gateway.Gateway` is one. Its model is None if it has none."""

    @property
    def embedding_model(self) -> EmbeddingModel | None:
        """Which model it is."""
        ...

    async def embed(self, texts: Sequence[str], kind: EmbeddingKind = "passage", source: str = "") -> list[list[float]]:
        """A vector for each text, in order; `source` is a model that the settings named before."""
        ...


_embedders: list[Embedder] = []
_unreachable: set[str] = set()


@contextmanager
def embedding_with(embedder: Embedder) -> Iterator[None]:
    """Let this process search and index by meaning as well. Composition roots call it."""
    _embedders.append(embedder)
    try:
        yield
    finally:
        _embedders.remove(embedder)
        _unreachable.clear()


def current_embedder() -> Embedder | None:
    """The embedder of this process, None if no model is connected."""
    return _embedders[-1] if _embedders and _embedders[-1].embedding_model else None


async def enqueue_embedding(uow: UnitOfWork) -> None:
    """Have passages without a vector get one when the unit commits, if a model is connected."""
    if current_embedder():
        workspace_id = str(uow.workspace_id)
        await uow.enqueue(EMBED_TASK, {"workspace_id": workspace_id}, lock=f"embed:{workspace_id}")


def search_topic(workspace_id: UUID) -> str:
    """The topic of how a workspace is searched."""
    return f"search:{workspace_id}"


def is_reachable(source: str) -> bool:
    """Whether the last question that a model was to embed in this process got its vector."""
    return source not in _unreachable


async def embed_question(question: str, source: str, dimension: int) -> list[list[float]] | None:
    """A question's one vector by the model of the vectors that are searched; None if that cannot be had now.

    Words alone still find most, so a search does not fail with the provider.
    """
    embedder = current_embedder()
    if embedder is None:
        return None
    try:
        async with asyncio.timeout(QUESTION_SECONDS):
            vectors = await embedder.embed([question], "query", source)
    except (ProviderError, EmbeddingsUnavailableError, TimeoutError) as error:
        _note_unreachable(source, str(error) or type(error).__name__)
        return None
    if len(vectors[0]) != dimension:
        _note_unreachable(source, f"It makes vectors of {len(vectors[0])} dimensions now, and not of {dimension}.")
        return None
    _unreachable.discard(source)
    return vectors


def _note_unreachable(source: str, reason: str) -> None:
    log.warning("question_not_embedded", model=source, reason=reason[:300], search="by words")
    _unreachable.add(source)
