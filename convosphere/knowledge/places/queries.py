"""The SQL of places: which documents lie there, what they are called, and which are called so."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, any_, false, func, literal, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.collections.queries import list_filters, may_see
from convosphere.knowledge.models import Collection, Document, DocumentFolder, Tag
from convosphere.knowledge.places.schemas import Place, PlaceKind, Places
from convosphere.knowledge.queries.access import may_access_document, may_access_folder
from convosphere.knowledge.queries.filtering import is_shown, matches
from convosphere.knowledge.schemas import DocumentFilter
from convosphere.knowledge.tags.queries import is_called, is_seen


async def filters_of(uow: UnitOfWork, places: Places) -> tuple[DocumentFilter, ...]:
    """What folders, tags and collections show, one filter for each folder and collection.

    Nobody's right to a place itself is asked for: it narrows what they see anyway, and whoever made an assistant chose
    it for all who ask.
    """
    folders = [DocumentFilter(folder_id=each) for each in places.folder_ids]
    tags = [DocumentFilter(any_tags=places.tag_ids)] if places.tag_ids else []
    saved = await list_filters(uow, places.collection_ids) if places.collection_ids else []
    return (*folders, *tags, *saved)


def lies_in(uow: UnitOfWork, document_ids: Sequence[UUID], filters: Sequence[DocumentFilter]) -> ColumnElement[bool]:
    """True in SQL of some documents, and of what filters show."""
    listed = [col(Document.id).in_(document_ids)] if document_ids else []
    return or_(false(), *listed, *(matches(uow, each) for each in filters))


async def count_documents(uow: UnitOfWork, places: Places) -> int:
    """How many documents the actor sees there."""
    within = lies_in(uow, places.document_ids, await filters_of(uow, places))
    counted = select(func.count()).select_from(Document).where(may_access_document(uow, "view"), within)
    return await uow.session.scalar(counted) or 0


async def list_named(uow: UnitOfWork, places: Places) -> list[Place]:
    """Those places that the actor sees."""
    found: list[Place] = []
    for kind, (statement, key) in _statements(uow).items():  # As many turns as there are kinds.
        if wanted := places.of_kind(kind):
            found += _places(kind, await uow.session.execute(statement.where(key.in_(wanted))))
    return found


async def find_places(uow: UnitOfWork, words: str, kinds: Sequence[PlaceKind], most: int) -> list[Place]:
    """Places of some kinds that the actor sees and that are called so, at most so many of each kind."""
    found: list[Place] = []
    statements, called = _statements(uow), _called(uow, words)
    for kind in kinds:
        condition, order = called[kind]
        rows = await uow.session.execute(statements[kind][0].where(condition).order_by(*order).limit(most))
        found += _places(kind, rows)
    return found


async def list_called(uow: UnitOfWork, names: Sequence[tuple[PlaceKind, str]]) -> list[Place]:
    """Folders, tags and collections that the actor sees and that have one of some names."""
    found: list[Place] = []
    for kind, (statement, key) in _statements(uow).items():
        if wanted := [name for named, name in names if named == kind]:
            rows = await uow.session.execute(statement.where(_name_of(uow, kind).in_(wanted)).order_by(key))
            found += _places(kind, rows)
    return found


def _name_of(uow: UnitOfWork, kind: PlaceKind) -> ColumnElement[str]:
    by_kind = {"folder": _folder_names(uow), "tag": col(Tag.name), "collection": col(Collection.name)}
    return by_kind.get(kind, col(Document.name))


def _statements(uow: UnitOfWork) -> dict[PlaceKind, tuple[Select[*tuple[Any, ...]], Any]]:
    """For each kind: id and name of what the actor sees, and the column of the id."""
    folder, tag, saved, document = col(DocumentFolder.id), col(Tag.id), col(Collection.id), col(Document.id)
    return {
        "folder": (select(folder, _folder_names(uow)).where(may_access_folder(uow, "view")), folder),
        "tag": (select(tag, col(Tag.name)).where(is_seen(uow)), tag),
        "collection": (select(saved, col(Collection.name)).where(may_see(uow)), saved),
        "document": (select(document, col(Document.name)).where(may_access_document(uow, "view")), document),
    }


def _called(uow: UnitOfWork, words: str) -> dict[PlaceKind, tuple[ColumnElement[bool], tuple[Any, ...]]]:
    folder, saved = func.lower(col(DocumentFolder.name)), func.lower(col(Collection.name))
    return {
        "folder": (folder.contains(words.lower(), autoescape=True), (folder, col(DocumentFolder.id))),
        "tag": (is_called(words), (func.lower(col(Tag.name)),)),
        "collection": (saved.contains(words.lower(), autoescape=True), (saved, col(Collection.id))),
        "document": (is_shown(uow, DocumentFilter(text=words)), (col(Document.id).desc(),)),
    }


def _folder_names(uow: UnitOfWork) -> ColumnElement[str]:
    """The names that lead to a folder, as far as the actor sees them."""
    around = aliased(DocumentFolder)
    depth = func.cardinality(col(around.path))
    return (
        select(func.string_agg(col(around.name), aggregate_order_by(literal(" / "), depth)))
        .where(col(around.id) == any_(col(DocumentFolder.path)), may_access_folder(uow, "view", around))
        .correlate(DocumentFolder)
        .scalar_subquery()
    )


def _places(kind: PlaceKind, rows: Any) -> list[Place]:  # noqa: ANN401  # Rows of any of the four statements.
    return [Place(kind, row[0], row[1]) for row in rows]
