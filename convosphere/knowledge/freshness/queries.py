"""The SQL of what is old and often cited. Fetching is authorising."""

from datetime import date

from sqlalchemy import ColumnElement, Date, and_, cast, func, or_, select
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.models import Account
from convosphere.knowledge.citing import LATELY_DAYS, citations
from convosphere.knowledge.freshness.schemas import StaleRow
from convosphere.knowledge.models import Document, DocumentVersion
from convosphere.knowledge.queries.access import may_access_anywhere, may_access_document
from convosphere.knowledge.queries.filtering import is_review_due


async def list_stale(uow: UnitOfWork, months: int, skip: int, most: int) -> tuple[list[StaleRow], int]:
    """Cited documents that the actor sees and that are older than so many months or to be reviewed; and how many.

    One whose review is set for a day to come is in good hands, however old it is.
    """
    cited = citations().count(LATELY_DAYS).subquery()
    is_old = and_(col(Document.review_on).is_(None), _last_on() < _months_ago(months))
    stale = (
        select(col(Document.id), _last_on().label("last_on"), cited.c.answers, func.count().over().label("total"))
        .join(cited, cited.c.document_id == col(Document.id))
        .join(DocumentVersion, col(DocumentVersion.id) == col(Document.current_version_id))
        .where(may_access_document(uow, "view"), ~col(Document.is_attached), or_(is_review_due(), is_old))
        .order_by(cited.c.answers.desc(), "last_on", col(Document.id))
        .offset(skip)
        .limit(most)
        .subquery()
    )
    rows = await uow.session.execute(
        select(
            col(Document.id), col(Document.name), col(Account.name), stale.c.last_on, col(Document.review_on),
            func.coalesce(is_review_due(), False), stale.c.answers, may_access_anywhere(uow, "edit"), stale.c.total,
        )
        .join(stale, stale.c.id == col(Document.id))
        .join(Account, col(Account.id) == col(Document.owner_id))
        .order_by(stale.c.answers.desc(), stale.c.last_on, col(Document.id))
    )  # fmt: skip
    found = rows.all()
    return [StaleRow(*row[:-1]) for row in found], found[0][-1] if found else 0


def _last_on() -> ColumnElement[date]:
    """The day from which a document counts as old: of its file, else of its version, or of its last review."""
    came = cast(col(DocumentVersion.created_at), Date)
    return func.greatest(func.coalesce(col(Document.dated_on), came), col(Document.reviewed_on))


def _months_ago(months: int) -> ColumnElement[date]:
    return cast(func.current_date() - func.make_interval(0, months), Date)
