"""The SQL of how documents are. Each question is one statement over all that the actor sees."""

import json
from typing import Final

from sqlalchemy import ColumnElement, Select, String, case, cast, func, null, select, text, tuple_
from sqlmodel import col

from convosphere.core.i18n import Message
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.citing import citations
from convosphere.knowledge.classes import age_of, size_of
from convosphere.knowledge.health.schemas import PARTS, Cause, CitedDocument, Count, Health
from convosphere.knowledge.models import Document, DocumentStatus, DocumentVersion
from convosphere.knowledge.queries.documents import WORKING
from convosphere.knowledge.queries.filtering import cause_of_failure, is_shown
from convosphere.knowledge.schemas import ALL_DOCUMENTS, DocumentFilter

_GROUPED: Final = (*PARTS, "causes")
# Row-level security leaves the workspace's; of what others keep to themselves nothing is told but how much it is.
_COUNT_ALL = text("""
    SELECT count(*)::int AS total, (count(*) FILTER (WHERE status = 'failed'))::int AS failed
    FROM document WHERE NOT is_attached AND trashed_at IS NULL
""")


async def count_health(uow: UnitOfWork) -> Health:
    """All counts of the documents that the actor sees, in one pass over them."""
    seen = _seen(uow).subquery()
    columns = [seen.c[name] for name in _GROUPED]
    counted = select(
        func.grouping(*columns), func.coalesce(*columns), func.count(), func.min(cast(seen.c.error, String))
    ).group_by(func.grouping_sets(tuple_(), *(tuple_(column) for column in columns)))
    found: dict[int, list[tuple[str, int, str]]] = {}
    for grouping, key, count, example in await uow.session.execute(counted):
        found.setdefault(grouping, []).append((key, count, example))
    # GROUPING sets a bit for each column that a row is not grouped by, the first one highest.
    none = 2 ** len(_GROUPED) - 1
    by_name = {
        name: sorted((row for row in found.get(none ^ 1 << number, ()) if row[0]), key=lambda row: (-row[1], row[0]))
        for number, name in enumerate(reversed(_GROUPED))
    }
    parts = {name: tuple(Count(key, count) for key, count, _ in by_name[name]) for name in PARTS}
    causes = tuple(Cause(key, count, _message(example)) for key, count, example in by_name["causes"])
    total = found[none][0][1]
    everything, failed = (await uow.session.execute(_COUNT_ALL)).one()
    return Health(total, parts, causes, everything - total, failed - sum(cause.count for cause in causes))


async def list_most_cited(uow: UnitOfWork, days: int | None, most: int) -> list[CitedDocument]:
    """The documents of those that the actor sees which most answers cite."""
    cited = citations().count(days).subquery()
    rows = await uow.session.execute(
        select(col(Document.id), col(Document.name), cited.c.answers, col(Document.created_at))
        .join(cited, cited.c.document_id == col(Document.id))
        .where(is_shown(uow, ALL_DOCUMENTS))
        .order_by(cited.c.answers.desc(), col(Document.id))
        .limit(most)
    )
    return [CitedDocument(*row) for row in rows]


async def list_oldest(uow: UnitOfWork, wanted: DocumentFilter, most: int) -> list[CitedDocument]:
    """The oldest of what a filter shows."""
    rows = await uow.session.execute(
        select(col(Document.id), col(Document.name), col(Document.created_at))
        .where(is_shown(uow, wanted))
        .order_by(col(Document.id))
        .limit(most)
    )
    return [CitedDocument(key, name, 0, created_at) for key, name, created_at in rows]


def _seen(uow: UnitOfWork) -> Select[str, str, str, str, str, str, object]:
    is_failed = col(Document.status) == DocumentStatus.FAILED
    state: ColumnElement[str] = case(
        (col(Document.status).in_(WORKING), "working"), else_=cast(col(Document.status), String)
    )
    return (
        select(
            state.label("states"),
            col(DocumentVersion.media_type).label("kinds"),
            col(Document.language).label("languages"),
            size_of(col(DocumentVersion.size)).label("sizes"),
            age_of(col(DocumentVersion.created_at)).label("ages"),
            case((is_failed, cause_of_failure()), else_=null()).label("causes"),
            case((is_failed, col(Document.error)), else_=null()).label("error"),
        )
        .join(DocumentVersion, col(DocumentVersion.id) == col(Document.current_version_id))
        .where(is_shown(uow, ALL_DOCUMENTS))
    )


def _message(error: str) -> Message:
    stored = json.loads(error)
    return Message(stored["text"], stored["values"])
