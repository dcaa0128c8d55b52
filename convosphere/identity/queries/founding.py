"""The SQL of an installation's beginning."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.errors import AlreadyFoundedError, LinkInvalidError
from convosphere.identity.models import Installation, SetUpToken, Workspace


async def get_founded_workspace(uow: UnitOfWork) -> UUID | None:
    """The workspace of this installation, or None while it has no owner."""
    return await uow.session.scalar(select(col(Installation.workspace_id)))


async def get_workspace_name(uow: UnitOfWork) -> str:
    """The name of the unit's workspace."""
    return (await uow.session.scalars(select(col(Workspace.name)).where(col(Workspace.id) == uow.workspace_id))).one()


async def replace_set_up_token(uow: UnitOfWork, token_hash: bytes, expires_at: datetime) -> None:
    """Make one token the only one that works."""
    await uow.session.execute(delete(SetUpToken))
    uow.session.add(SetUpToken(token_hash=token_hash, expires_at=expires_at))


async def use_set_up_token(uow: UnitOfWork, token_hash: bytes) -> None:
    """Use up a set-up token.

    Raises:
        LinkInvalidError: it is unknown, expired or used.
    """
    used = await uow.session.execute(
        update(SetUpToken)
        .where(
            col(SetUpToken.token_hash) == token_hash,
            col(SetUpToken.used_at).is_(None),
            col(SetUpToken.expires_at) > func.now(),
        )
        .values(used_at=func.now())
        .returning(col(SetUpToken.token_hash))
    )
    if used.first() is None:
        raise LinkInvalidError


async def found_installation(uow: UnitOfWork, workspace_name: str) -> None:
    """Create the workspace of the unit's actor as the one of this installation.

    Raises:
        AlreadyFoundedError: somebody else was first.
    """
    uow.session.add(Workspace(id=uow.workspace_id, name=workspace_name))
    uow.session.add(Installation(workspace_id=uow.workspace_id))
    try:
        await uow.session.flush()
    except IntegrityError:
        raise AlreadyFoundedError from None
