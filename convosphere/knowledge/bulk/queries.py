"""The SQL of work on many documents. A job is its person's alone."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, literal, select, text, update
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.grants import Level
from convosphere.identity.models import AccessGrant, Account
from convosphere.knowledge.bulk.actions.base import Among
from convosphere.knowledge.bulk.errors import BulkJobNotFoundError
from convosphere.knowledge.bulk.models import BulkItem, BulkJob, BulkState, Outcome
from convosphere.knowledge.bulk.schemas import Preview, Selection, Verdict
from convosphere.knowledge.models import Document, DocumentFolder, DocumentTag, DocumentVersion, Tag
from convosphere.knowledge.queries.access import may_access_document, may_access_folder, may_access_trashed
from convosphere.knowledge.queries.documents import list_documents, list_trashed
from convosphere.knowledge.queries.filtering import matches
from convosphere.knowledge.queries.rows import is_given
from convosphere.knowledge.rules.queries import is_matched
from convosphere.knowledge.rules.schemas import RuleMatch
from convosphere.knowledge.schemas import DocumentMatch

IN_VAIN = (Outcome.REFUSED, Outcome.GONE, Outcome.FAILED)
_NAMED = 5

# One statement for the batch, and arrays instead of a statement for each row.
_SET_OUTCOMES = text("""
    UPDATE bulk_item AS i SET outcome = n.outcome, error = n.error, before = coalesce(n.before, i.before)
    FROM unnest(CAST(:numbers AS int[]), CAST(:outcomes AS text[]), CAST(CAST(:errors AS text[]) AS jsonb[]),
                CAST(CAST(:befores AS text[]) AS jsonb[])) AS n (number, outcome, error, before)
    WHERE i.bulk_job_id = :job_id AND i.number = n.number
""")


async def preview(uow: UnitOfWork, selection: Selection, among: Among, level: Level) -> Preview:
    """What is seen of a selection, how much of it may be touched, and who else sees it."""
    allowed = _may(uow, among, level)
    chosen = and_(_may(uow, among, "view"), _is_chosen(uow, selection))
    for_everyone = is_given().where(col(AccessGrant.subject_type) == "everyone")
    for_some = is_given().where(col(AccessGrant.subject_type) != "everyone")
    counts = (
        await uow.session.execute(
            select(
                func.count(),
                func.count().filter(allowed),
                func.count().filter(for_everyone),
                func.count().filter(and_(for_some, ~for_everyone)),
                func.count().filter(col(Document.owner_id) != uow.actor.account_id),
                func.coalesce(func.sum(col(DocumentVersion.size)), 0),
            )
            .join(DocumentVersion, col(DocumentVersion.id) == col(Document.current_version_id))
            .where(chosen)
        )
    ).one()
    names: list[str] = []
    if counts[0] > counts[1]:
        refused = select(col(Document.name)).where(chosen, ~allowed).order_by(func.lower(col(Document.name)))
        names = list(await uow.session.scalars(refused.limit(_NAMED)))
    return Preview(*counts[:5], bytes=int(counts[5]), refused_names=tuple(names))


async def add_job(uow: UnitOfWork, job: BulkJob, selection: Selection, among: Among) -> None:
    """Store a job with the list of its documents, as it is now."""
    uow.session.add(job)
    await uow.session.flush()
    number = func.row_number().over(order_by=col(Document.id))
    rows = select(
        literal(job.id), number, literal(uow.workspace_id), col(Document.id), col(Document.name),
        literal(Outcome.WAITING.value),
    ).where(_may(uow, among, "view"), _is_chosen(uow, selection))  # fmt: skip
    await _insert(uow, rows)
    job.total = await uow.session.scalar(_count(job.id)) or 0


async def add_job_of(uow: UnitOfWork, job: BulkJob, other_id: UUID, outcomes: Sequence[Outcome]) -> None:
    """Store a job with those documents of another one of which some became."""
    uow.session.add(job)
    await uow.session.flush()
    rows = select(
        literal(job.id), col(BulkItem.number), col(BulkItem.workspace_id), col(BulkItem.document_id),
        col(BulkItem.name), literal(Outcome.WAITING.value), col(BulkItem.before),
    ).where(col(BulkItem.bulk_job_id) == other_id, col(BulkItem.outcome).in_(outcomes))  # fmt: skip
    await _insert(uow, rows, "before")
    job.total = await uow.session.scalar(_count(job.id)) or 0


async def _insert(uow: UnitOfWork, rows: Any, *more: str) -> None:  # noqa: ANN401  # A select of any columns.
    names = ["bulk_job_id", "number", "workspace_id", "document_id", "name", "outcome", *more]
    await uow.session.execute(insert(BulkItem).from_select(names, rows))


def _count(job_id: UUID) -> Any:  # noqa: ANN401
    return select(func.count()).select_from(BulkItem).where(col(BulkItem.bulk_job_id) == job_id)


async def get_job(uow: UnitOfWork, job_id: UUID, *, lock: bool = False) -> BulkJob:
    """One of the actor's own jobs.

    Raises:
        BulkJobNotFoundError: there is none.
    """
    statement = select(BulkJob).where(col(BulkJob.id) == job_id, col(BulkJob.account_id) == uow.actor.account_id)
    statement = statement.execution_options(populate_existing=True)
    job = await uow.session.scalar(statement.with_for_update() if lock else statement)
    if job is None:
        raise BulkJobNotFoundError
    return job


async def list_jobs(uow: UnitOfWork, most: int) -> list[tuple[BulkJob, bool]]:
    """The actor's own jobs, the newest first, and of each whether another one takes or took it back."""
    other = BulkJob.__table__.alias()  # pyright: ignore[reportAttributeAccessIssue]  # Every table has one.
    undone = exists().where(other.c.undoes_id == col(BulkJob.id))
    statement = select(BulkJob, undone).where(col(BulkJob.account_id) == uow.actor.account_id)
    rows = await uow.session.execute(statement.order_by(col(BulkJob.id).desc()).limit(most))
    return [(row[0], row[1]) for row in rows]


