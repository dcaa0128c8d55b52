"""Keeping sketches, finding what is alike by them, and which of that an actor sees."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select, text, union_all
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.models import Account
from convosphere.knowledge.duplicates.models import DocumentLikeness as _Likeness
from convosphere.knowledge.duplicates.schemas import AlikeUpload
from convosphere.knowledge.duplicates.sketches import Sketch
from convosphere.knowledge.models import Document, DocumentVersion
from convosphere.knowledge.queries.access import may_access_document

MOST_ALIKE = 10
"""Others that one version is said to be like. Of a thousand equal files each names ten, which joins them all."""
_MOST_OF_BAND = 40
_MOST_CANDIDATES = 40

_ADD_SKETCH = text("""
    WITH sketch AS (
        INSERT INTO document_sketch (document_version_id, workspace_id, minima)
        VALUES (:version_id, :workspace_id, CAST(:minima AS integer[])) ON CONFLICT DO NOTHING
    )
    INSERT INTO sketch_band (document_version_id, workspace_id, hash)
    SELECT :version_id, :workspace_id, b.hash FROM unnest(CAST(:bands AS bigint[])) AS b (hash) ON CONFLICT DO NOTHING
""")
# However many share a band, only so many of them are looked at: they are like one another, too.
_LIST_CANDIDATES = text("""
    SELECT c.document_version_id AS version_id, s.minima FROM (
        SELECT o.document_version_id FROM unnest(CAST(:bands AS bigint[])) AS b (hash)
        CROSS JOIN LATERAL (
            SELECT k.document_version_id FROM sketch_band AS k
            WHERE k.workspace_id = :workspace_id AND k.hash = b.hash ORDER BY k.document_version_id DESC LIMIT :of_band
        ) AS o
        GROUP BY o.document_version_id ORDER BY count(*) DESC, o.document_version_id DESC LIMIT :most
    ) AS c
    JOIN document_sketch AS s ON s.document_version_id = c.document_version_id
    JOIN document AS d ON d.current_version_id = c.document_version_id AND d.id <> :document_id
""")
_ADD_LIKENESSES = text("""
    INSERT INTO document_likeness (version_id, other_id, workspace_id, percent, is_same_file)
    SELECT :version_id, n.other_id, :workspace_id, n.percent, :is_same_file
    FROM unnest(CAST(:other_ids AS uuid[]), CAST(:percents AS integer[])) AS n (other_id, percent)
    ON CONFLICT DO NOTHING
""")
_LIST_PAIRS_OF = text("""
    SELECT CAST(:document_id AS uuid) AS first, d.id AS second, l.percent, l.is_same_file
    FROM document_likeness AS l JOIN document AS d
        ON d.current_version_id = CASE WHEN l.version_id = :version_id THEN l.other_id ELSE l.version_id END
    WHERE (l.version_id = :version_id OR l.other_id = :version_id) AND l.kept_at IS NULL
    ORDER BY l.percent DESC LIMIT :most
""")
_KEEP_PAIRS = text("""
    UPDATE document_likeness AS l SET kept_at = now() FROM document AS d
    WHERE d.id = ANY(CAST(:other_ids AS uuid[])) AND l.kept_at IS NULL
        AND ((l.version_id = :version_id AND l.other_id = d.current_version_id)
            OR (l.other_id = :version_id AND l.version_id = d.current_version_id))
""")
_FORGET_SKETCH = text("""
    WITH bands AS (DELETE FROM sketch_band WHERE document_version_id = :version_id)
    DELETE FROM document_sketch WHERE document_version_id = :version_id
