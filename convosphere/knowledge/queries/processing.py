"""Which run works on a document. Every write of a run holds only while the document carries the run's id.

A run reads a document's first version, of which its status tells, or the one that is to take over: that one leaves the
status alone, since the version before it goes on answering.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import ColumnElement, func, text, update
from sqlmodel import col

from convosphere.core.identifiers import new_id
from convosphere.core.jobs import InUseError
from convosphere.core.model import utc_now
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.ledger.schemas import Work
from convosphere.knowledge.models import Document, DocumentStatus
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


_CLAIM = text("""
    UPDATE document AS d SET run_id = :run_id, run_until = now() + :lease, interruptions = d.interruptions + 1
    FROM document_version AS v
    WHERE d.id = :document_id AND v.id = :version_id AND v.document_id = d.id
        AND (d.current_version_id = :version_id AND d.status = ANY(:working) OR d.next_version_id = :version_id)
        AND (d.run_until IS NULL OR d.run_until < now())
    RETURNING d.interruptions, v.sha256, v.file_name, d.owner_id, d.is_attached, d.current_version_id, v.author_id
""")
_IS_CLAIMED = text("""
    SELECT d.id FROM document AS d WHERE d.id = :document_id
        AND (d.current_version_id = :version_id AND d.status = ANY(:working) OR d.next_version_id = :version_id)
""")
_FINISH = text("""
    UPDATE document SET updated_at = now(), next_version_id = NULL, run_id = NULL, run_until = NULL, interruptions = 0,
        progress_done = 0, progress_total = 0, status = coalesce(:status, status),
        error = CASE WHEN CAST(:status AS text) IS NULL THEN error ELSE CAST(:error AS jsonb) END,
        current_version_id = coalesce(:version_id, current_version_id)
    WHERE id = :document_id AND run_id = :run_id RETURNING id
""")
_STORE = text("""
    UPDATE document_version SET title = :title, language = :language, pages = :pages, text = :text,
        properties = CAST(:properties AS jsonb), origins = CAST(:origins AS jsonb),
        warnings = CAST(:warnings AS jsonb), parsed_at = now(), described_from = :described_from
    WHERE id = :version_id
""")


@dataclass(frozen=True)
class _Claimed:
    """What a run has to know of what it took."""

    interruptions: int
    sha256: str
    file_name: str
    owner_id: UUID
    is_attached: bool
    current_version_id: UUID
    author_id: UUID | None


@dataclass(frozen=True)
class _Found:
    id: UUID


class RunLostError(Exception):
    """The document is gone, or another run has it; whatever this one did is to be dropped."""


async def claim(uow: UnitOfWork, document_id: UUID, version_id: UUID) -> Work | None:
    """Take a document to work on; None if there is nothing to do.

    Raises:
        InUseError: another run has it now.
    """
    wanted = {"document_id": document_id, "version_id": version_id, "working": [each.value for each in WORKING]}
    run_id = new_id()
    run = await uow.row(_Claimed, _CLAIM, {**wanted, "run_id": run_id, "lease": LEASE})
    if run is None:
        if await uow.row(_Found, _IS_CLAIMED, wanted):
            raise InUseError
        return None
    return Work(
        run_id, uow.workspace_id, document_id, version_id, run.sha256, run.file_name, run.interruptions - 1,
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
    warnings = [{"code": told.code, "page": told.page, "part": told.part} for told in parsed.warnings]
    await uow.write(
        _STORE,
        {"version_id": work.version_id, "title": parsed.title, "language": parsed.language, "pages": parsed.pages,
         "text": parsed.text, "properties": Jsonb(parsed.metadata), "origins": Jsonb(parsed.origins),
         "warnings": Jsonb(warnings), "described_from": parsed.described_from},
    )  # fmt: skip
    told = {"title": parsed.title, "author": author_of(parsed.metadata), "language": parsed.language}
    uow.defer(_TAKE_OVER, {"document_id": work.document_id, "dated_on": dated_on(parsed.metadata), **told})


async def finish(uow: UnitOfWork, work: Work, status: DocumentStatus, error: dict[str, Any] | None = None) -> None:
    """Let go of a document that is done, one way or the other. A version that was read is the current one from now on.

    Raises:
        RunLostError: the run has lost the document.
    """
    is_read = status == DocumentStatus.READY
    is_told = is_read or not work.replaces
    finished = await uow.row(
        _Found,
        _FINISH,
        {"document_id": work.document_id, "run_id": work.run_id, "status": status.value if is_told else None,
         "error": Jsonb(error) if error else None, "version_id": work.version_id if is_read else None},
    )  # fmt: skip
    if finished is None:
        raise RunLostError


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


async def begin(uow: UnitOfWork, versions: Sequence[tuple[Document, UUID]]) -> None:
    """Make a version of each locked document the one to be read next, instead of whatever was to be.

    If a document was read before, it stays as it is until then; else the version is the current one from now on.
    """
    for document, version_id in versions:
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


async def _update(uow: UnitOfWork, work: Work, **values: object) -> None:
    updated = await uow.session.execute(
        update(Document)
        .where(col(Document.id) == work.document_id, col(Document.run_id) == work.run_id)
        .values(updated_at=func.now(), **values)
        .returning(col(Document.id))
    )
    if updated.first() is None:
        raise RunLostError
