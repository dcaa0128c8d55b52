"""Finds the passages that answer a question."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from convosphere.core.authorization import require
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.knowledge.places.queries import filters_of
from convosphere.knowledge.places.schemas import Places
from convosphere.knowledge.search.booking import book_vectors, set_aside
from convosphere.knowledge.search.embedding import Embedder, current_embedder, embed_question
from convosphere.knowledge.search.fusion import fuse
from convosphere.knowledge.search.index import current_set, get_set
from convosphere.knowledge.search.models import VectorSet
from convosphere.knowledge.search.queries import FoundRow, PassageKey, Scope, has_passages, list_found, make_scope
from convosphere.knowledge.search.questions import Question, read_question
from convosphere.knowledge.search.ranking import MOST_FOUND, Ranking, rank_by_words
from convosphere.knowledge.search.schemas import FoundPassage, SetResult
from convosphere.knowledge.search.terms import dimension_of, distinct_words, index_language
from convosphere.knowledge.search.vectors import list_nearest, served_vector_set
from convosphere.usage.errors import BudgetUsedUpError
from convosphere.usage.service.reserving import give_back

_filled: set[UUID | None] = set()
_TRIES = ("by meaning", "by meaning", "by words")
"""Vectors that are replaced while a question is embedded: it is embedded anew, once."""


@dataclass(frozen=True, slots=True)
class _Narrowed:
    """Where a search looks; `passage_set_id` is None for the current set."""

    places: Places | None = None
    languages: Sequence[str] | None = None
    with_attached: bool = False
    passage_set_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class _AskedVector:
    """A question as the model of a vector set sees it."""

    set_id: UUID
    made: list[list[float]]
    reservation_id: UUID | None

    @property
    def values(self) -> list[float]:
        """Its vector."""
        return self.made[0]


@dataclass(frozen=True, slots=True)
class _Nearness:
    """The passages nearest to a question; those in `answers` are nearer than chance brings any."""

    likenesses: dict[PassageKey, float] = field(default_factory=dict)
    trust: float = 0.0
    answers: frozenset[PassageKey] = frozenset()
    is_replaced: bool = False


async def search_passages(
    actor: Actor,
    query: str,
    *,
    limit: int = 10,
    places: Places | None = None,
    languages: Sequence[str] | None = None,
    with_attached: bool = False,
) -> list[FoundPassage]:
    """The best passages for a question in what the actor may see; none if the documents do not say.

    Where an embedding model is connected, passages of the same meaning in other words are found as well. The documents
    say something if a passage has enough of the question's words, or is nearer to it than chance brings any.

    Args:
        actor: who asks.
        query: a question or some words; what stands in quotes must occur so.
        limit: how many at most, up to `MOST_FOUND`.
        places: search only there.
        languages: search in passages of these languages (ISO 639-1) only.
        with_attached: also in documents that came with messages, which only their conversations name.

    Raises:
        ForbiddenError: the actor may not read documents.
    """
    require(actor, Permission.DOCUMENT_READ)
    if not await _has_passages(actor):
        return []
    narrowed = _Narrowed(places, languages, with_attached=with_attached)
    return list((await _search(actor, query, narrowed, limit)).passages)


async def search_set(actor: Actor, query: str, passage_set_id: UUID, limit: int) -> SetResult:
    """The same in a set that may be another one than the current one; and whether it was asked by its vectors.

    Raises:
        ForbiddenError: the actor may not read documents.
    """
    require(actor, Permission.DOCUMENT_READ)
    return await _search(actor, query, _Narrowed(passage_set_id=passage_set_id), limit)


async def _search(actor: Actor, query: str, narrowed: _Narrowed, limit: int) -> SetResult:
    question, set_id = read_question(query), narrowed.passage_set_id
    for way in _TRIES:
        # Before the transaction, which must not wait for a model.
        asked, lacks_vector = await _embed(actor, query, question, set_id) if way == "by meaning" else (None, True)
        async with unit_of_work(actor) as uow:
            if asked:
                book_vectors(uow, asked.made, asked.reservation_id)
            passage_set = await (get_set(uow, set_id) if set_id else current_set(uow))
            if passage_set is None or not passage_set.passage_count:
                break
            scope = await _scope(uow, passage_set.id, narrowed)
            by_meaning = await _rank_by_meaning(uow, scope, asked) if asked else _Nearness()
            if by_meaning.is_replaced:
                continue
            by_words = await rank_by_words(uow, scope, passage_set, question)
            found = await _found_passages(uow, scope, by_words, by_meaning, min(limit, MOST_FOUND))
            return SetResult(tuple(found), lacks_vector)
    return SetResult((), lacks_vector=False)


async def _scope(uow: UnitOfWork, set_id: UUID, narrowed: _Narrowed) -> Scope:
    places, languages, with_attached = narrowed.places, narrowed.languages, narrowed.with_attached
    if places is None:
        return make_scope(uow, set_id, None, languages, with_attached=with_attached)
    filters = await filters_of(uow, places)
    return make_scope(uow, set_id, places.document_ids, languages, filters=filters, with_attached=with_attached)


async def _has_passages(actor: Actor) -> bool:
    """Whether the actor's workspace has any; one that had some is not asked again."""
    workspace_id = actor.workspace_id
    if workspace_id not in _filled and await has_passages(actor):
        _filled.add(workspace_id)
    return workspace_id in _filled


