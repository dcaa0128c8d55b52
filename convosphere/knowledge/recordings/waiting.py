"""Documents that waited for a model: once one is chosen, they are read by themselves."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.models import Document, DocumentStatus, DocumentVersion
from convosphere.knowledge.parsing.errors import NoTextError, RecognitionMissingError
from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.queries.processing import reset_all
from convosphere.knowledge.recordings.errors import SpeechModelMissingError
from convosphere.knowledge.service.announcements import announce, enqueue_processing_of

_OF_PICTURES: Final = (NoTextError.code, RecognitionMissingError.code)


async def read_recordings(uow: UnitOfWork) -> None:
    """Read what failed since nobody wrote down what is said."""
    await _read_again(uow, [SpeechModelMissingError.code], list(DocumentType))


async def read_pictures(uow: UnitOfWork) -> None:
    """Read pictures of which nothing could be read, as somebody may say now what they show."""
    await _read_again(uow, _OF_PICTURES, [DocumentType.IMAGE])


async def _read_again(uow: UnitOfWork, codes: Sequence[str], kinds: Sequence[str]) -> None:
    statement = (
        select(Document)
        .join(DocumentVersion, col(DocumentVersion.id) == col(Document.current_version_id))
        .where(
            col(Document.workspace_id) == uow.workspace_id,
            col(Document.status) == DocumentStatus.FAILED,
            col(Document.error)["code"].astext.in_(codes),
            col(DocumentVersion.media_type).in_(kinds),
        )
        .with_for_update(of=Document)
    )
    waiting = list(await uow.session.scalars(statement))
    if waiting:
        await reset_all(uow, [document.id for document in waiting])
        await enqueue_processing_of(uow, waiting)
        await announce(uow, *(document.id for document in waiting))
