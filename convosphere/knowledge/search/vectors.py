"""Vectors of passages: made in the background, replaced as a whole when the model changes, searched by nearness."""

from collections.abc import Sequence
from uuid import UUID

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import (
    ColumnElement,
    Double,
    Integer,
    Text,
    Uuid,
    and_,
    any_,
    cast,
    column,
    delete,
    func,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlmodel import col

from convosphere.core.errors import UnavailableError
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.knowledge.models import Document
from convosphere.knowledge.search.embedding import Embedder, current_embedder
from convosphere.knowledge.search.models import Passage, PassageSet, PassageVector, VectorSet
from convosphere.knowledge.search.queries import PassageKey, Scope
from convosphere.llm.errors import ProviderError

EMBED_TASK = "knowledge.embed_passages"
VERSION = 1
"""Of what is embedded: heading and text of a passage. Another way makes another vector set."""

_BATCH = 64
# Strict order, and on until there are enough: else an actor who sees little would find less than there is.
_SEARCH_SETTINGS = text(
    "SELECT set_config('hnsw.iterative_scan', 'strict_order', true), set_config('hnsw.ef_search', '100', true)"
)


async def enqueue_embedding(uow: UnitOfWork) -> None:
    """Have passages without a vector get one when the unit commits, if a model is connected."""
    if current_embedder():
        workspace_id = str(uow.workspace_id)
        await uow.enqueue(EMBED_TASK, {"workspace_id": workspace_id}, lock=f"embed:{workspace_id}")


async def embed_passages(actor: Actor) -> None:
    """Give all passages of the workspace a vector of the connected model, then search by these alone.

    While a new model's are in the making the old ones stay; a run that is cut off goes on where it stopped.

    Raises:
        UnavailableError: the model does not answer; trying later can help.
        ProviderError: the model refuses.
    """
    embedder = current_embedder()
    if embedder is None or embedder.embedding_model is None:
        return
    after: PassageKey | None = None
    while batch := await _next_batch(actor, embedder.embedding_model.id, after):
        keys, texts = [key for key, _ in batch], [body for _, body in batch]
        await _store(actor, embedder, keys, await _embed(embedder, texts))
        after = keys[-1]
    async with unit_of_work(actor) as uow:
        await _switch(uow, embedder.embedding_model.id)


async def current_vector_set(uow: UnitOfWork, passage_set_id: UUID, model: str, dimension: int) -> VectorSet | None:
    """The vectors that are searched, if they are of this model."""
    return await uow.session.scalar(
        select(VectorSet).where(
            col(VectorSet.passage_set_id) == passage_set_id,
            col(VectorSet.is_current),
            col(VectorSet.model) == model,
            col(VectorSet.dimension) == dimension,
        )
    )


async def list_nearest(
    uow: UnitOfWork, scope: Scope, vector_set: VectorSet, question: Sequence[float], limit: int
) -> dict[PassageKey, float]:
    """The passages nearest to a question in what the actor sees, with their likeness (cosine)."""
    await uow.session.execute(_SEARCH_SETTINGS)
    # As in the index, whose expression names the dimension.
    stored = cast(col(PassageVector.embedding), HALFVEC(vector_set.dimension))
    distance = stored.op("<=>", return_type=Double)(cast(list(question), HALFVEC(vector_set.dimension)))
    statement = (
        select(col(PassageVector.document_version_id), col(PassageVector.number), 1 - distance)
        .join(Document, col(Document.current_version_id) == col(PassageVector.document_version_id))
        .where(col(PassageVector.vector_set_id) == vector_set.id, scope.visible)
        .order_by(distance)
        .limit(limit)
    )
    if scope.languages is not None:
        statement = statement.join(Passage, _is_of(vector_set)).where(
            col(Passage.language) == any_(cast(scope.languages, ARRAY(Text)))
        )
    rows = await uow.session.execute(statement)
    return {(version_id, number): likeness for version_id, number, likeness in rows}


async def delete_vectors(uow: UnitOfWork, passage_set_id: UUID, document_version_id: UUID) -> None:
    """Forget a version's vectors."""
    sets = select(col(VectorSet.id)).where(col(VectorSet.passage_set_id) == passage_set_id)
    for set_id in (await uow.session.scalars(sets)).all():
        await uow.session.execute(
            delete(PassageVector).where(
                col(PassageVector.vector_set_id) == set_id,
                col(PassageVector.document_version_id) == document_version_id,
            )
        )


async def _embed(embedder: Embedder, texts: Sequence[str]) -> list[list[float]]:
    try:
        return await embedder.embed(texts, "passage")
    except ProviderError as error:
        if error.retryable:
            raise UnavailableError(error.message) from error
        raise


async def _next_batch(actor: Actor, model: str, after: PassageKey | None) -> list[tuple[PassageKey, str]]:
    place = tuple_(col(Passage.document_version_id), col(Passage.number))
    async with unit_of_work(actor) as uow:
        vector_set = await _set_of(uow, model)
        statement = (
            select(
                col(Passage.document_version_id), col(Passage.number),
                func.concat_ws("\n", func.nullif(col(Passage.heading), ""), col(Passage.text)),
            )
            .join(PassageSet, and_(col(PassageSet.id) == col(Passage.passage_set_id), col(PassageSet.is_current)))
            .order_by(col(Passage.document_version_id), col(Passage.number))
            .limit(_BATCH)
        )  # fmt: skip
        if after:
            statement = statement.where(place > tuple_(*after))
        if vector_set:
            has_vector = select(col(PassageVector.number)).where(_is_of(vector_set)).exists()
            statement = statement.where(~has_vector)
        rows = await uow.session.execute(statement)
        return [((version_id, number), body) for version_id, number, body in rows]


async def _store(actor: Actor, embedder: Embedder, keys: Sequence[PassageKey], vectors: Sequence[list[float]]) -> None:
    """Keep the vectors of those passages that are still there."""
    model = embedder.embedding_model
    if model is None:
        return
    async with unit_of_work(actor) as uow:
        vector_set = await _set_of(uow, model.id) or await _add_set(uow, model.id, len(vectors[0]))
        made = (
            func.unnest(
                cast([version_id for version_id, _ in keys], ARRAY(Uuid)),
                cast([number for _, number in keys], ARRAY(Integer)),
                cast(cast([_to_text(vector) for vector in vectors], ARRAY(Text)), ARRAY(HALFVEC)),
            )
            .table_valued(column("version_id", Uuid), column("number", Integer), column("embedding", HALFVEC))
            .render_derived()
        )
        rows = (
            select(made.c.version_id, made.c.number, col(VectorSet.id), col(VectorSet.workspace_id), made.c.embedding)
            .join(
                Passage,
                and_(
                    col(Passage.passage_set_id) == vector_set.passage_set_id,
                    col(Passage.document_version_id) == made.c.version_id,
                    col(Passage.number) == made.c.number,
                ),
            )
            .join(VectorSet, col(VectorSet.id) == vector_set.id)
        )
        names = ["document_version_id", "number", "vector_set_id", "workspace_id", "embedding"]
        await uow.session.execute(insert(PassageVector).from_select(names, rows).on_conflict_do_nothing())


async def _set_of(uow: UnitOfWork, model: str) -> VectorSet | None:
    return await uow.session.scalar(
        select(VectorSet)
        .join(PassageSet, and_(col(PassageSet.id) == col(VectorSet.passage_set_id), col(PassageSet.is_current)))
        .where(col(VectorSet.model) == model, col(VectorSet.version) == VERSION)
    )


async def _add_set(uow: UnitOfWork, model: str, dimension: int) -> VectorSet:
    passage_set_id = (
        await uow.session.scalars(
            select(col(PassageSet.id)).where(
                col(PassageSet.workspace_id) == uow.workspace_id, col(PassageSet.is_current)
            )
        )
    ).one()
    made = VectorSet(
        id=new_id(), workspace_id=uow.workspace_id, passage_set_id=passage_set_id, model=model, dimension=dimension,
        version=VERSION, is_current=False,
    )  # fmt: skip
    uow.session.add(made)
    await uow.session.flush()
    return made


async def _switch(uow: UnitOfWork, model: str) -> None:
    """Search by a model's set from now on, and drop the others."""
    vector_set = await _set_of(uow, model)
    if vector_set is None or vector_set.is_current:
        return
    others = await uow.session.scalars(
        select(VectorSet).where(
            col(VectorSet.passage_set_id) == vector_set.passage_set_id, col(VectorSet.id) != vector_set.id
        )
    )
    for other in others:
        await uow.session.delete(other)
    await uow.session.flush()
    await uow.session.execute(update(VectorSet).where(col(VectorSet.id) == vector_set.id).values(is_current=True))


def _is_of(vector_set: VectorSet) -> ColumnElement[bool]:
    return and_(
        col(Passage.passage_set_id) == vector_set.passage_set_id,
        col(PassageVector.vector_set_id) == vector_set.id,
        col(PassageVector.document_version_id) == col(Passage.document_version_id),
        col(PassageVector.number) == col(Passage.number),
    )


def _to_text(vector: Sequence[float]) -> str:
    return "[" + ",".join(map(str, vector)) + "]"
