"""The SQL of looks for remains, and of removing them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import case, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.files.models import StoredFile
from convosphere.knowledge.health.models import RUNNING, KnowledgeScan
from convosphere.knowledge.models import Document, DocumentVersion

MOST_NAMED: Final = 100
ABANDONED_MINUTES: Final = 60
"""After so long a look that is said to run is believed dead, and another one may begin."""

_LOST_VERSIONS = text("""
    SELECT DISTINCT p.document_version_id FROM passage AS p
    WHERE NOT EXISTS (SELECT FROM document AS d WHERE d.current_version_id = p.document_version_id) LIMIT :most
""")
_MISCOUNTED = text("""
    SELECT s.id FROM passage_set AS s
    WHERE s.passage_count <> (SELECT count(*) FROM passage AS p WHERE p.passage_set_id = s.id)
        OR (s.passage_count = 0 AND EXISTS (SELECT FROM document_frequency AS f WHERE f.passage_set_id = s.id))
    ORDER BY s.id
""")
# What `queries.removal` looks for, besides passages, which are taken out together with what was counted of them.
_DELETIONS: Final = (
    text("""
        DELETE FROM passage_vector AS e USING vector_set AS s
        WHERE s.id = e.vector_set_id AND NOT EXISTS (
            SELECT FROM passage AS p WHERE p.passage_set_id = s.passage_set_id
                AND p.document_version_id = e.document_version_id AND p.number = e.number)
    """),
    text("""
        DELETE FROM access_grant AS g
        WHERE g.object_type = 'document' AND NOT EXISTS (SELECT FROM document AS d WHERE d.id = g.object_id)
    """),
    text("""
        DELETE FROM document_preview AS p
        WHERE NOT EXISTS (SELECT FROM document_version AS v WHERE v.id = p.document_version_id)
            OR (p.sha256 IS NOT NULL AND NOT EXISTS (
                SELECT FROM file_reference AS r WHERE r.sha256 = p.sha256 AND r.holder_id = p.document_version_id))
    """),
)


async def begin_scan(uow: UnitOfWork, scan_id: UUID, *, is_cleaning: bool) -> bool:
    """Note that a look begins, in the place of the one before; False if that still goes on."""
    row = {
        "workspace_id": uow.workspace_id, "id": scan_id, "account_id": uow.account_id, "state": RUNNING,
        "is_cleaning": is_cleaning, "findings": {}, "missing_ids": [], "started_at": func.now(), "ended_at": None,
    }  # fmt: skip
    is_over = or_(
        col(KnowledgeScan.state) != RUNNING,
        col(KnowledgeScan.started_at) < func.now() - func.make_interval(0, 0, 0, 0, 0, ABANDONED_MINUTES),
    )
    new = insert(KnowledgeScan).values(row)
    kept = {name: new.excluded[name] for name in row if name not in {"workspace_id", "findings"}}
    # What was found last stays to be read until there is something newer.
    began = new.on_conflict_do_update(index_elements=["workspace_id"], set_=kept, where=is_over)
    return await uow.session.scalar(began.returning(col(KnowledgeScan.id))) is not None


async def get_scan(uow: UnitOfWork) -> KnowledgeScan | None:
    """The latest look."""
    return await uow.session.scalar(select(KnowledgeScan).where(col(KnowledgeScan.workspace_id) == uow.workspace_id))


async def end_scan(
    uow: UnitOfWork, scan_id: UUID, *, state: str, findings: Mapping[str, int], missing_ids: Sequence[UUID]
) -> None:
    """Note how a look ended, unless a later one took its place."""
    values = {"state": state, "findings": dict(findings), "missing_ids": list(missing_ids), "ended_at": func.now()}
    await uow.session.execute(update(KnowledgeScan).where(col(KnowledgeScan.id) == scan_id).values(values))


async def list_lost_versions(uow: UnitOfWork, most: int) -> list[UUID]:
    """Some versions that have passages, and that no document shows."""
    return list(await uow.session.scalars(_LOST_VERSIONS, {"most": most}))


async def list_miscounted(uow: UnitOfWork) -> list[UUID]:
    """The passage sets whose counts are not those of their passages."""
    return list(await uow.session.scalars(_MISCOUNTED))


async def delete_remains(uow: UnitOfWork) -> int:
    """Delete vectors, grants and previews without what they belong to; gives how many."""
    return sum([(await uow.session.execute(statement)).rowcount for statement in _DELETIONS])  # pyright: ignore[reportAttributeAccessIssue]  # Of a deletion.


async def list_without_file(uow: UnitOfWork, missing: Collection[str]) -> list[UUID]:
    """Documents whose current content is not stored, or is one of those that are missing on the disk."""
    is_stored = case((col(StoredFile.sha256).in_(missing), False), else_=col(StoredFile.sha256).is_not(None))
    rows = await uow.session.scalars(
        select(col(Document.id))
        .join(DocumentVersion, col(DocumentVersion.id) == col(Document.current_version_id))
        .outerjoin(StoredFile, col(StoredFile.sha256) == col(DocumentVersion.sha256))
        .where(~is_stored)
        .order_by(col(Document.id))
        .limit(MOST_NAMED)
    )
    return list(rows)
