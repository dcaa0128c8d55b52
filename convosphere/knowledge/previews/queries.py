"""The SQL of what was made of documents. The caller has fetched the document."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.errors import DocumentNotFoundError
from convosphere.knowledge.models import DocumentVersion
from convosphere.knowledge.previews.models import DocumentPreview
from convosphere.knowledge.previews.schemas import Part


async def find_part(uow: UnitOfWork, version_id: UUID, part: Part) -> DocumentPreview | None:
    """What was made of a version, if somebody tried to."""
    return await uow.session.get(DocumentPreview, (version_id, part))


async def hold_version(uow: UnitOfWork, version_id: UUID) -> None:
    """Keep a version from being deleted until the unit ends.

    Raises:
        DocumentNotFoundError: it is gone.
    """
    held = select(col(DocumentVersion.id)).where(col(DocumentVersion.id) == version_id)
    if await uow.session.scalar(held.with_for_update(key_share=True, read=True)) is None:
        raise DocumentNotFoundError


async def add_part(uow: UnitOfWork, version_id: UUID, part: Part, sha256: str | None, size: int) -> None:
    """Note what was made, or that nothing can be; what somebody noted at the same time stays."""
    row = {
        "document_version_id": version_id, "kind": part, "workspace_id": uow.workspace_id, "sha256": sha256,
        "size": size,
    }  # fmt: skip
    await uow.session.execute(insert(DocumentPreview).values(row).on_conflict_do_nothing())
