"""What a thing was: each function takes one that was fetched before, with the right for it."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import defer
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.creations.schemas import CreationKind, Definition, Thing, Version, VersionRow
from convosphere.identity.models import Account


async def list_versions(
    uow: UnitOfWork,
    kind: CreationKind[Thing, Version, Definition],
    thing: Thing,
    limit: int,
    *,
    with_definitions: bool = False,
) -> list[VersionRow[Definition]]:
    """The latest versions, newest first."""
    versions = kind.versions
    statement = (
        select(versions, func.coalesce(col(Account.name), ""))
        .outerjoin(Account, col(Account.id) == col(versions.author_id))
        .where(kind.thing_of_version == thing.id)
        .order_by(col(versions.number).desc())
        .limit(limit)
    )
    if not with_definitions:
        statement = statement.options(defer(versions.definition, raiseload=True))  # pyright: ignore[reportArgumentType]  # A column.
    rows = await uow.session.execute(statement)
    return [
        VersionRow(
            version.id, version.number, version.why, author, version.created_at, version.id == thing.current_version_id,
            kind.read_definition(version) if with_definitions else None,
        )
        for version, author in rows
    ]  # fmt: skip


async def find_version(
    uow: UnitOfWork,
    kind: CreationKind[Thing, Version, Definition],
    thing: Thing,
    number: int = 0,
    version_id: UUID | None = None,
) -> Version:
    """A version by its number or id; without either the current one.

    Raises:
        NotFoundError: the kind's `missing`; there is no such version.
    """
    versions = kind.versions
    which = col(versions.number) == number if number else col(versions.id) == (version_id or thing.current_version_id)
    found = await uow.session.scalar(select(versions).where(kind.thing_of_version == thing.id, which))
    if found is None:
        raise kind.missing
    return found


async def get_definition(
    uow: UnitOfWork, kind: CreationKind[Thing, Version, Definition], thing: Thing, number: int = 0
) -> tuple[int, Definition]:
    """What a thing was in a version, by default what it is now, and the number of that.

    Raises:
        NotFoundError: the kind's `missing`; there is no such version.
    """
    found = await find_version(uow, kind, thing, number)
    return found.number, kind.read_definition(found)


async def add_version(
    uow: UnitOfWork, kind: CreationKind[Thing, Version, Definition], thing: Thing, definition: Definition, why: str
) -> int:
    """Store the definition of a thing's `current_version_id`, which is new; gives its number. The thing is held."""
    latest = select(func.max(col(kind.versions.number))).where(kind.thing_of_version == thing.id)
    number = (await uow.session.scalar(latest) or 0) + 1
    version = kind.versions(
        id=thing.current_version_id, workspace_id=uow.workspace_id, number=number,
        definition=definition.model_dump(mode="json"), why=why, author_id=uow.actor.account_id,
        **{kind.key: thing.id}, **kind.more_of(definition),
    )  # fmt: skip
    uow.session.add(version)
    await uow.session.flush()
    return number
