"""The SQL of what was made of documents. The caller has fetched the document."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import defer
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.errors import DocumentNotFoundError
from convosphere.knowledge.models import DocumentVersion
from convosphere.knowledge.previews.models import DocumentPreview
from convosphere.knowledge.previews.schemas import Part

_IN_VAIN: Final = timedelta(days=1)
"""Afterwards it is tried again: a machine that was too busy then may make it now."""


async def get_version(uow: UnitOfWork, document_id: UUID, version_id: UUID) -> DocumentVersion:
    """A version of a document, without its text, which may be long.

    Raises:
        DocumentNotFoundError: the document has no such version.
    """
    statement = select(DocumentVersion).where(
        col(DocumentVersion.id) == version_id, col(DocumentVersion.document_id) == document_id
    )
    without_text = defer(DocumentVersion.text)  # pyright: ignore[reportArgumentType]  # SQLModel types it as a value.
    version = await uow.session.scalar(statement.options(without_text))
    if version is None:
        raise DocumentNotFoundError
    return version


async def find_part(uow: UnitOfWork, version_id: UUID, part: Part) -> DocumentPreview | None:
    """What was made of a version, if somebody tried to, in vain only lately."""
    made = col(DocumentPreview.sha256).is_not(None) | (col(DocumentPreview.created_at) > func.now() - _IN_VAIN)
    of_version = (col(DocumentPreview.document_version_id) == version_id) & (col(DocumentPreview.kind) == part)
    return await uow.session.scalar(select(DocumentPreview).where(of_version, made))


async def hold_version(uow: UnitOfWork, version_id: UUID) -> None:
    """Keep a version from being deleted until the unit ends.

    Raises:
        DocumentNotFoundError: it is gone.
    """
    held = select(col(DocumentVersion.id)).where(col(DocumentVersion.id) == version_id)
    if await uow.session.scalar(held.with_for_update(key_share=True, read=True)) is None:
        raise DocumentNotFoundError


async def add_part(uow: UnitOfWork, version_id: UUID, part: Part, sha256: str | None, size: int) -> None:
    """Note what was made, or that nothing can be; what somebody made at the same time stays."""
    row = {
        "document_version_id": version_id, "kind": part, "workspace_id": uow.workspace_id, "sha256": sha256,
        "size": size,
    }  # fmt: skip
    noted = insert(DocumentPreview).values(row)
    values = {"sha256": noted.excluded.sha256, "size": noted.excluded.size, "created_at": func.now()}
    keys = [col(DocumentPreview.document_version_id), col(DocumentPreview.kind)]
    in_vain = col(DocumentPreview.sha256).is_(None)
    await uow.session.execute(noted.on_conflict_do_update(index_elements=keys, set_=values, where=in_vain))
