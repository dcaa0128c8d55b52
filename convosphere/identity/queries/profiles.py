"""The SQL of people's own profiles."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select, text, update
from sqlmodel import col

from convosphere.core.errors import NotFoundError
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.models import Account, Avatar

# Asked for with every page, so it goes straight to the driver.
_FRAME = text(
    """
    SELECT w.name AS workspace, a.theme, a.density, a.time_zone, a.shortcuts, coalesce(v.digest, '') AS avatar
    FROM account AS a JOIN workspace AS w ON w.id = :workspace_id LEFT JOIN avatar AS v ON v.account_id = a.id
    WHERE a.id = :account_id
    """
)
_STORE_AVATAR = text(
    "INSERT INTO avatar (account_id, image, digest) VALUES (:account_id, :image, :digest) ON CONFLICT (account_id)"
    " DO UPDATE SET image = excluded.image, digest = excluded.digest, changed_at = now()"
)


@dataclass(frozen=True)
class FrameFacts:
    """What the frame of a page shows and follows: the workspace, and how the person wants things to look.

    `avatar` is the digest of their picture, or empty.
    """

    workspace: str
    theme: str
    density: str
    time_zone: str
    shortcuts: dict[str, str]
    avatar: str


async def get_frame_facts(uow: UnitOfWork) -> FrameFacts:
    """Of the unit's actor."""
    facts = await uow.row(FrameFacts, _FRAME, {"workspace_id": uow.workspace_id, "account_id": uow.account_id})
    if facts is None:
        raise NotFoundError
    return facts


async def get_account(uow: UnitOfWork) -> Account:
    """The actor's account."""
    return await uow.session.get_one(Account, uow.account_id)


async def lock_account(uow: UnitOfWork) -> Account:
    """The same, to be changed."""
    return await uow.session.get_one(Account, uow.account_id, with_for_update=True)


async def set_preference(uow: UnitOfWork, **values: str) -> None:
    """Keep columns of the actor's account."""
    await uow.session.execute(update(Account).where(col(Account.id) == uow.account_id).values(**values))


async def set_shortcuts(uow: UnitOfWork, shortcuts: dict[str, str]) -> None:
    """Keep the actor's own keys."""
    await uow.session.execute(update(Account).where(col(Account.id) == uow.account_id).values(shortcuts=shortcuts))


async def set_avatar(uow: UnitOfWork, image: bytes, digest: str) -> None:
    """Keep the actor's picture in place of the one before."""
    await uow.session.execute(_STORE_AVATAR, {"account_id": uow.account_id, "image": image, "digest": digest})


async def delete_avatar(uow: UnitOfWork) -> None:
    """Remove the actor's picture."""
    await uow.session.execute(delete(Avatar).where(col(Avatar.account_id) == uow.account_id))


async def get_avatar(uow: UnitOfWork, account_id: UUID, digest: str) -> bytes:
    """The picture of somebody in the unit's workspace.

    Raises:
        NotFoundError: there is none, or another one by now.
    """
    statement = select(col(Avatar.image)).where(col(Avatar.account_id) == account_id, col(Avatar.digest) == digest)
    image = await uow.session.scalar(statement)
    if image is None:
        raise NotFoundError
    return image
