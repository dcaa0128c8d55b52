"""Which documents an actor sees, as SQL text: made once for each actor, as making it takes longer than running it."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.dialects.postgresql.psycopg import dialect
from sqlmodel import col

from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.models import Document
from convosphere.knowledge.places.queries import lies_in
from convosphere.knowledge.queries.access import may_access_document
from convosphere.knowledge.schemas import DocumentFilter

_MOST_KEPT = 256
"""Actors, at some 20 kB each."""


@dataclass(frozen=True, slots=True)
class VisibleDocuments:
    """`condition` holds of them, `sql` selects their `id`, `name` and `current_version_id` with some `parameters`."""

    condition: ColumnElement[bool]
    sql: str
    parameters: Mapping[str, object]


_Narrowed = tuple[tuple[UUID, ...], tuple[DocumentFilter, ...]]
_kept: OrderedDict[tuple[Actor, bool, _Narrowed | None], VisibleDocuments] = OrderedDict()


def visible_documents(
    uow: UnitOfWork, *, with_attached: bool = False, within: _Narrowed | None = None
) -> VisibleDocuments:
    """What the actor may view, as a condition: who sees what is decided anew whenever it runs.

    What came with messages is there only where it is asked for; `within` leaves some documents and what filters show.
    """
    key = (uow.actor, with_attached, within)
    found = _kept.get(key)
    if found is None:
        found = _kept[key] = _make(uow, with_attached=with_attached, within=within)
        if len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
    return found


def _make(uow: UnitOfWork, *, with_attached: bool, within: _Narrowed | None) -> VisibleDocuments:
    condition = may_access_document(uow, "view")
    if within is not None:
        condition = and_(condition, lies_in(uow, *within))
    if not with_attached:
        condition = and_(condition, ~col(Document.is_attached))
    statement = select(col(Document.id), col(Document.name), col(Document.current_version_id)).where(condition)
    made = statement.compile(dialect=dialect(), compile_kwargs={"render_postcompile": True})
    return VisibleDocuments(condition, made.string, made.params)
