"""Which run works on a document. Every write of a run holds only while the document carries the run's id.

A run reads a document's first version, of which its status tells, or the one that is to take over: that one leaves the
status alone, since the version before it goes on answering.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, text, update
from sqlmodel import col

from convosphere.core.identifiers import new_id
from convosphere.core.jobs import InUseError
from convosphere.core.model import utc_now
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.ledger.schemas import Work
from convosphere.knowledge.models import Document, DocumentStatus, DocumentVersion
from convosphere.knowledge.parsing.properties import author_of, dated_on
from convosphere.knowledge.parsing.schemas import ParsedDocument
from convosphere.knowledge.queries.documents import WORKING

LEASE = timedelta(seconds=20)
_TAKE_OVER = text("""
    UPDATE document SET
        title = CASE WHEN 'title' = ANY(stated) THEN title ELSE :title END,
        author = CASE WHEN 'author' = ANY(stated) THEN author ELSE :author END,
        language = CASE WHEN 'language' = ANY(stated) THEN language ELSE :language END,
        dated_on = CASE WHEN 'dated_on' = ANY(stated) THEN dated_on ELSE CAST(:dated_on AS date) END
    WHERE id = :document_id
""")


class RunLostError(Exception):
    """The document is gone, or another run has it; whatever this one did is to be dropped."""


async def claim(uow: UnitOfWork, document_id: UUID, version_id: UUID) -> Work | None:
    """Take a document to work on; None if there is nothing to do.

    Raises:
        InUseError: another run has it now.
    """
    is_free = or_(col(Document.run_until).is_(None), col(Document.run_until) < func.now())
    claimed = await uow.session.execute(
        update(Document)
        .where(
            col(Document.id) == document_id,
            _needs_work(version_id),
            is_free,
            col(DocumentVersion.id) == version_id,
            col(DocumentVersion.document_id) == col(Document.id),
        )
        .values(run_id=new_id(), run_until=func.now() + LEASE, interruptions=col(Document.interruptions) + 1)
        .returning(
            col(Document.run_id),
            col(Document.interruptions),
            col(DocumentVersion.sha256),
            col(DocumentVersion.file_name),
            col(Document.owner_id),
            col(Document.is_attached),
            col(Document.current_version_id),
            col(DocumentVersion.author_id),
        )
        .execution_options(synchronize_session=False)
    )
    if (run := claimed.first()) is None:
        if await uow.session.scalar(
            select(col(Document.id)).where(col(Document.id) == document_id, _needs_work(version_id))
        ):
            raise InUseError
        return None
    return Work(
        run.run_id, uow.workspace_id, document_id, version_id, run.sha256, run.file_name, run.interruptions - 1,
        run.owner_id, run.is_attached, run.author_id,
        None if run.current_version_id == version_id else run.current_version_id,
    )  # fmt: skip


async def renew(uow: UnitOfWork, work: Work, *, status: DocumentStatus, done: int, total: int) -> None:
    """Say that the run lives, and how far it is.

    Raises:
        RunLostError: it has lost the document.
    """
    told: dict[str, object] = {} if work.replaces else {"status": status}
    await _update(uow, work, run_until=func.now() + LEASE, progress_done=done, progress_total=total, **told)


async def store_reading(uow: UnitOfWork, work: Work, parsed: ParsedDocument) -> None:
    """Store what was read of a version; the caller has called `finish` in this unit of work.

    Its document takes over what the file says of itself, but for what a person set.
    """
    await uow.session.execute(
        update(DocumentVersion)
        .where(col(DocumentVersion.id) == work.version_id)
        .values(
            title=parsed.title,
            language=parsed.language,
            pages=parsed.pages,
            text=parsed.text,
            properties=parsed.metadata,
            origins=parsed.origins,
            warnings=[{"code": told.code, "page": told.page, "part": told.part} for told in parsed.warnings],
            parsed_at=func.now(),
            described_from=parsed.described_from,
        )
    )
    told = {"title": parsed.title, "author": author_of(parsed.metadata), "language": parsed.language}
    uow.defer(_TAKE_OVER, {"document_id": work.document_id, "dated_on": dated_on(parsed.metadata), **told})


async def finish(uow: UnitOfWork, work: Work, status: DocumentStatus, error: dict[str, Any] | None = None) -> None:
    """Let go of a document that is done, one way or the other. A version that was read is the current one from now on.

    Raises:
        RunLostError: the run has lost the document.
    """
    told: dict[str, object] = {"status": status, "error": error}
    if status == DocumentStatus.READY:
        told["current_version_id"] = work.version_id
    elif work.replaces:
        told = {}
    await _update(
        uow, work, next_version_id=None, run_id=None, run_until=None, interruptions=0, progress_done=0,
        progress_total=0, **told,
    )  # fmt: skip


async def give_back(uow: UnitOfWork, work: Work) -> None:
    """Let go of a document that another run will finish; this one ended in order.

    Raises:
        RunLostError: the run has lost the document.
    """
    told: dict[str, object] = {} if work.replaces else {"status": DocumentStatus.STORED}
    await _update(
        uow, work, run_id=None, run_until=None, interruptions=work.interruptions, progress_done=0, progress_total=0,
        **told,
    )  # fmt: skip


async def begin(uow: UnitOfWork, document: Document, version_id: UUID) -> None:
    """Make a version of a locked document the one to be read next, instead of whatever was to be.

    If the document was read before, it stays as it is until then; else the version is the current one from now on.
    """
    if document.status == DocumentStatus.READY:
        document.next_version_id = version_id
    else:
        document.current_version_id, document.status, document.error = version_id, DocumentStatus.STORED.value, None
    document.run_id = document.run_until = None
    document.interruptions = document.progress_done = document.progress_total = 0
    document.updated_at = utc_now()
    await uow.session.flush()


async def reset(uow: UnitOfWork, document_id: UUID) -> None:
    """Make a document that failed ready for another run."""
    await _reset(uow, col(Document.id) == document_id)


async def reset_all(uow: UnitOfWork, document_ids: Sequence[UUID]) -> None:
    """The same of many."""
    await _reset(uow, col(Document.id).in_(document_ids))


async def _reset(uow: UnitOfWork, condition: ColumnElement[bool]) -> None:
    await uow.session.execute(
        update(Document)
        .where(condition)
        .values(status=DocumentStatus.STORED, error=None, interruptions=0, run_id=None, run_until=None,
                updated_at=func.now())
        .execution_options(synchronize_session=False)
    )  # fmt: skip


def _needs_work(version_id: UUID) -> ColumnElement[bool]:
    is_first = (col(Document.current_version_id) == version_id) & col(Document.status).in_(WORKING)
    return is_first | (col(Document.next_version_id) == version_id)


async def _update(uow: UnitOfWork, work: Work, **values: object) -> None:
    updated = await uow.session.execute(
        update(Document)
        .where(col(Document.id) == work.document_id, col(Document.run_id) == work.run_id)
        .values(updated_at=func.now(), **values)
        .returning(col(Document.id))
    )
    if updated.first() is None:
        raise RunLostError
