"""Pictures of people, seen by everybody in their workspaces."""

from uuid import UUID

from convosphere.core.authorization import require
from convosphere.core.images.apart import make_picture
from convosphere.core.images.schemas import MIDDLE, Part
from convosphere.core.permissions import Actor, Permission
from convosphere.core.throttling import Throttle
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.errors import TooManyAttemptsError
from convosphere.identity.queries import profiles as profile_queries

_changes = Throttle("30/hour", "avatars")


def avatar_address(account_id: UUID | str, digest: str) -> str:
    """Where somebody's picture is; empty for those without. Another picture has another address."""
    return f"/api/people/{account_id}/avatar/{digest}" if digest else ""


async def set_avatar(actor: Actor, data: bytes, part: Part = MIDDLE) -> str:
    """Take a part of a file as the actor's picture; gives its address.

    Raises:
        ImageRefusedError: it is no picture, or too large.
        TooManyAttemptsError: it was changed too often in the last hour.
    """
    require(actor, Permission.ACCOUNT_WRITE)
    if seconds := await _changes.wait(str(actor.account_id)):
        raise TooManyAttemptsError(seconds)
    picture = await make_picture(data, part)
    async with unit_of_work(actor) as uow:
        await profile_queries.set_avatar(uow, picture.image, picture.digest)
        return avatar_address(uow.account_id, picture.digest)


async def remove_avatar(actor: Actor) -> None:
    """Go back to initials."""
    require(actor, Permission.ACCOUNT_WRITE)
    async with unit_of_work(actor) as uow:
        await profile_queries.delete_avatar(uow)


async def get_avatar(actor: Actor, account_id: UUID, digest: str) -> bytes:
    """The picture of somebody in the actor's workspace, as WebP.

    Raises:
        NotFoundError: there is none, or the person is not in the workspace.
    """
    require(actor, Permission.ACCOUNT_USE)
    async with unit_of_work(actor) as uow:
        return await profile_queries.get_avatar(uow, account_id, digest)
