"""A model that knows some ideas, for tests of search by meaning."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from sqlmodel import select

from convosphere.core.permissions import Actor, system_actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.knowledge.search.filling import embed_passages
from convosphere.knowledge.search.models import VectorSet
from convosphere.llm.errors import EmbeddingsUnavailableError, ProviderStreamBrokenError
from convosphere.llm.schemas import EmbeddingKind, EmbeddingModel

IDEAS = (("urlaub", "ferien", "holiday"), ("auto", "fahrzeug", "car"), ("geld", "lohn", "salary"))


@dataclass
class Ideas:
    """Knows which words mean the same. Breaks when it was given `breaks_after` passages.

    `texts` are the passages that it was given, `sources` the models that they were for. Of the `earlier` models it
    still has those; each turns the ideas into other directions.
    """

    embedding_model: EmbeddingModel = field(default_factory=lambda: EmbeddingModel("ideas", "test", 4, "ideas"))
    earlier: tuple[str, ...] = ()
    breaks_after: int = 1_000
    texts: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def embedder(self, actor: Actor, *, anew: bool = False, named: str | None = None) -> Self:  # noqa: ARG002
        return self

    async def makes_vectors(self, uow: UnitOfWork) -> bool:  # noqa: ARG002
        return True

    async def find_model(self, source: str) -> EmbeddingModel:  # noqa: ARG002
        return self.embedding_model

    async def embed(self, texts: Sequence[str], kind: EmbeddingKind = "passage", source: str = "") -> list[list[float]]:
        model = source or self.embedding_model.source
        if model not in (self.embedding_model.source, *self.earlier):
            raise EmbeddingsUnavailableError
        if len(self.texts) >= self.breaks_after:
            raise ProviderStreamBrokenError(model)
        if kind == "passage":
            self.texts += texts
            self.sources += [model] * len(texts)
        else:
            self.asked.append(model)
        return [turned(vector_of(body.lower()), model) for body in texts]


def vector_of(body: str) -> list[float]:
    """One direction for each idea, and one for all else."""
    said = re.findall(r"\w+", body)
    vector = [float(sum(said.count(word) > 0 for word in words)) for words in IDEAS] + [0.2]
    return [value / math.hypot(*vector) for value in vector]


def turned(vector: list[float], model: str) -> list[float]:
    """Models do not understand one another's vectors."""
    by = len(model) % len(vector)
    return vector[by:] + vector[:by]


async def embed(actor: Actor) -> None:
    """Do the job."""
    assert actor.workspace_id is not None
    await embed_passages(system_actor(actor.workspace_id))


async def sets_of(actor: Actor) -> list[tuple[str, bool]]:
    """The workspace's vector sets, and which is searched."""
    async with unit_of_work(actor) as uow:
        rows = await uow.session.scalars(select(VectorSet).order_by(VectorSet.model))
        return [(row.model, row.is_current) for row in rows]
