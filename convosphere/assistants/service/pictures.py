"""Pictures that people give their assistants in the place of a drawing."""

import base64
import binascii
import re
from typing import Final

from convosphere.assistants.errors import AssistantNotFoundError, DefinitionRefusedError, Problem
from convosphere.assistants.queries import pictures as queries
from convosphere.assistants.schemas import MOST_PICTURE_CHARACTERS, OWN_PICTURE
from convosphere.core.authorization import require
from convosphere.core.i18n import t
from convosphere.core.images.apart import make_picture
from convosphere.core.images.errors import ImageRefusedError
from convosphere.core.images.schemas import MIDDLE, Part, Picture
from convosphere.core.permissions import Actor, Permission
from convosphere.core.throttling import Throttle
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.errors import TooManyAttemptsError

_OWN: Final = re.compile(rf"{OWN_PICTURE}([0-9a-f]{{32}})")
_changes = Throttle("60/hour", "assistant-pictures")


def is_own(icon: str) -> bool:
    """Whether what stands for an icon names a picture."""
    return _OWN.fullmatch(icon) is not None


async def add_picture(actor: Actor, data: bytes, part: Part = MIDDLE) -> str:
    """Keep a part of a file as a picture for assistants; gives what names it in the place of an icon.

    Raises:
        ImageRefusedError: it is no picture, or too large.
        TooManyAttemptsError: the actor brought too many in the last hour.
    """
    require(actor, Permission.ASSISTANT_WRITE)
    if seconds := await _changes.wait(str(actor.account_id)):
        raise TooManyAttemptsError(seconds)
    return await keep_picture(actor, await make_picture(data, part))


async def get_picture(actor: Actor, digest: str) -> bytes:
    """A picture as WebP.

    Raises:
        AssistantNotFoundError: the actor neither brought it nor sees an assistant that has it.
    """
    require(actor, Permission.ACCOUNT_USE)
    async with unit_of_work(actor) as uow:
        return await queries.get(uow, digest)


async def check_seen(uow: UnitOfWork, icon: str) -> None:
    """Nobody gives an assistant a picture that they do not see.

    Raises:
        DefinitionRefusedError: they do not, or there is none.
    """
    if not (named := _OWN.fullmatch(icon)):
        return
    try:
        await queries.get(uow, named[1])
    except AssistantNotFoundError:
        message = t("This picture is gone. Please choose it again.")
        raise DefinitionRefusedError([Problem("picture", message)]) from None


async def write_picture(uow: UnitOfWork, icon: str) -> str:
    """The picture in base64 for a file; empty for a drawing."""
    named = _OWN.fullmatch(icon)
    return base64.b64encode(await queries.get(uow, named[1])).decode() if named else ""


async def read_picture(written: str) -> Picture | None:
    """The picture that stands in a file, made anew of what came; None if it is none."""
    if len(written) > MOST_PICTURE_CHARACTERS:
        return None
    try:
        return await make_picture(base64.b64decode(written, validate=True))
    except (binascii.Error, ValueError, ImageRefusedError):
        return None


async def keep_picture(actor: Actor, picture: Picture) -> str:
    """Keep a picture that came with a file; gives what names it in the place of an icon."""
    require(actor, Permission.ASSISTANT_WRITE)
    async with unit_of_work(actor) as uow:
        await queries.add(uow, picture.digest, picture.image)
    return f"{OWN_PICTURE}{picture.digest}"