async def is_undone(uow: UnitOfWork, job_id: UUID) -> bool:
    """Whether another job takes it back."""
    return bool(await uow.session.scalar(select(exists().where(col(BulkJob.undoes_id) == job_id))))


async def list_items(uow: UnitOfWork, job_id: UUID, *, only_in_vain: bool, skip: int, most: int) -> list[BulkItem]:
    """Documents of a job in order; the caller has fetched the job."""
    statement = select(BulkItem).where(col(BulkItem.bulk_job_id) == job_id)
    if only_in_vain:
        statement = statement.where(col(BulkItem.outcome).in_(IN_VAIN))
    return list(await uow.session.scalars(statement.order_by(col(BulkItem.number)).offset(skip).limit(most)))


async def next_items(uow: UnitOfWork, job_id: UUID, most: int, after: int | None = None) -> list[BulkItem]:
    """What still waits of a job, or, with `after`, whatever stands behind that number."""
    statement = select(BulkItem).where(col(BulkItem.bulk_job_id) == job_id)
    if after is None:
        statement = statement.where(col(BulkItem.outcome) == Outcome.WAITING.value)
    else:
        statement = statement.where(col(BulkItem.number) > after)
    return list(await uow.session.scalars(statement.order_by(col(BulkItem.number)).limit(most)))


async def fetch(uow: UnitOfWork, document_ids: Sequence[UUID], among: Among, level: Level) -> list[Document]:
    """Those of some documents with which the actor may do `level` now, locked in a fixed order."""
    listing = list_documents if among == "listed" else list_trashed
    return await listing(uow, document_ids, level)


async def list_seen(uow: UnitOfWork, document_ids: Sequence[UUID], among: Among) -> set[UUID]:
    """Those of some documents that the actor sees there."""
    seen = select(col(Document.id)).where(col(Document.id).in_(document_ids), _may(uow, among, "view"))
    return set(await uow.session.scalars(seen))


@dataclass(frozen=True)
class TakenRow:
    """A document as it goes into a file."""

    id: UUID
    workspace_id: UUID
    name: str
    folder: str
    tags: str
    """Names, joined by "; "."""
    status: str
    review_on: date | None
    reviewed_on: date | None
    author: str
    dated_on: date | None
    created_at: datetime
    updated_at: datetime
    sha256: str
    size: int
    file_name: str
    media_type: str
    title: str
    language: str
    pages: int | None
    number: int
    characters: int
    owner: str


