"""Measures vectors on the documents that they are of: how far to trust them, and from which likeness on one answers."""

import asyncio
import math
from dataclasses import dataclass

import structlog
from sqlalchemy import Text, cast, func, select
from sqlmodel import col

from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.knowledge.search.background import BACKGROUND_QUESTIONS
from convosphere.knowledge.search.booking import book_vectors, set_aside
from convosphere.knowledge.search.embedding import Embedder
from convosphere.knowledge.search.models import Passage, PassageVector, VectorSet
from convosphere.knowledge.search.trust import Cloze, least_likeness, make_clozes, trust_in_vectors
from convosphere.knowledge.search.vectors import is_of, list_best_likenesses

GROWTH = 2
"""Measured again when there are so many times more passages, or fewer: the best by chance grows with their number."""
_SAMPLE = 64

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Sample:
    """Some passages with their languages and vectors."""

    texts: list[tuple[str, str]]
    vectors: list[list[float]]


def is_due(vector_set: VectorSet, passages: int) -> bool:
    """Whether a set was never measured, or when there were many fewer passages or many more."""
    return vector_set.trust is None or abs(math.log((passages or 1) / (vector_set.measured_count or 1), GROWTH)) >= 1


async def measure(actor: Actor, embedder: Embedder, vector_set: VectorSet) -> VectorSet:
    """Find out what a complete set is worth, and note it there.

    Raises:
        ProviderError: the model does not answer.
    """
    model = await embedder.find_model(vector_set.source)
    async with set_aside(actor, model, BACKGROUND_QUESTIONS) as reservation_id:
        background = await embedder.embed(BACKGROUND_QUESTIONS, "query", vector_set.source)
    async with unit_of_work(actor) as uow:
        book_vectors(uow, background, reservation_id)
        likenesses = await list_best_likenesses(uow, vector_set, background)
        sample = await _sample(uow, vector_set)
    clozes = make_clozes([body for body, _ in sample.texts])
    trust, made = await _measure_trust(embedder, vector_set.source, sample, clozes)
    async with unit_of_work(actor) as uow:
        for vectors in made:
            book_vectors(uow, vectors)
        measured = await uow.session.get(VectorSet, vector_set.id)
        if measured is None:  # Its passages were dropped meanwhile.
            return vector_set
        measured.trust, measured.least_likeness = trust, least_likeness(likenesses)
        measured.measured_count = await _count(uow, vector_set)
        await uow.session.flush()
    log.info("vectors_measured", model=measured.model, trust=trust, least_likeness=measured.least_likeness)
    return measured


async def _measure_trust(
    embedder: Embedder, source: str, sample: _Sample, clozes: list[Cloze]
) -> tuple[float, list[list[list[float]]]]:
    """What the vectors are worth, and those that were made to find out."""
    if not clozes:
        return 1.0, []
    sentences = await embedder.embed([cloze.sentence for cloze in clozes], "query", source)
    rests = await embedder.embed([cloze.rest for cloze in clozes], "passage", source)
    # A second of arithmetic, beside which other jobs go on.
    trust = await asyncio.to_thread(trust_in_vectors, sample.texts, clozes, sample.vectors, sentences, rests)
    return trust, [sentences, rests]


async def _sample(uow: UnitOfWork, vector_set: VectorSet) -> _Sample:
    """Passages by chance, the same each time; headings are left out, which sentences of one chapter share."""
    by_chance = func.md5(func.concat(col(Passage.document_version_id), col(Passage.number)))
    rows = await uow.session.execute(
        select(col(Passage.text), col(Passage.language), cast(col(PassageVector.embedding), Text))
        .join(PassageVector, is_of(vector_set))
        .order_by(by_chance)
        .limit(_SAMPLE)
    )
    found = rows.all()
    return _Sample(
        [(body, language) for body, language, _ in found],
        [[float(value) for value in vector.strip("[]").split(",")] for *_, vector in found],
    )


async def _count(uow: UnitOfWork, vector_set: VectorSet) -> int:
    counted = select(func.count()).select_from(PassageVector).where(col(PassageVector.vector_set_id) == vector_set.id)
    return await uow.session.scalar(counted) or 0
