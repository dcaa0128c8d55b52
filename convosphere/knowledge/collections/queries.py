"""The SQL of collections. Fetching is authorising."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, delete, exists, func, or_, select, update
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.grants import Level, may_access
from convosphere.identity.models import AccessGrant, Account
from convosphere.knowledge.collections.schemas import CollectionRow, as_filter
from convosphere.knowledge.errors import CollectionNotFoundError
from convosphere.knowledge.models import Collection, Tag
from convosphere.knowledge.schemas import DocumentFilter, TagLabel

COLLECTION: Final = "collection"


def may_see(uow: UnitOfWork, level: Level = "view") -> ColumnElement[bool]:
    """True in SQL of the collections with which the actor may do `level`."""
    return may_access(uow.actor, COLLECTION, col(Collection.id), col(Collection.owner_id), level)


async def get_collection(uow: UnitOfWork, collection_id: UUID, level: Level, *, lock: bool = False) -> Collection:
    """A collection with which the actor may do `level`.

    Raises:
        CollectionNotFoundError: there is none.
    """
    statement = select(Collection).where(col(Collection.id) == collection_id, may_see(uow, level))
    found = await uow.session.scalar(statement.with_for_update(of=Collection) if lock else statement)
    if found is None:
        raise CollectionNotFoundError
    return found


async def get_row(uow: UnitOfWork, collection_id: UUID) -> tuple[CollectionRow, DocumentFilter]:
    """A collection that the actor sees, with its filter.

    Raises:
        CollectionNotFoundError: there is none.
    """
    found = (await uow.session.execute(_rows(uow).where(col(Collection.id) == collection_id))).first()
    if found is None:
        raise CollectionNotFoundError
    return _row(found), as_filter(found[0].filter)


async def list_rows(uow: UnitOfWork, most: int) -> list[CollectionRow]:
    """What the actor sees, by name."""
    ordered = _rows(uow).order_by(func.lower(col(Collection.name)), col(Collection.id)).limit(most)
    return [_row(found) for found in await uow.session.execute(ordered)]


def _rows(uow: UnitOfWork) -> Select[*tuple[Any, ...]]:
    is_own = col(Collection.owner_id) == uow.actor.account_id
    is_given = exists().where(
        col(AccessGrant.object_type) == COLLECTION,
        col(AccessGrant.object_id) == col(Collection.id),
        ~col(AccessGrant.is_deny),
    )
    return select(
        Collection, is_own.label("is_own"), or_(~is_own, is_given).label("is_shared"),
        may_see(uow, "edit").label("can_edit"), may_see(uow, "manage").label("can_manage"),
    ).where(may_see(uow))  # fmt: skip


def _row(found: Row[*tuple[Any, ...]]) -> CollectionRow:
    collection, is_own, is_shared, can_edit, can_manage = found
    return CollectionRow(
        collection.id, collection.name, is_own=is_own, is_shared=is_shared, can_edit=can_edit, can_manage=can_manage
    )


async def list_filters(uow: UnitOfWork, collection_ids: Sequence[UUID]) -> list[DocumentFilter]:
    """What some collections show, whoever may see them; nothing of those that are gone."""
    stored = select(col(Collection.filter)).where(col(Collection.id).in_(collection_ids)).order_by(col(Collection.id))
    return [as_filter(each) for each in await uow.session.scalars(stored)]


async def count_owned(uow: UnitOfWork) -> int:
    """How many collections the actor has."""
    counted = select(func.count()).select_from(Collection).where(col(Collection.owner_id) == uow.account_id)
    return await uow.session.scalar(counted) or 0


async def list_tags(uow: UnitOfWork, tag_ids: Sequence[UUID], condition: ColumnElement[bool]) -> dict[UUID, TagLabel]:
    """Those of some tags of which a condition holds."""
    labels = select(col(Tag.id), col(Tag.name), col(Tag.colour)).where(col(Tag.id).in_(tag_ids), condition)
    return {row[0]: TagLabel(*row) for row in await uow.session.execute(labels)}


async def list_owners(uow: UnitOfWork, account_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The names of people of the workspace."""
    named = select(col(Account.id), col(Account.name)).where(col(Account.id).in_(account_ids))
    return {row[0]: row[1] for row in await uow.session.execute(named)}


async def delete_collection(uow: UnitOfWork, collection_id: UUID) -> None:
    """Remove a collection and what was granted of it."""
    is_grant = (col(AccessGrant.object_type) == COLLECTION) & (col(AccessGrant.object_id) == collection_id)
    await uow.session.execute(delete(AccessGrant).where(is_grant))
    await uow.session.execute(delete(Collection).where(col(Collection.id) == collection_id))


async def hand_over(uow: UnitOfWork, owner_id: UUID, heir_id: UUID) -> None:
    """Give all collections of a person another owner. What was granted of them stays."""
    owned = update(Collection).where(col(Collection.owner_id) == owner_id)
    await uow.session.execute(owned.values(owner_id=heir_id))


async def delete_owned(uow: UnitOfWork, owner_id: UUID) -> None:
    """Remove all collections of a person."""
    owned = select(col(Collection.id)).where(col(Collection.owner_id) == owner_id)
    is_grant = (col(AccessGrant.object_type) == COLLECTION) & col(AccessGrant.object_id).in_(owned)
    await uow.session.execute(delete(AccessGrant).where(is_grant))
    await uow.session.execute(delete(Collection).where(col(Collection.owner_id) == owner_id))