""")


@dataclass(frozen=True)
class Candidate:
    """A version that has a band in common with another one."""

    version_id: UUID
    minima: list[int]


@dataclass(frozen=True)
class SameFile:
    """A document whose current file is the same, whether the actor sees it, and whether they manage it."""

    id: UUID
    version_id: UUID
    name: str
    is_seen: bool
    is_managed: bool


@dataclass(frozen=True)
class Pair:
    """Two documents that are alike."""

    first: UUID
    second: UUID
    percent: int
    is_same_file: bool


@dataclass(frozen=True)
class SeenDocument:
    """A document that the actor sees, in its current version."""

    id: UUID
    name: str
    owner_id: UUID
    owner_name: str
    created_at: datetime
    size: int
    can_edit: bool
    can_manage: bool


def add_sketch(uow: UnitOfWork, version_id: UUID, sketch: Sketch) -> None:
    """Let a version be found by what is like it, from the end of the unit on."""
    values = {"version_id": version_id, "minima": list(sketch.minima), "bands": list(sketch.bands)}
    uow.defer(_ADD_SKETCH, {**values, "workspace_id": uow.workspace_id})


async def forget_sketch(uow: UnitOfWork, version_id: UUID) -> None:
    """Let it be found no more."""
    await uow.session.execute(_FORGET_SKETCH, {"version_id": version_id})


async def list_candidates(uow: UnitOfWork, document_id: UUID, sketch: Sketch) -> list[Candidate]:
    """Current versions of other documents that may be like a sketch, those with most bands in common first."""
    given = {"bands": list(sketch.bands), "workspace_id": uow.workspace_id, "document_id": document_id}
    return await uow.rows(Candidate, _LIST_CANDIDATES, {**given, "of_band": _MOST_OF_BAND, "most": _MOST_CANDIDATES})


def add_likenesses(uow: UnitOfWork, version_id: UUID, percents: dict[UUID, int], *, is_same_file: bool = False) -> None:
    """Note, at the end of the unit, which others a version is like; what was noted before stays."""
    values = {"version_id": version_id, "other_ids": list(percents), "percents": list(percents.values())}
    uow.defer(_ADD_LIKENESSES, {**values, "workspace_id": uow.workspace_id, "is_same_file": is_same_file})


async def list_same_files(uow: UnitOfWork, document_id: UUID, sha256: str) -> list[SameFile]:
    """Other documents of the workspace whose current file this is, and whether the actor sees and manages them."""
    is_seen = may_access_document(uow, "view")
    statement = (
        select(
            col(Document.id),
            col(DocumentVersion.id).label("version_id"),
            col(Document.name),
            is_seen.label("is_seen"),
            may_access_document(uow, "manage").label("is_managed"),
        )
        .join(DocumentVersion, col(DocumentVersion.id) == col(Document.current_version_id))
        .where(
            col(DocumentVersion.workspace_id) == uow.workspace_id,
            col(DocumentVersion.sha256) == sha256,
            col(Document.id) != document_id,
            ~col(Document.is_attached),
        )
        .order_by(is_seen.desc(), col(Document.id))
        .limit(MOST_ALIKE)
    )
    return [SameFile(**row) for row in (await uow.session.execute(statement)).mappings()]


async def list_pairs(uow: UnitOfWork, most: int) -> list[Pair]:
    """What is alike of the documents that the actor sees; what was found last comes first."""
    listed = and_(may_access_document(uow, "view"), ~col(Document.is_attached))
    seen = select(col(Document.id), col(Document.current_version_id)).where(listed).cte("seen")
    first, second = seen.alias("one"), seen.alias("two")
    statement = (
        select(
            first.c.id.label("first"), second.c.id.label("second"), col(_Likeness.percent), col(_Likeness.is_same_file)
        )
        .join_from(_Likeness, first, first.c.current_version_id == col(_Likeness.version_id))
        .join(second, second.c.current_version_id == col(_Likeness.other_id))
        .where(col(_Likeness.kept_at).is_(None))
        .order_by(col(_Likeness.created_at).desc(), col(_Likeness.percent).desc())
        .limit(most)
    )
    return [Pair(**row) for row in (await uow.session.execute(statement)).mappings()]


async def list_pairs_of(uow: UnitOfWork, document: Document, most: int = MOST_ALIKE) -> list[Pair]:
    """What one document is like, whoever sees that."""
    given = {"version_id": document.current_version_id, "document_id": document.id, "most": most}
    return await uow.rows(Pair, _LIST_PAIRS_OF, given)


async def list_alike_uploads(uow: UnitOfWork, document_ids: Sequence[UUID]) -> list[AlikeUpload]:
    """Those of some documents that the actor manages and that are nearly the same as an older one the actor sees.

    Each with the one that it is most like. Ids are in the order of time: of two uploads at once the later one is told.
    """
    uploads = (
        select(col(Document.id), col(Document.current_version_id).label("version_id"))
        .where(col(Document.id).in_(document_ids), may_access_document(uow, "manage"), ~col(Document.is_attached))
        .cte("uploads")
    )
    is_told = and_(col(_Likeness.kept_at).is_(None), ~col(_Likeness.is_same_file))
    version_id, other_id, percent = col(_Likeness.version_id), col(_Likeness.other_id), col(_Likeness.percent)
    alike = union_all(
        select(uploads.c.id, other_id.label("other"), percent).where(is_told, version_id == uploads.c.version_id),
        select(uploads.c.id, version_id.label("other"), percent).where(is_told, other_id == uploads.c.version_id),
    ).subquery("alike")
    statement = (
        select(
            alike.c.id, col(Document.id).label("other_id"), col(Document.name).label("other_name"), alike.c.percent,
            may_access_document(uow, "edit").label("can_edit_other"),
            may_access_document(uow, "manage").label("can_manage_other"),
        )
        .ext(distinct_on(alike.c.id))
        .join_from(alike, Document, col(Document.current_version_id) == alike.c.other)
        .where(may_access_document(uow, "view"), ~col(Document.is_attached), col(Document.id) < alike.c.id)
        .order_by(alike.c.id, alike.c.percent.desc(), col(Document.id))
    )  # fmt: skip
    return [AlikeUpload(**row) for row in (await uow.session.execute(statement)).mappings()]


async def list_seen(uow: UnitOfWork, document_ids: Sequence[UUID]) -> dict[UUID, SeenDocument]:
    """Those of some documents that the actor sees."""
    statement = (
        select(
            col(Document.id), col(Document.name), col(Document.owner_id), col(Account.name).label("owner_name"),
            col(Document.created_at), col(DocumentVersion.size),
            may_access_document(uow, "edit").label("can_edit"), may_access_document(uow, "manage").label("can_manage"),
        )
        .join(DocumentVersion, col(DocumentVersion.id) == col(Document.current_version_id))
        .join(Account, col(Account.id) == col(Document.owner_id))
        .where(col(Document.id).in_(document_ids), may_access_document(uow, "view"))
    )  # fmt: skip
    rows = (await uow.session.execute(statement)).mappings()
    return {row["id"]: SeenDocument(**row) for row in rows}


async def keep_pairs(uow: UnitOfWork, document: Document, other_ids: Collection[UUID]) -> None:
    """Note that a document and some others that it is like are all wanted as they are now."""
    given = {"version_id": document.current_version_id, "other_ids": list(other_ids)}
    await uow.session.execute(_KEEP_PAIRS, given)
