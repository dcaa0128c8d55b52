"""Makes the vectors of passages in the background, and replaces them as a whole when the model changes.

A set in the making fills beside the one that is searched. That one goes on to get the vectors of new documents, by its
own model, until the new one has all; then the pointer moves, and the old set is dropped. A run that is cut off leaves
its batches, and the next goes on from there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy import delete, func, select, tuple_, update
from sqlmodel import col

from convosphere.core.errors import UnavailableError
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.knowledge.search.booking import book_vectors, set_aside
from convosphere.knowledge.search.calibration import is_due, measure
from convosphere.knowledge.search.embedding import Embedder, current_embedder, search_topic
from convosphere.knowledge.search.models import Passage, PassageSet, PassageVector, VectorSet
from convosphere.knowledge.search.queries import PassageKey
from convosphere.knowledge.search.vectors import add_vectors, is_of, served_vector_set
from convosphere.llm.errors import (
    EmbeddingsUnavailableError,
    ModelNotFoundError,
    ProviderError,
    ProviderStreamBrokenError,
)
from convosphere.llm.schemas import EmbeddingModel
from convosphere.usage.errors import BudgetUsedUpError

VERSION = 1
"""Of what is embedded: heading and text of a passage. Another way makes another vector set."""

_BATCH = 64

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Batch:
    """Passages without a vector, and the state of their set when they were read."""

    keys: list[PassageKey]
    texts: list[str]
    changes: int


class SetGoneError(Exception):
    """Somebody dropped the passages meanwhile."""


async def embed_passages(actor: Actor, passage_set_id: UUID | None = None) -> None:
    """Give all passages of the workspace a vector of the connected model, then search by these.

    With `passage_set_id` those of a set that is to take the current one's place, by the model that it is to have.

    Raises:
        UnavailableError: the model does not answer, or a budget is used up; trying later can help.
        ModelNotFoundError: the model that was chosen for the set is gone or switched off.
        ProviderError: the model refuses.
    """
    async with unit_of_work(actor) as uow:
        passage_set = await _passage_set(uow, passage_set_id)
    if passage_set is None or not passage_set.passage_count:
        return
    embedder = await current_embedder(actor, anew=True, named=passage_set.embedding)
    if embedder is None and passage_set.embedding:
        raise ModelNotFoundError(passage_set.embedding)
    if embedder is None:
        return
    try:
        await _embed_all(actor, embedder, embedder.embedding_model, passage_set.id)
    except SetGoneError:
        log.info("passage_set_gone", passage_set=str(passage_set_id))
    except BudgetUsedUpError as error:
        raise UnavailableError(error.message) from error
    except ProviderError as error:
        if error.retryable:
            raise UnavailableError(error.message) from error
        raise


async def _embed_all(actor: Actor, embedder: Embedder, model: EmbeddingModel, passage_set_id: UUID) -> None:
    dimension = model.dimension or await _ask_dimension(actor, embedder, model)
    wanted, served = await _open_sets(actor, model, dimension, passage_set_id)
    while True:
        await _fill(actor, embedder, wanted, served)
        if is_due(wanted, await _count_passages(actor, passage_set_id)):
            wanted = await measure(actor, embedder, wanted)
        if await _serve(actor, wanted):
            break
    async with unit_of_work(actor) as uow:
        await _drop_others(uow, wanted.passage_set_id, [wanted])


async def _ask_dimension(actor: Actor, embedder: Embedder, model: EmbeddingModel) -> int:
    async with set_aside(actor, model, ["dimension"]) as reservation_id:
        vectors = await embed(embedder, ["dimension"], model.source)
    async with unit_of_work(actor) as uow:
        book_vectors(uow, vectors, reservation_id)
    return len(vectors[0])


async def embed(embedder: Embedder, texts: Sequence[str], source: str, dimension: int = 0) -> list[list[float]]:
    """Vectors of passages, checked to be of the dimension that their set has."""
    vectors = await embedder.embed(texts, "passage", source)
    if dimension and any(len(vector) != dimension for vector in vectors):
        raise ProviderStreamBrokenError(source)
    return vectors


async def _count_passages(actor: Actor, passage_set_id: UUID) -> int:
    async with unit_of_work(actor) as uow:
        passage_set = await _passage_set(uow, passage_set_id)
        return passage_set.passage_count if passage_set else 0


async def _passage_set(uow: UnitOfWork, passage_set_id: UUID | None) -> PassageSet | None:
    """A set of the workspace, or the current one."""
    is_asked = col(PassageSet.is_current) if passage_set_id is None else col(PassageSet.id) == passage_set_id
    return await uow.session.scalar(
        select(PassageSet).where(col(PassageSet.workspace_id) == uow.workspace_id, is_asked)
    )


async def _open_sets(
    actor: Actor, model: EmbeddingModel, dimension: int, passage_set_id: UUID
) -> tuple[VectorSet, VectorSet | None]:
    """The set that is wanted, made if it is not there, and the one that is searched; what else there is goes."""
    async with unit_of_work(actor) as uow:
        if await _passage_set(uow, passage_set_id) is None:
            raise SetGoneError
        served = await served_vector_set(uow, passage_set_id)
        wanted = await uow.session.scalar(
            select(VectorSet).where(
                col(VectorSet.passage_set_id) == passage_set_id, col(VectorSet.model) == model.id,
                col(VectorSet.dimension) == dimension, col(VectorSet.version) == VERSION,
            )
        )  # fmt: skip
        await _drop_others(uow, passage_set_id, [kept for kept in (wanted, served) if kept])
        if wanted is None:
            wanted = VectorSet(
                id=new_id(), workspace_id=uow.workspace_id, passage_set_id=passage_set_id, model=model.id,
                dimension=dimension, version=VERSION, is_current=False, source=model.source or model.id,
            )  # fmt: skip
            uow.session.add(wanted)
        elif model.source:
            wanted.source = model.source  # A local model may have moved to another directory.
        await uow.session.flush()
        await uow.publish(search_topic(uow.workspace_id))
    return wanted, served if served and served.id != wanted.id else None


async def _fill(actor: Actor, embedder: Embedder, wanted: VectorSet, served: VectorSet | None) -> None:
    """Give each passage that has none a vector. New documents get one of the set that is searched first."""
    after: PassageKey | None = None
    changes = -1
    while (batch := await _next_batch(actor, wanted, after)).keys:
        if served and batch.changes != changes:
            served = served if await _top_up(actor, embedder, served) else None
            changes = batch.changes
        await _embed_batch(actor, embedder, wanted, batch)
        after = batch.keys[-1]


async def _top_up(actor: Actor, embedder: Embedder, served: VectorSet) -> bool:
    """Keep the vectors that are searched complete; False if their model cannot be reached any more."""
    after: PassageKey | None = None
    try:
        while (batch := await _next_batch(actor, served, after)).keys:
            await _embed_batch(actor, embedder, served, batch)
            after = batch.keys[-1]
    except (ProviderError, EmbeddingsUnavailableError) as error:
        log.warning("old_vectors_not_kept_up", model=served.source, reason=str(error)[:300])
        return False
    return True


async def _embed_batch(actor: Actor, embedder: Embedder, vector_set: VectorSet, batch: _Batch) -> None:
    async with set_aside(actor, await embedder.find_model(vector_set.source), batch.texts) as reservation_id:
        vectors = await embed(embedder, batch.texts, vector_set.source, vector_set.dimension)
    async with unit_of_work(actor) as uow:
        await add_vectors(uow, vector_set, batch.keys, vectors)
        book_vectors(uow, vectors, reservation_id)
        await uow.publish(search_topic(uow.workspace_id))


async def _next_batch(actor: Actor, vector_set: VectorSet, after: PassageKey | None) -> _Batch:
    place = tuple_(col(Passage.document_version_id), col(Passage.number))
    statement = (
        select(
            col(Passage.document_version_id), col(Passage.number),
            func.concat_ws("\n", func.nullif(col(Passage.heading), ""), col(Passage.text)),
        )
        .where(
            col(Passage.passage_set_id) == vector_set.passage_set_id,
            ~select(col(PassageVector.number)).where(is_of(vector_set)).exists(),
        )
        .order_by(col(Passage.document_version_id), col(Passage.number))
        .limit(_BATCH)
    )  # fmt: skip
    if after:
        statement = statement.where(place > tuple_(*after))
    async with unit_of_work(actor) as uow:
        # First, so that what comes in between is seen as a change the next time.
        passage_set = await _passage_set(uow, vector_set.passage_set_id)
        rows = (await uow.session.execute(statement)).all()
    return _Batch(
        [(version_id, number) for version_id, number, _ in rows],
        [body for *_, body in rows],
        passage_set.changes if passage_set else 0,
    )


async def _serve(actor: Actor, wanted: VectorSet) -> bool:
    """Search by a set from now on, unless it lacks passages that came meanwhile."""
    lacking = select(col(Passage.number)).where(
        col(Passage.passage_set_id) == wanted.passage_set_id,
        ~select(col(PassageVector.number)).where(is_of(wanted)).exists(),
    )
    async with unit_of_work(actor) as uow:
        if await uow.session.scalar(select(lacking.exists())):
            return False
        of_passages = col(VectorSet.passage_set_id) == wanted.passage_set_id
        is_wanted = col(VectorSet.id) == wanted.id
        served = update(VectorSet).where(of_passages, ~is_wanted, col(VectorSet.is_current)).values(is_current=False)
        await uow.session.execute(served)
        await uow.session.execute(update(VectorSet).where(is_wanted).values(is_current=True))
        await uow.publish(search_topic(uow.workspace_id))
    return True


async def _drop_others(uow: UnitOfWork, passage_set_id: UUID, kept: Sequence[VectorSet]) -> None:
    await uow.session.execute(
        delete(VectorSet).where(
            col(VectorSet.passage_set_id) == passage_set_id, col(VectorSet.id).not_in([one.id for one in kept])
        )
    )
