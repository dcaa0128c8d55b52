"""The SQL of ways of cutting: layouts of texts, and which documents a set lacks."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.chunking.schemas import SetAmount
from convosphere.knowledge.parsing.schemas import Layout

# Each version that is searched has a first passage.
_LIST_LACKING = text("""
    SELECT p.document_version_id FROM passage AS p
    JOIN document AS d ON d.current_version_id = p.document_version_id
    WHERE p.passage_set_id = :current_id AND p.number = 1
        AND (CAST(:after AS uuid) IS NULL OR p.document_version_id > CAST(:after AS uuid))
        AND NOT EXISTS (
            SELECT FROM passage AS q WHERE q.passage_set_id = :set_id
                AND q.document_version_id = p.document_version_id AND q.number = 1)
    ORDER BY p.document_version_id LIMIT :most
""")
_LIST_TEXTS = text("""
    SELECT v.id, v.document_id, v.text, v.sha256, v.file_name,
           l.kinds, coalesce(l.starts, '{}') AS starts, coalesce(l.ends, '{}') AS ends,
           coalesce(l.levels, '{}') AS levels, coalesce(l.pages, '{}') AS pages, coalesce(l.labels, '{}') AS labels
    FROM document_version AS v LEFT JOIN version_layout AS l ON l.document_version_id = v.id
    WHERE v.id = ANY(CAST(:ids AS uuid[])) AND v.text IS NOT NULL
""")
_LIST_PASSAGES = text("""
    SELECT document_version_id AS version_id, number, text, start_offset AS start, end_offset AS "end", page, heading,
           language
    FROM passage WHERE passage_set_id = :set_id AND document_version_id = ANY(CAST(:ids AS uuid[]))
    ORDER BY document_version_id, number
""")
_KEEP_LAYOUT = text("""
    INSERT INTO version_layout (document_version_id, workspace_id, kinds, starts, ends, levels, pages, labels)
    VALUES (:document_version_id, :workspace_id, :kinds, CAST(:starts AS int[]), CAST(:ends AS int[]),
            CAST(:levels AS int[]), CAST(:pages AS int[]), CAST(:labels AS text[]))
    ON CONFLICT (document_version_id) DO UPDATE SET kinds = excluded.kinds, starts = excluded.starts,
        ends = excluded.ends, levels = excluded.levels, pages = excluded.pages, labels = excluded.labels
""")
_FORGET_LAYOUT = text("DELETE FROM version_layout WHERE document_version_id = :document_version_id")
# Whoever reads or deletes a document changes its row first, so that none of these does until the unit ends.
_HOLD = text("""
    SELECT current_version_id AS id FROM document WHERE current_version_id = ANY(CAST(:ids AS uuid[]))
    ORDER BY document.id FOR SHARE
""")
_COUNT = text("""
    SELECT (SELECT count(*)::int FROM passage WHERE passage_set_id = :set_id AND number = 1) AS documents,
           (SELECT count(*)::int FROM passage_vector AS e JOIN vector_set AS s ON s.id = e.vector_set_id
            WHERE s.passage_set_id = :set_id) AS vectors,
           (SELECT count(*)::int FROM passage AS p WHERE p.passage_set_id = :set_id AND p.number = 1
                AND NOT EXISTS (SELECT FROM version_layout AS l
                                WHERE l.document_version_id = p.document_version_id)) AS kept,
           (SELECT trust FROM vector_set WHERE passage_set_id = :set_id AND is_current) AS trust
""")
# By where passages begin and end, which spares the reading of their texts.
_MEASURE = text("""
    SELECT count(*)::int AS passages,
           coalesce(sum(end_offset - start_offset + length(heading)), 0)::bigint AS characters
    FROM passage WHERE passage_set_id = :set_id
""")


@dataclass(frozen=True)
class StoredText:
    """What was read of a version; the last six are its layout, which has no `kinds` if it is not known."""

    id: UUID
    document_id: UUID
    text: str
    sha256: str
    file_name: str
    kinds: str | None
    starts: list[int]
    ends: list[int]
    levels: list[int]
    pages: list[int | None]
    labels: list[str]

    @property
    def layout(self) -> Layout | None:
        """How the text is laid out."""
        if self.kinds is None:
            return None
        return Layout(
            self.kinds, tuple(self.starts), tuple(self.ends), tuple(self.levels), tuple(self.pages), tuple(self.labels)
        )


@dataclass(frozen=True)
class StoredPassage:
    """A passage as it stands in a set."""

    version_id: UUID
    number: int
    text: str
    start: int
    end: int
    page: int | None
    heading: str
    language: str


@dataclass(frozen=True)
class SetCounts:
    """How many documents and vectors a set has, and how many of the documents have no layout.

    `trust` is what the vectors are worth beside words, None as long as they are not complete.
    """

    documents: int
    vectors: int
    kept: int
    trust: float | None


@dataclass(frozen=True)
class _Lacking:
    document_version_id: UUID


@dataclass(frozen=True)
class _Held:
    id: UUID


async def keep_layout(uow: UnitOfWork, version_id: UUID, layout: Layout | None) -> None:
    """Keep how a version's text is laid out, instead of what was kept before."""
    whose = {"document_version_id": version_id, "workspace_id": uow.workspace_id}
    if layout is None:
        uow.defer(_FORGET_LAYOUT, whose)
        return
    values = {
        "kinds": layout.kinds, "starts": list(layout.starts), "ends": list(layout.ends),
        "levels": list(layout.levels), "pages": list(layout.pages), "labels": list(layout.labels),
    }  # fmt: skip
    await uow.write(_KEEP_LAYOUT, {**whose, **values})


async def list_lacking(
    uow: UnitOfWork, current_id: UUID, set_id: UUID, most: int, after: UUID | None = None
) -> list[UUID]:
    """Versions that are searched and that another set has no passages of, in order."""
    given = {"current_id": current_id, "set_id": set_id, "most": most, "after": after}
    return [row.document_version_id for row in await uow.rows(_Lacking, _LIST_LACKING, given)]


async def list_texts(uow: UnitOfWork, version_ids: Sequence[UUID]) -> list[StoredText]:
    """The texts of some versions, with their layouts."""
    return await uow.rows(StoredText, _LIST_TEXTS, {"ids": list(version_ids)})


async def list_passages(uow: UnitOfWork, set_id: UUID, version_ids: Sequence[UUID]) -> dict[UUID, list[StoredPassage]]:
    """The passages of some versions in a set, in order."""
    found: dict[UUID, list[StoredPassage]] = {version_id: [] for version_id in version_ids}
    for row in await uow.rows(StoredPassage, _LIST_PASSAGES, {"set_id": set_id, "ids": list(version_ids)}):
        found[row.version_id].append(row)
    return found


async def hold_versions(uow: UnitOfWork, version_ids: Sequence[UUID]) -> set[UUID]:
    """Those of some versions that are current ones; they stay so until the unit ends."""
    return {row.id for row in await uow.rows(_Held, _HOLD, {"ids": list(version_ids)})}


async def measure_set(uow: UnitOfWork, set_id: UUID) -> SetAmount:
    """How much there is in a set to make vectors of."""
    (found,) = await uow.rows(SetAmount, _MEASURE, {"set_id": set_id})
    return found


async def count_set(uow: UnitOfWork, set_id: UUID) -> SetCounts:
    """How far a set is."""
    (found,) = await uow.rows(SetCounts, _COUNT, {"set_id": set_id})
    return found
