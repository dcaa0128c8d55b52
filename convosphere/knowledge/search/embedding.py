"""The models that make vectors of passages and questions, if one is connected."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol
from uuid import UUID

import structlog

from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.llm.errors import EmbeddingsUnavailableError, ProviderError
from convosphere.llm.schemas import EmbeddingKind, EmbeddingModel

EMBED_TASK = "knowledge.embed_passages"
QUESTION_SECONDS = 5.0
"""A question waits no longer for its vector, and goes by words."""

log = structlog.get_logger()


class Embedder(Protocol):
    """What makes the vectors of one workspace, of unit length."""

    @property
    def embedding_model(self) -> EmbeddingModel:
        """Which model it is."""
        ...

    async def find_model(self, source: str) -> EmbeddingModel | None:
        """A model that was chosen before; None if it cannot be reached any more."""
        ...

    async def embed(self, texts: Sequence[str], kind: EmbeddingKind = "passage", source: str = "") -> list[list[float]]:
        """A vector for each text, in order; `source` is a model that was chosen before."""
        ...


class Embedders(Protocol):
    """What makes vectors in this process; `llm.gateway.Gateway` is one."""

    async def embedder(self, actor: Actor, *, anew: bool = False, named: str | None = None) -> Embedder | None:
        """What makes those of the actor's workspace, or those of another choice, `named`; None if nothing does.

        `anew` relies on nothing remembered.
        """
        ...

    async def makes_vectors(self, uow: UnitOfWork) -> bool:
        """Whether anything does, asked through a unit of the workspace."""
        ...


_embedders: list[Embedders] = []
_unreachable: set[tuple[UUID | None, str]] = set()


@contextmanager
def embedding_with(embedders: Embedders) -> Iterator[None]:
    """Let this process search and index by meaning as well. Composition roots call it."""
    _embedders.append(embedders)
    try:
        yield
    finally:
        _embedders.remove(embedders)
        _unreachable.clear()


async def current_embedder(actor: Actor, *, anew: bool = False, named: str | None = None) -> Embedder | None:
    """What makes the vectors of the actor's workspace, None if no model is connected; see `Embedders`."""
    return await _embedders[-1].embedder(actor, anew=anew, named=named) if _embedders else None


async def enqueue_embedding(uow: UnitOfWork) -> None:
    """Have passages without a vector get one when the unit commits, if a model is connected."""
    if await makes_vectors(uow):
        workspace_id = str(uow.workspace_id)
        await uow.enqueue(EMBED_TASK, {"workspace_id": workspace_id}, lock=f"embed:{workspace_id}")


async def makes_vectors(uow: UnitOfWork) -> bool:
    """Whether a model that makes vectors is connected."""
    return bool(_embedders) and await _embedders[-1].makes_vectors(uow)


def search_topic(workspace_id: UUID) -> str:
    """The topic of how a workspace is searched."""
    return f"search:{workspace_id}"


def is_reachable(actor: Actor, source: str) -> bool:
    """Whether the last question that a model was to embed for a workspace in this process got its vector."""
    return (actor.workspace_id, source) not in _unreachable


async def embed_question(
    actor: Actor, embedder: Embedder, question: str, source: str, dimension: int
) -> list[list[float]] | None:
    """A question's one vector by the model of the vectors that are searched; None if that cannot be had now.

    Words alone still find most, so a search does not fail with the provider.
    """
    try:
        async with asyncio.timeout(QUESTION_SECONDS):
            vectors = await embedder.embed([question], "query", source)
    except (ProviderError, EmbeddingsUnavailableError, TimeoutError) as error:
        _note_unreachable(actor, source, str(error) or type(error).__name__)
        return None
    if len(vectors[0]) != dimension:
        reason = f"It makes vectors of {len(vectors[0])} dimensions now, and not of {dimension}."
        _note_unreachable(actor, source, reason)
        return None
    _unreachable.discard((actor.workspace_id, source))
    return vectors


def _note_unreachable(actor: Actor, source: str, reason: str) -> None:
    log.warning("question_not_embedded", model=source, reason=reason[:300], search="by words")
    _unreachable.add((actor.workspace_id, source))
