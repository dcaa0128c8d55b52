"""Vectors of passages: which set of them is searched, and what is near in it."""

from collections import Counter
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
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.models import Document
from convosphere.knowledge.search.models import Passage, PassageSet, PassageVector, VectorSet
from convosphere.knowledge.search.queries import PassageKey, Scope

# Strict order, and on until there are enough: else an actor who sees little would find less than there is.
_SEARCH_SETTINGS = text(
    "SELECT set_config('hnsw.iterative_scan', 'strict_order', true), set_config('hnsw.ef_search', '100', true)"
)


async def served_vector_set(uow: UnitOfWork, passage_set_id: UUID | None = None) -> VectorSet | None:
    """The vectors by which the workspace is searched now, or would be in a set; another one may be in the making."""
    is_asked = col(PassageSet.is_current) if passage_set_id is None else col(PassageSet.id) == passage_set_id
    return await uow.session.scalar(
        select(VectorSet)
        .join(PassageSet, and_(col(PassageSet.id) == col(VectorSet.passage_set_id), is_asked))
        .where(col(VectorSet.is_current), col(VectorSet.workspace_id) == uow.workspace_id)
        .execution_options(populate_existing=True)
    )


async def list_nearest(
    uow: UnitOfWork, scope: Scope, vector_set: VectorSet, question: Sequence[float], limit: int
) -> dict[PassageKey, float]:
    """The passages nearest to a question in what the actor sees, with their likeness (cosine)."""
    await uow.session.execute(_SEARCH_SETTINGS)
    distance = _distance(vector_set, cast(list(question), HALFVEC(vector_set.dimension)))
    statement = (
        select(col(PassageVector.document_version_id), col(PassageVector.number), 1 - distance)
        .join(Document, col(Document.current_version_id) == col(PassageVector.document_version_id))
        .where(col(PassageVector.vector_set_id) == vector_set.id, scope.visible)
        .order_by(distance)
        .limit(limit)
    )
    if scope.languages is not None:
        statement = statement.join(Passage, is_of(vector_set)).where(
            col(Passage.language) == any_(cast(scope.languages, ARRAY(Text)))
        )
    rows = await uow.session.execute(statement)
    return {(version_id, number): likeness for version_id, number, likeness in rows}


async def list_best_likenesses(
    uow: UnitOfWork, vector_set: VectorSet, questions: Sequence[Sequence[float]]
) -> list[float]:
    """How near each of some questions comes to its nearest passage of all."""
    await uow.session.execute(_SEARCH_SETTINGS)
    asked = (
        func.unnest(cast([to_text(question) for question in questions], ARRAY(Text)))
        .table_valued(column("question", Text))
        .render_derived()
    )
    distance = _distance(vector_set, cast(asked.c.question, HALFVEC(vector_set.dimension)))
    nearest = (
        select((1 - distance).label("likeness"))
        .where(col(PassageVector.vector_set_id) == vector_set.id)
        .order_by(distance)
        .limit(1)
        .lateral()
    )
    return list(await uow.session.scalars(select(nearest.c.likeness).select_from(asked).join(nearest, true())))


async def add_vectors(
    uow: UnitOfWork, vector_set: VectorSet, keys: Sequence[PassageKey], vectors: Sequence[Sequence[float]]
) -> None:
    """Keep the vectors of those passages that are still there, in a set that is still there."""
    made = (
        func.unnest(
            cast([version_id for version_id, _ in keys], ARRAY(Uuid)),
            cast([number for _, number in keys], ARRAY(Integer)),
            cast(cast([to_text(vector) for vector in vectors], ARRAY(Text)), ARRAY(HALFVEC)),
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


async def delete_vectors(
    uow: UnitOfWork, passage_set_id: UUID, document_version_ids: Sequence[UUID]
) -> dict[UUID, int]:
    """Forget the vectors of some versions; tells how many each had."""
    counts: Counter[UUID] = Counter()
    sets = select(col(VectorSet.id)).where(col(VectorSet.passage_set_id) == passage_set_id)
    for set_id in (await uow.session.scalars(sets)).all():
        deleted = await uow.session.scalars(
            delete(PassageVector)
            .where(
                col(PassageVector.vector_set_id) == set_id,
                col(PassageVector.document_version_id) == any_(cast(list(document_version_ids), ARRAY(Uuid))),
            )
            .returning(col(PassageVector.document_version_id))
            .execution_options(synchronize_session=False)
        )
        counts.update(deleted)
    return counts


def is_of(vector_set: VectorSet) -> ColumnElement[bool]:
    """True in SQL where a vector of the set is a passage's."""
    return and_(
        col(Passage.passage_set_id) == vector_set.passage_set_id,
        col(PassageVector.vector_set_id) == vector_set.id,
        col(PassageVector.document_version_id) == col(Passage.document_version_id),
        col(PassageVector.number) == col(Passage.number),
    )


def to_text(vector: Sequence[float]) -> str:
    """A vector in pgvector's notation."""
    return "[" + ",".join(map(str, vector)) + "]"


def _distance(vector_set: VectorSet, question: ColumnElement[str]) -> ColumnElement[float]:
    # As in the index, whose expression names the dimension.
    stored = cast(col(PassageVector.embedding), HALFVEC(vector_set.dimension))
    return stored.op("<=>", return_type=Double)(question)
