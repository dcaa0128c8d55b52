"""The SQL of what goes with documents, and of what stays behind if it does not."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from convosphere.core.unit_of_work import UnitOfWork

_LIST_VERSIONS = text("""
    SELECT v.id, v.document_id, v.size, coalesce(length(v.text), 0) AS characters, (
        SELECT count(*)::int FROM document_preview AS p WHERE p.document_version_id = v.id AND p.sha256 IS NOT NULL
    ) AS previews, coalesce(cardinality(o.starts), 0) AS retired
    FROM document_version AS v LEFT JOIN version_outline AS o ON o.document_version_id = v.id
    WHERE v.document_id = ANY(CAST(:ids AS uuid[]))
""")


@dataclass(frozen=True)
class VersionSize:
    """A version, how large its file is in bytes, how long its text, how many pictures were made of it, and of how many
    passages that are not searched."""

    id: UUID
    document_id: UUID
    size: int
    characters: int
    previews: int
    retired: int


# Foreign keys keep versions with their documents; what no key can keep is looked for here.
_FINDINGS = text("""
    SELECT 'passages' AS kind, count(*)::int AS count FROM passage AS p
    WHERE NOT EXISTS (SELECT FROM document AS d WHERE d.current_version_id = p.document_version_id)
    UNION ALL
    SELECT 'vectors', count(*)::int FROM passage_vector AS e JOIN vector_set AS s ON s.id = e.vector_set_id
    WHERE NOT EXISTS (
        SELECT FROM passage AS p WHERE p.passage_set_id = s.passage_set_id
            AND p.document_version_id = e.document_version_id AND p.number = e.number)
    UNION ALL
    SELECT 'frequencies', count(*)::int FROM passage_set AS s
    WHERE s.passage_count <> (SELECT count(*) FROM passage AS p WHERE p.passage_set_id = s.id)
        OR (s.passage_count = 0 AND EXISTS (SELECT FROM document_frequency AS f WHERE f.passage_set_id = s.id))
    UNION ALL
    SELECT 'sets', count(*)::int FROM passage_set WHERE state = 'leaving'
    UNION ALL
    SELECT 'grants', count(*)::int FROM access_grant AS g
    WHERE g.object_type = 'document' AND NOT EXISTS (SELECT FROM document AS d WHERE d.id = g.object_id)
    UNION ALL
    SELECT 'texts', count(*)::int FROM document_version AS v
    WHERE NOT EXISTS (SELECT FROM document AS d WHERE d.id = v.document_id)
    UNION ALL
    SELECT 'previews', count(*)::int FROM document_preview AS p
    WHERE NOT EXISTS (SELECT FROM document_version AS v WHERE v.id = p.document_version_id)
        OR (p.sha256 IS NOT NULL AND NOT EXISTS (
            SELECT FROM file_reference AS r WHERE r.sha256 = p.sha256 AND r.holder_id = p.document_version_id))
""")


@dataclass(frozen=True)
class Finding:
    """A kind of remains, and how many there are of it."""

    kind: str
    count: int


async def find_remains(uow: UnitOfWork) -> list[Finding]:
    """What is in the workspace without the document that it came from."""
    return await uow.rows(Finding, _FINDINGS, {})


async def list_versions(uow: UnitOfWork, document_ids: Sequence[UUID]) -> list[VersionSize]:
    """All versions of some documents."""
    return await uow.rows(VersionSize, _LIST_VERSIONS, {"ids": list(document_ids)})
