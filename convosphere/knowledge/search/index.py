"""Keeps passages and the frequencies of their terms, together or not at all."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, SQLColumnExpression, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from convosphere.core.identifiers import new_id
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.search.embedding import enqueue_embedding
from convosphere.knowledge.search.entries import Entry, count_passages, make_entry
from convosphere.knowledge.search.models import PassageSet, SetState
from convosphere.knowledge.search.schemas import IndexablePassage
from convosphere.knowledge.search.terms import Term, index_language, make_term
from convosphere.knowledge.search.vectors import delete_vectors
from convosphere.knowledge.search.weights import AVERAGE_LENGTH, to_sparse_vector

CHUNKING = "even-800"
"""How `parsing.cutting` cuts. A new way of cutting, weighing or stemming makes another passage set."""
FIRST_VERSION = 1
"""Of a workspace's sets; each that takes another one's place has the next."""

# Arrays and not COPY, which PostgreSQL refuses on tables with row-level security.
_INSERT_PASSAGES = text("""
    INSERT INTO passage (passage_set_id, workspace_id, document_version_id, document_id, number, start_offset,
                         end_offset, page, length, language, heading, text, term_vector, lexemes)
    SELECT :set_id, :workspace_id, :version_id, :document_id, n.*
    FROM unnest(CAST(:numbers AS int[]), CAST(:starts AS int[]), CAST(:ends AS int[]), CAST(:pages AS int[]),
                CAST(:lengths AS int[]), CAST(:languages AS text[]), CAST(:headings AS text[]), CAST(:texts AS text[]),
                CAST(CAST(:vectors AS text[]) AS sparsevec[]), CAST(CAST(:lexemes AS text[]) AS tsvector[])) AS n
""")
_DELETE_PASSAGES = text("""
    DELETE FROM passage WHERE passage_set_id = :set_id AND document_version_id = ANY(CAST(:version_ids AS uuid[]))
    RETURNING document_version_id, language, tsvector_to_array(lexemes) AS lexemes
""")
# The set's row is locked before any frequency, so that two jobs never wait for one another.
_COUNT_CHANGES = text("""
    UPDATE passage_set SET passage_count = passage_count + :added - :removed, changes = changes + :added + :removed
    WHERE id = :set_id
""")
_ADD_FREQUENCIES = text("""
    INSERT INTO document_frequency AS f (passage_set_id, workspace_id, dimension, language, term, passage_count)
    SELECT :set_id, :workspace_id, n.*
    FROM unnest(CAST(:dimensions AS int[]), CAST(:languages AS text[]), CAST(:terms AS text[]),
                CAST(:counts AS int[])) AS n
    ON CONFLICT (passage_set_id, dimension) DO UPDATE SET passage_count = f.passage_count + excluded.passage_count
""")
# Every row is there, so nothing is inserted. An UPDATE by join, once planned for any arrays, compares all with all.
_SUBTRACT_FREQUENCIES = text("""
    INSERT INTO document_frequency AS f (passage_set_id, workspace_id, dimension, language, term, passage_count)
    SELECT :set_id, :workspace_id, n.*
    FROM unnest(CAST(:dimensions AS int[]), CAST(:languages AS text[]), CAST(:terms AS text[]),
                CAST(:counts AS int[])) AS n
    ON CONFLICT (passage_set_id, dimension) DO UPDATE SET passage_count = f.passage_count - excluded.passage_count
""")
_FORGET_TERMS = text("""
    DELETE FROM document_frequency
    WHERE passage_set_id = :set_id AND passage_count = 0 AND dimension = ANY(CAST(:dimensions AS int[]))
""")

_COUNT_LEXEMES = text("""
    SELECT language, lexeme, count(*)::int FROM passage, unnest(tsvector_to_array(lexemes)) AS lexeme
    WHERE passage_set_id = :set_id GROUP BY language, lexeme
""")
_FORGET_ALL_TERMS = text("DELETE FROM document_frequency WHERE passage_set_id = :set_id")
_RECOUNT = text("""
    UPDATE passage_set SET passage_count = (SELECT count(*) FROM passage WHERE passage_set_id = :set_id)
    WHERE id = :set_id
