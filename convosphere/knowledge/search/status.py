"""Says how a workspace is searched now."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, select
from sqlmodel import col

from convosphere.core.authorization import require
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.knowledge.search.embedding import current_embedder, is_reachable
from convosphere.knowledge.search.index import current_set
from convosphere.knowledge.search.models import PassageSet, PassageVector, VectorSet
from convosphere.knowledge.search.vectors import served_vector_set
from convosphere.llm.schemas import EmbeddingModel


class SearchWay(StrEnum):
    """By what passages are found."""

    WORDS = "words"
    MEANING = "meaning"
    """Words and meaning."""
    FILLING = "filling"
    """Words and meaning, but some passages have no vector yet."""
    FIRST = "first"
    """Words, until the first vectors are complete."""
    REPLACED = "replaced"
    """Words and meaning by old vectors, until those of another model are complete."""
    REPLACED_BY_WORDS = "replaced_by_words"
    """Words, until another model's vectors are complete, since the old model cannot be reached."""
    AWAY = "away"
    """Words, since the model does not answer questions."""
    USELESS = "useless"
    """Words, since the vectors tell nothing about these documents."""


@dataclass(frozen=True, slots=True)
class SearchStatus:
    """How a workspace is searched: `model` is the settings', `old` whose vectors serve until its own are complete.

    `done` of `total` passages have a vector of it.
    """

    way: SearchWay
    model: str = ""
    old: str = ""
    done: int = 0
    total: int = 0


async def read_search_status(actor: Actor) -> SearchStatus:
    """How a question of the actor is answered now, as far as this process knows.

    Raises:
        ForbiddenError: the actor may not read documents.
    """
    require(actor, Permission.DOCUMENT_READ)
    embedder = await current_embedder(actor)
    if embedder is None:
        return SearchStatus(SearchWay.WORDS)
    async with unit_of_work(actor) as uow:
        return await _status(uow, embedder.embedding_model)


async def _status(uow: UnitOfWork, model: EmbeddingModel) -> SearchStatus:
    passage_set = await current_set(uow)
    served = await served_vector_set(uow)
    made = await _set_of(uow, passage_set, model) if passage_set else None
    done = await _count_vectors(uow, made) if made else 0
    total = passage_set.passage_count if passage_set else 0
    old = served.model if served and (made is None or served.id != made.id) else ""
    return SearchStatus(
        _way(uow.actor, served, made, is_complete=done >= total), model.id, old, min(done, total), total
    )


def _way(actor: Actor, served: VectorSet | None, made: VectorSet | None, *, is_complete: bool) -> SearchWay:
    if served is None:
        return SearchWay.MEANING if is_complete and made is None else SearchWay.FIRST
    is_old = made is None or served.id != made.id
    if not is_reachable(actor, served.source):
        return SearchWay.REPLACED_BY_WORDS if is_old else SearchWay.AWAY
    if served.trust is None:
        return SearchWay.FIRST
    if served.trust == 0:
        return SearchWay.REPLACED_BY_WORDS if is_old else SearchWay.USELESS
    if is_old:
        return SearchWay.REPLACED
    return SearchWay.MEANING if is_complete else SearchWay.FILLING


async def _set_of(uow: UnitOfWork, passage_set: PassageSet, model: EmbeddingModel) -> VectorSet | None:
    """The newest of the model, whose dimension is not known before its first vector."""
    return await uow.session.scalar(
        select(VectorSet)
        .where(col(VectorSet.passage_set_id) == passage_set.id, col(VectorSet.model) == model.id)
        .order_by(col(VectorSet.created_at).desc())
        .limit(1)
    )


async def _count_vectors(uow: UnitOfWork, vector_set: VectorSet) -> int:
    counted = select(func.count()).select_from(PassageVector).where(col(PassageVector.vector_set_id) == vector_set.id)
    return await uow.session.scalar(counted) or 0
