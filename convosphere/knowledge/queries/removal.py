"""The SQL of what goes with documents, and of what stays behind if it does not."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from convosphere.core.unit_of_work import UnitOfWork

_LIST_VERSIONS = text(
    "SELECT id, document_id, size, coalesce(length(text), 0) AS characters FROM document_version"
    " WHERE document_id = ANY(CAST(:ids AS uuid[]))"
)


@dataclass(frozen=True)
class VersionSize:
    """A version, how large its file is in bytes, and how long its text."""

    id: UUID
    document_id: UUID
    size: int
    characters: int


async def list_versions(uow: UnitOfWork, document_ids: Sequence[UUID]) -> list[VersionSize]:
    """All versions of some documents."""
    return await uow.rows(VersionSize, _LIST_VERSIONS, {"ids": list(document_ids)})