""")

_TermSets = list[frozenset[Term]]


@dataclass(frozen=True)
class _Deleted:
    """A passage that was deleted."""

    document_version_id: UUID
    language: str
    lexemes: list[str]


@dataclass
class Removed:
    """How much of a version was taken out of the index."""

    passages: int = 0
    vectors: int = 0


async def index_version(
    uow: UnitOfWork,
    sets: Sequence[PassageSet],
    document_version_id: UUID,
    document_id: UUID,
    passages: Sequence[IndexablePassage],
) -> None:
    """Make a version's passages findable, instead of whatever it had. Best called last in its unit of work.

    A set that is to take over gets them later, cut in its own way. Other jobs of the workspace wait from here until the
    unit ends.

    Args:
        sets: what `hold_sets` gave in this unit.
    """
    current = next((each for each in sets if each.is_current), None) or await create_set(uow)
    for other in sets:
        if other.id != current.id:
            removed, _ = await _delete_passages(uow, other.id, [document_version_id])
            await _change_frequencies(uow, other.id, [], removed)
    await put_passages(uow, current, document_version_id, document_id, passages)
    if passages:
        await enqueue_embedding(uow)


async def put_passages(
    uow: UnitOfWork,
    passage_set: PassageSet,
    document_version_id: UUID,
    document_id: UUID,
    passages: Sequence[IndexablePassage],
) -> None:
    """Give a set the passages of a version, instead of whatever it had of it."""
    entries = [make_entry(passage, passage_set.average_length) for passage in passages]
    removed, _ = await _delete_passages(uow, passage_set.id, [document_version_id])
    if entries:
        await _insert_passages(uow, passage_set.id, document_version_id, document_id, entries)
    await _change_frequencies(uow, passage_set.id, [entry.terms for entry in entries], removed)


async def remove_versions(uow: UnitOfWork, document_version_ids: Sequence[UUID]) -> dict[UUID, Removed]:
    """Take the passages and vectors of some versions out of all that the workspace has; tells of those that had any."""
    counts: dict[UUID, Removed] = defaultdict(Removed)
    for passage_set in await hold_sets(uow):
        removed, of_set = await _delete_passages(uow, passage_set.id, document_version_ids)
        await _change_frequencies(uow, passage_set.id, [], removed)
        for version_id, count in of_set.items():
            counts[version_id].passages += count.passages
            counts[version_id].vectors += count.vectors
    return counts


async def hold_sets(uow: UnitOfWork, *, alone: bool = False) -> list[PassageSet]:
    """The workspace's sets, none of which comes to be searched, or goes, until the unit ends.

    Others may hold them as well and change what is in them; with `alone` nobody may until the unit ends.
    """
    statement = select(PassageSet).where(col(PassageSet.workspace_id) == uow.workspace_id).order_by(col(PassageSet.id))
    held = statement.with_for_update(read=not alone, key_share=not alone)
    return list(await uow.session.scalars(held.execution_options(populate_existing=True)))


async def forget_vectors(uow: UnitOfWork, document_version_ids: Sequence[UUID]) -> None:
    """Let the vectors of some versions be made anew; until then they are found by their words."""
    if passage_set := await current_set(uow):
        await delete_vectors(uow, passage_set.id, document_version_ids)


async def recount_terms(uow: UnitOfWork, set_id: UUID) -> None:
    """Count all passages of a set and their terms anew. Other jobs of the workspace wait until the unit ends."""
    await uow.session.execute(_RECOUNT, {"set_id": set_id})
    await uow.session.execute(_FORGET_ALL_TERMS, {"set_id": set_id})
    counts: Counter[Term] = Counter()
    for language, lexeme, count in await uow.session.execute(_COUNT_LEXEMES, {"set_id": set_id}):
        counts[make_term(lexeme, index_language(language))] += count
    if counts:
        await _add(uow, set_id, counts)


async def current_set(uow: UnitOfWork) -> PassageSet | None:
    """The workspace's passages as they are now; None before the first."""
    return await uow.session.scalar(_set(uow, col(PassageSet.is_current)))


async def get_set(uow: UnitOfWork, set_id: UUID) -> PassageSet | None:
    """One of the workspace's sets, None if it is gone."""
    return await uow.session.scalar(_set(uow, col(PassageSet.id) == set_id))


async def shadow_set(uow: UnitOfWork) -> PassageSet | None:
    """The set that may take the current one's place."""
    is_shadow = ~col(PassageSet.is_current) & (col(PassageSet.state) != SetState.LEAVING)
    return await uow.session.scalar(_set(uow, is_shadow))


def _set(uow: UnitOfWork, condition: SQLColumnExpression[bool]) -> Select[PassageSet]:
    statement = select(PassageSet).where(col(PassageSet.workspace_id) == uow.workspace_id, condition)
    return statement.execution_options(populate_existing=True)


