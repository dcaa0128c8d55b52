"""Fetching, keeping and removing what people make; lists are each kind's own, as they show different things."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func, select
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.creations.models import Creation
from convosphere.creations.schemas import CreationKind, Definition, Thing, Version
from convosphere.identity.grants import Level
from convosphere.identity.models import AccessGrant


async def get(
    uow: UnitOfWork,
    kind: CreationKind[Thing, Version, Definition],
    thing_id: UUID,
    level: Level,
    *,
    lock: bool = False,
    deleted: bool = False,
) -> Thing:
    """A thing with which the actor may do `level`.

    Raises:
        NotFoundError: the kind's `missing`; there is none.
    """
    things = kind.things
    statement = select(things).where(
        col(things.id) == thing_id, kind.may(uow, level), col(things.deleted_at).is_not(None) == deleted
    )
    found = await uow.session.scalar(statement.with_for_update(of=things) if lock else statement)
    if found is None:
        raise kind.missing
    return found


async def add(uow: UnitOfWork, thing: Creation) -> None:
    """Store a new thing; its first version follows in the same unit."""
    uow.session.add(thing)
    await uow.session.flush()


async def purge(
    uow: UnitOfWork, kind: CreationKind[Thing, Version, Definition], thing_id: UUID, undo_time: timedelta
) -> None:
    """Remove a thing for good with its versions and grants, if it was put away so long ago."""
    things = kind.things
    gone = delete(things).where(col(things.id) == thing_id, col(things.deleted_at) <= func.now() - undo_time)
    if (await uow.session.scalars(gone.returning(col(things.id)))).first():
        await _remove_grants(uow, kind.object_type, [thing_id])


async def list_names(
    uow: UnitOfWork, kind: CreationKind[Thing, Version, Definition], thing_ids: Sequence[UUID]
) -> dict[UUID, str]:
    """Those of some things that the actor may view, with their names."""
    things = kind.things
    named = select(col(things.id), col(things.name)).where(
        col(things.id).in_(thing_ids), kind.may(uow, "view"), col(things.deleted_at).is_(None)
    )
    return {row[0]: row[1] for row in await uow.session.execute(named)}


async def list_owned(
    uow: UnitOfWork,
    kind: CreationKind[Thing, Version, Definition],
    account_id: UUID,
    limit: int,
    *,
    only_shared: bool = False,
) -> list[UUID]:
    """Some of what a person has made; what was put away too, unless only what is shared is wanted."""
    things = kind.things
    owned = select(col(things.id)).where(col(things.owner_id) == account_id).order_by(col(things.id)).limit(limit)
    if only_shared:
        owned = owned.where(col(things.id).in_(_shared_ids(kind.object_type)), col(things.deleted_at).is_(None))
    return list(await uow.session.scalars(owned))


async def count_owned(
    uow: UnitOfWork, kind: CreationKind[Thing, Version, Definition], account_id: UUID
) -> tuple[int, int]:
    """How many things of a kind a person has for themselves, and how many they share."""
    things = kind.things
    is_shared = col(things.id).in_(_shared_ids(kind.object_type))
    counts = select(func.count().filter(~is_shared), func.count().filter(is_shared))
    owned = counts.where(col(things.owner_id) == account_id, col(things.deleted_at).is_(None))
    own, shared = (await uow.session.execute(owned)).one()
    return own, shared


async def hand_over(
    uow: UnitOfWork, kind: CreationKind[Thing, Version, Definition], thing_ids: Sequence[UUID], heir_id: UUID
) -> list[tuple[UUID, str]]:
    """Give things another owner; gives them with their names. What was granted on them stays."""
    taken = list(await uow.session.scalars(select(kind.things).where(col(kind.things.id).in_(thing_ids))))
    for thing in taken:
        thing.owner_id = heir_id
    return [(thing.id, thing.name) for thing in taken]


async def remove(uow: UnitOfWork, kind: CreationKind[Thing, Version, Definition], thing_ids: Sequence[UUID]) -> None:
    """Remove things at once, whoever has them."""
    await _remove_grants(uow, kind.object_type, thing_ids)
    await uow.session.execute(delete(kind.things).where(col(kind.things.id).in_(thing_ids)))


async def _remove_grants(uow: UnitOfWork, object_type: str, thing_ids: Sequence[UUID]) -> None:
    of_them = (col(AccessGrant.object_type) == object_type) & col(AccessGrant.object_id).in_(thing_ids)
    await uow.session.execute(delete(AccessGrant).where(of_them))


def _shared_ids(object_type: str) -> Select[Any]:
    return select(col(AccessGrant.object_id)).where(
        col(AccessGrant.object_type) == object_type, ~col(AccessGrant.is_deny)
    )