async def list_taken(uow: UnitOfWork, document_ids: Sequence[UUID], level: Level) -> list[TakenRow]:
    """Those of some documents with which the actor may do `level` now, in order."""
    rows = await uow.session.execute(
        select(
            col(Document.id), col(Document.workspace_id), col(Document.name), _folder(uow).label("folder"),
            _tags().label("tags"), col(Document.status), col(Document.review_on), col(Document.reviewed_on),
            col(Document.author), col(Document.dated_on), col(Document.created_at), col(Document.updated_at),
            col(DocumentVersion.sha256), col(DocumentVersion.size), col(DocumentVersion.file_name),
            col(DocumentVersion.media_type), col(Document.title), col(Document.language),
            col(DocumentVersion.pages), col(DocumentVersion.number),
            func.coalesce(func.length(col(DocumentVersion.text)), 0).label("characters"),
            col(Account.name).label("owner"),
        )
        .join(DocumentVersion, col(DocumentVersion.id) == col(Document.current_version_id))
        .join(Account, col(Account.id) == col(Document.owner_id))
        .where(col(Document.id).in_(document_ids), may_access_document(uow, level))
        .order_by(col(Document.id))
    )  # fmt: skip
    return [TakenRow(**row) for row in rows.mappings()]


async def set_outcomes(uow: UnitOfWork, job_id: UUID, verdicts: Mapping[int, Verdict]) -> None:
    """Write down what became of documents, by their numbers."""
    said = list(verdicts.values())
    await uow.session.execute(
        _SET_OUTCOMES,
        {
            "job_id": job_id,
            "numbers": list(verdicts),
            "outcomes": [verdict.outcome.value for verdict in said],
            "errors": [_json(verdict.error.as_dict() if verdict.error else None) for verdict in said],
            "befores": [_json(verdict.before) for verdict in said],
        },
    )


async def note_error(uow: UnitOfWork, job_id: UUID, error: Mapping[str, Any] | None) -> None:
    """Say why a job waits, or that it does no more."""
    await uow.session.execute(
        update(BulkJob).where(col(BulkJob.id) == job_id, col(BulkJob.state) == BulkState.RUNNING).values(error=error)
    )


async def delete_old(uow: UnitOfWork, days: int) -> None:
    """Forget jobs that ended so long ago."""
    statement = text("DELETE FROM bulk_job WHERE ended_at < now() - make_interval(days => :days)")
    await uow.session.execute(statement, {"days": days})


def _may(uow: UnitOfWork, among: Among, level: Level) -> ColumnElement[bool]:
    return may_access_document(uow, level) if among == "listed" else may_access_trashed(uow, level)


def _folder(uow: UnitOfWork) -> ColumnElement[str]:
    """Names of the folders that a document lies in and that the actor sees, from the outermost, joined by "/"."""
    depth = func.cardinality(col(DocumentFolder.path))
    joined = (
        select(func.string_agg(col(DocumentFolder.name), aggregate_order_by(literal("/"), depth)))
        .where(col(DocumentFolder.id) == func.any(col(Document.folder_ids)), may_access_folder(uow, "view"))
        .correlate(Document)
        .scalar_subquery()
    )
    return func.coalesce(joined, "")


def _tags() -> ColumnElement[str]:
    """Names of the tags of a document in their order, joined by "; "."""
    joined = (
        select(func.string_agg(col(Tag.name), aggregate_order_by(literal("; "), func.lower(col(Tag.name)))))
        .join(DocumentTag, col(DocumentTag.tag_id) == col(Tag.id))
        .where(col(DocumentTag.document_id) == col(Document.id))
        .correlate(Document)
        .scalar_subquery()
    )
    return func.coalesce(joined, "")


def _is_chosen(uow: UnitOfWork, selection: Selection) -> ColumnElement[bool]:
    if isinstance(selection, DocumentMatch):
        return and_(matches(uow, selection.filter), col(Document.id) <= selection.until)
    if isinstance(selection, RuleMatch):
        return is_matched(uow, selection)
    return col(Document.id).in_(selection)


def _json(value: Mapping[str, Any] | None) -> str | None:
    return None if value is None else json.dumps(value)