async def create_set(
    uow: UnitOfWork, average_length: float = AVERAGE_LENGTH, settings: Mapping[str, object] | None = None
) -> PassageSet:
    """The workspace's set, made if it has none. Several jobs may try at once; one makes it, the others wait."""
    await uow.session.execute(
        insert(PassageSet)
        .values(
            id=new_id(), workspace_id=uow.workspace_id, chunking=CHUNKING, version=FIRST_VERSION, is_current=True,
            average_length=average_length, passage_count=0, changes=0, settings=dict(settings or {}),
            state=SetState.READY,
        )
        .on_conflict_do_nothing()
    )  # fmt: skip
    return (await uow.session.scalars(_set(uow, col(PassageSet.is_current)))).one()


async def _insert_passages(
    uow: UnitOfWork, set_id: UUID, version_id: UUID, document_id: UUID, entries: Sequence[Entry]
) -> None:
    passages = [entry.passage for entry in entries]
    await uow.write(
        _INSERT_PASSAGES,
        {
            "set_id": set_id,
            "workspace_id": uow.workspace_id,
            "version_id": version_id,
            "document_id": document_id,
            "numbers": [passage.number for passage in passages],
            "starts": [passage.start for passage in passages],
            "ends": [passage.end for passage in passages],
            "pages": [passage.page for passage in passages],
            "lengths": [entry.length for entry in entries],
            "languages": [passage.language for passage in passages],
            "headings": [passage.heading for passage in passages],
            "texts": [passage.text for passage in passages],
            "vectors": [to_sparse_vector(entry.weights).to_text() for entry in entries],
            "lexemes": [entry.lexemes for entry in entries],
        },
    )


async def _delete_passages(
    uow: UnitOfWork, set_id: UUID, version_ids: Sequence[UUID]
) -> tuple[_TermSets, dict[UUID, Removed]]:
    """The terms of what was deleted, and how much that was."""
    rows = await uow.rows(_Deleted, _DELETE_PASSAGES, {"set_id": set_id, "version_ids": list(version_ids)})
    counts: dict[UUID, Removed] = defaultdict(Removed)
    for row in rows:
        counts[row.document_version_id].passages += 1
    if rows:
        for version_id, count in (await delete_vectors(uow, set_id, list(counts))).items():
            counts[version_id].vectors += count
    terms = [frozenset(make_term(each, index_language(row.language)) for each in row.lexemes) for row in rows]
    return terms, counts


async def _change_frequencies(uow: UnitOfWork, set_id: UUID, added: _TermSets, removed: _TermSets) -> None:
    if not added and not removed:
        return
    await uow.write(_COUNT_CHANGES, {"set_id": set_id, "added": len(added), "removed": len(removed)})
    change = count_passages(added)
    change.subtract(count_passages(removed))
    more = Counter({term: count for term, count in change.items() if count > 0})
    less = Counter({term: -count for term, count in change.items() if count < 0})
    if more:
        await _add(uow, set_id, more)
    if less:
        await _subtract(uow, set_id, less)


async def _add(uow: UnitOfWork, set_id: UUID, counts: Counter[Term]) -> None:
    await uow.write(_ADD_FREQUENCIES, _frequencies(uow, set_id, counts))


async def _subtract(uow: UnitOfWork, set_id: UUID, counts: Counter[Term]) -> None:
    frequencies = _frequencies(uow, set_id, counts)
    await uow.write(_SUBTRACT_FREQUENCIES, frequencies)
    await uow.write(_FORGET_TERMS, {"set_id": set_id, "dimensions": frequencies["dimensions"]})


def _frequencies(uow: UnitOfWork, set_id: UUID, counts: Counter[Term]) -> dict[str, object]:
    by_dimension = _by_dimension(counts)
    return {
        "set_id": set_id,
        "workspace_id": uow.workspace_id,
        "dimensions": list(by_dimension),
        "languages": [term.language for term, _ in by_dimension.values()],
        "terms": [term.lexeme for term, _ in by_dimension.values()],
        "counts": [count for _, count in by_dimension.values()],
    }


def _by_dimension(counts: Counter[Term]) -> dict[int, tuple[Term, int]]:
    """In one order for everybody. Two terms that meet in one dimension are counted as one."""
    found: dict[int, tuple[Term, int]] = {}
    for term, count in counts.items():
        first, before = found.get(term.dimension, (term, 0))
        found[term.dimension] = (first, before + count)
    return dict(sorted(found.items()))
