"""What a filter of documents means in SQL, for lists, counts, collections and acts on all that it shows."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    UnaryExpression,
    Uuid,
    and_,
    cast,
    except_,
    exists,
    func,
    intersect,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.grants import Level
from convosphere.knowledge.citing import LATELY_DAYS, citations
from convosphere.knowledge.classes import AGES, SIZES, is_age, is_size
from convosphere.knowledge.models import Document, DocumentMark, DocumentStatus, DocumentTag, DocumentVersion, Tag
from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.queries.access import may_access_document, may_access_trashed
from convosphere.knowledge.queries.authors import is_by
from convosphere.knowledge.schemas import DocumentCursor, DocumentFilter, Sort

_NO_DAY: Final[dict[Sort, date]] = {"dated": date.min, "dated_oldest": date.max}
"""Where documents of no day stand: last, whichever way they are sorted."""


def is_shown(uow: UnitOfWork, wanted: DocumentFilter, level: Level = "view") -> ColumnElement[bool]:
    """True in SQL of the documents that a filter shows, with which the actor may do `level`."""
    may_access = may_access_trashed if wanted.is_trashed else may_access_document
    return and_(may_access(uow, level), matches(uow, wanted))


def matches(uow: UnitOfWork, wanted: DocumentFilter) -> ColumnElement[bool]:
    """The same without a look at who may do what, nor at the trash."""
    return and_(
        ~col(Document.is_attached),
        *_of_itself(wanted),
        *_of_its_metadata(wanted),
        *_of_its_place(wanted),
        *_of_its_version(wanted),
        *_of_its_tags(wanted),
        *_of_its_marks(uow, wanted),
        *_of_its_citations(wanted),
    )


def order(sort: Sort) -> tuple[UnaryExpression[Any], ...]:
    """By what a list is sorted; no two documents have the same place."""
    name, key = func.lower(col(Document.name)), col(Document.id)
    match sort:
        case "newest":
            return (key.desc(),)
        case "oldest":
            return (key.asc(),)
        case "name":
            return (name.asc(), key.asc())
        case "name_descending":
            return (name.desc(), key.desc())
        case "dated":
            return (_day(sort).desc(), key.desc())
        case "dated_oldest":
            return (_day(sort).asc(), key.asc())


def is_behind(sort: Sort, after: DocumentCursor) -> ColumnElement[bool]:
    """True of what stands behind a row of a sorted list."""
    key = col(Document.id)
    here = tuple_(func.lower(col(Document.name)), key)
    there = tuple_(func.lower(literal(after.name)), literal(after.id))
    match sort:
        case "newest":
            return key < after.id
        case "oldest":
            return key > after.id
        case "name":
            return here > there
        case "name_descending":
            return here < there
        case "dated" | "dated_oldest":
            here = tuple_(_day(sort), key)
            there = tuple_(literal(after.dated_on or _NO_DAY[sort]), literal(after.id))
            return here < there if sort == "dated" else here > there


def is_review_due() -> ColumnElement[bool]:
    """True in SQL of documents whose day of review has come."""
    return col(Document.review_on) <= func.current_date()


def _day(sort: Sort) -> ColumnElement[date]:
    return func.coalesce(col(Document.dated_on), _NO_DAY[sort])


def _of_itself(wanted: DocumentFilter) -> list[ColumnElement[bool]]:
    said: list[ColumnElement[bool]] = []
    if wanted.text:
        said.append(func.lower(col(Document.name)).contains(wanted.text.lower(), autoescape=True))
    if wanted.statuses:
        said.append(col(Document.status).in_(wanted.statuses))
    if wanted.owner_ids:
        said.append(col(Document.owner_id).in_(wanted.owner_ids))
    if wanted.is_undescribed:
        said += [col(Document.status) == DocumentStatus.READY, col(Document.next_version_id).is_(None)]
    if wanted.causes:
        said.append(and_(col(Document.status) == DocumentStatus.FAILED, cause_of_failure().in_(wanted.causes)))
    return said


def _of_its_metadata(wanted: DocumentFilter) -> list[ColumnElement[bool]]:
    said: list[ColumnElement[bool]] = []
    if wanted.languages:
        said.append(col(Document.language).in_(wanted.languages))
    if wanted.authors:
        said.append(is_by(wanted.authors))
    if wanted.dated_from:
        said.append(col(Document.dated_on) >= wanted.dated_from)
    if wanted.dated_until:
        said.append(col(Document.dated_on) <= wanted.dated_until)
    if wanted.is_review_due:
        said.append(is_review_due())
    return said


def cause_of_failure() -> ColumnElement[str]:
    """The code of the error for which a document could not be read."""
    return col(Document.error)["code"].astext


def _of_its_place(wanted: DocumentFilter) -> list[ColumnElement[bool]]:
    if wanted.folder_id and not wanted.is_direct:
        return [col(Document.folder_ids).bool_op("@>")(cast([wanted.folder_id], ARRAY(Uuid)))]
    if wanted.folder_id:
        return [col(Document.folder_id) == wanted.folder_id]
    return [col(Document.folder_id).is_(None)] if wanted.is_direct else []


def _of_its_version(wanted: DocumentFilter) -> list[ColumnElement[bool]]:
    said: list[ColumnElement[bool]] = []
    if wanted.kinds:
        said.append(col(DocumentVersion.media_type).in_(wanted.kinds))
    if wanted.sizes:
        said.append(or_(*(is_size(col(DocumentVersion.size), SIZES[key]) for key in wanted.sizes if key in SIZES)))
    if wanted.ages:
        said.append(or_(*(is_age(col(DocumentVersion.created_at), AGES[key]) for key in wanted.ages if key in AGES)))
    if wanted.is_undescribed:
        said += [col(DocumentVersion.media_type) == DocumentType.IMAGE, col(DocumentVersion.described_from).is_(None)]
    current = col(DocumentVersion.id) == col(Document.current_version_id)
    # Versions of its own, also within a statement that has some already.
    return [exists().where(current, *said).correlate(Document)] if said else []


def _of_its_tags(wanted: DocumentFilter) -> list[ColumnElement[bool]]:
    document_id = col(Document.id)
    needed = [_tagged([tag]) for tag in wanted.all_tags]
    if wanted.any_tags:
        needed.append(_tagged(wanted.any_tags))
    said: list[ColumnElement[bool]] = []
    if needed:
        # Worked out as sets of ids before a document is looked at: few are left, and rights are asked for those alone.
        having = intersect(*needed) if len(needed) > 1 else needed[0]
        said.append(document_id.in_(except_(having, _tagged(wanted.no_tags)) if wanted.no_tags else having))
    elif wanted.no_tags:
        said.append(document_id.not_in(_tagged(wanted.no_tags)))
    if wanted.is_untagged:
        said.append(~exists().where(col(DocumentTag.document_id) == document_id))
    return said


def _tagged(tag_ids: Sequence[UUID]) -> Select[UUID]:
    """Documents with one of some tags, or with one within them."""
    within = select(col(Tag.id)).where(col(Tag.path).bool_op("&&")(cast(list(tag_ids), ARRAY(Uuid))))
    return select(col(DocumentTag.document_id)).where(col(DocumentTag.tag_id).in_(within))


def _of_its_marks(uow: UnitOfWork, wanted: DocumentFilter) -> list[ColumnElement[bool]]:
    if not wanted.is_favourite:
        return []
    own = select(col(DocumentMark.document_id)).where(
        col(DocumentMark.account_id) == uow.actor.account_id, col(DocumentMark.favoured_at).is_not(None)
    )
    return [col(Document.id).in_(own)]


def _of_its_citations(wanted: DocumentFilter) -> list[ColumnElement[bool]]:
    if not wanted.is_uncited and not wanted.is_uncited_lately:
        return []
    days = None if wanted.is_uncited else LATELY_DAYS
    return [col(Document.status) == DocumentStatus.READY, ~citations().cites(col(Document.id), days)]