async def _embed(
    actor: Actor, query: str, question: Question, passage_set_id: UUID | None
) -> tuple[_AskedVector | None, bool]:
    """The question's vector by the model of the vectors that are searched, and whether it lacks one that is due.

    That model may be the one before this. What is quoted is wanted as it is, not what is like it.
    """
    if question.phrases or not query.strip():
        return None, False
    embedder = await _embedder_of(actor, passage_set_id)
    if embedder is None and passage_set_id is None:
        return None, False
    async with unit_of_work(actor) as uow:
        served = await served_vector_set(uow, passage_set_id)
    if served is None or (embedder and not served.trust):
        return None, False
    asked = await _ask(actor, embedder, served, query) if embedder else None
    return asked, asked is None


async def _ask(actor: Actor, embedder: Embedder, served: VectorSet, query: str) -> _AskedVector | None:
    try:
        async with set_aside(actor, await embedder.find_model(served.source), [query]) as reservation_id:
            made = await embed_question(actor, embedder, query, served.source, served.dimension)
    except BudgetUsedUpError:
        return None  # Words cost nothing.
    if made is None:
        await give_back(actor, reservation_id)
        return None
    return _AskedVector(served.id, made, reservation_id)


async def _embedder_of(actor: Actor, passage_set_id: UUID | None) -> Embedder | None:
    """What makes the vectors of a set, which may have another model than the workspace."""
    if passage_set_id is None:
        return await current_embedder(actor)
    async with unit_of_work(actor) as uow:
        passage_set = await get_set(uow, passage_set_id)
    return await current_embedder(actor, named=passage_set.embedding) if passage_set else None


async def _rank_by_meaning(uow: UnitOfWork, scope: Scope, asked: _AskedVector) -> _Nearness:
    served = await served_vector_set(uow, scope.passage_set_id)
    if served is None or served.id != asked.set_id:
        return _Nearness(is_replaced=True)
    likenesses = await list_nearest(uow, scope, served, asked.values, MOST_FOUND)
    if not likenesses:
        # Its rows may have gone between the two statements, when another set took its place.
        now = await served_vector_set(uow, scope.passage_set_id)
        return _Nearness(is_replaced=now is None or now.id != asked.set_id)
    least = 1.0 if served.least_likeness is None else served.least_likeness
    answers = frozenset(key for key, likeness in likenesses.items() if likeness >= least)
    return _Nearness(likenesses, served.trust or 0.0, answers)


async def _found_passages(
    uow: UnitOfWork, scope: Scope, by_words: Ranking, by_meaning: _Nearness, limit: int
) -> list[FoundPassage]:
    likenesses = by_meaning.likenesses
    if not by_words.has_answer:
        # The few words that a passage shares with the question say nothing; it answers by meaning or not at all.
        likenesses = {key: likenesses[key] for key in by_meaning.answers}
    keys = list({**(by_words.raw_scores if by_words.has_answer else {}), **likenesses})
    if not keys:
        return []
    rows = await list_found(uow, scope, by_words.weights, keys, len(keys) if likenesses else limit)
    scores = likenesses if not by_words.has_answer else _scores(rows, by_words, likenesses, by_meaning.trust)
    rows.sort(key=lambda row: -scores[_key(row)])
    return [
        _found(row, scores[_key(row)], by_words.raw_scores.get(_key(row), 0.0), by_words.asked) for row in rows[:limit]
    ]


def _scores(
    rows: Sequence[FoundRow], by_words: Ranking, likenesses: dict[PassageKey, float], trust: float
) -> dict[PassageKey, float]:
    mass = sum(by_words.weights.values())
    words = {_key(row): 1 - math.exp(-row.score / mass) for row in rows} if mass else {}
    if not likenesses:
        return words
    # What only meaning found is left out: it would be the least of all and press those that words found together.
    return fuse({key: score for key, score in words.items() if key in by_words.raw_scores}, likenesses, trust)


def _key(row: FoundRow) -> PassageKey:
    return row.document_version_id, row.number


def _found(row: FoundRow, score: float, raw_score: float, asked: frozenset[int]) -> FoundPassage:
    return FoundPassage(
        document_id=row.document_id, document_version_id=row.document_version_id, document_name=row.name,
        number=row.number, start=row.start_offset, end=row.end_offset, page=row.page, heading=row.heading,
        text=row.text, language=row.language, score=score, raw_score=raw_score,
        matched_words=_matched_words(row.text, row.language, asked), seconds=row.seconds,
    )  # fmt: skip


def _matched_words(text: str, language: str, asked: frozenset[int]) -> tuple[str, ...]:
    spoken = index_language(language)
    return tuple(written for written in distinct_words(text) if dimension_of(written, spoken) in asked)
