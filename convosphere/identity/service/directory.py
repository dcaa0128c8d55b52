"""Looking people and groups up, to name them where something is shared or put together."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from convosphere.core.errors import ForbiddenError
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.queries import directory as directory_queries
from convosphere.identity.queries import groups as group_queries
from convosphere.identity.queries.directory import DirectoryRow

MOST_FOUND = 8
SHORTEST = 2
_MAY_LOOK_UP = (
    Permission.PERSON_READ,
    Permission.GROUP_MANAGE,
    Permission.DOCUMENT_SHARE,
    Permission.CONVERSATION_SHARE,
    Permission.BUDGET_MANAGE,
    Permission.KNOWLEDGE_MANAGE,
    Permission.MODEL_MANAGE,
)


async def look_up(actor: Actor, text: str, *, with_groups: bool) -> list[DirectoryRow]:
    """At most `MOST_FOUND` active people, and groups, whose name contains a text of at least two signs.

    Whoever may not read about people finds them by name or by their whole address, and is not told addresses.

    Raises:
        ForbiddenError: the actor neither shares things nor puts groups together.
    """
    wanted = text.strip().casefold()[:100]
    async with unit_of_work(actor) as uow:
        await _check(uow)
        if len(wanted) < SHORTEST:
            return []
        reads = actor.may(Permission.PERSON_READ)
        found = await directory_queries.find(uow, wanted, by_address=reads, with_groups=with_groups, most=MOST_FOUND)
    return found if reads else [replace(row, email="") for row in found]


async def names_of(actor: Actor, ids: Sequence[UUID]) -> list[DirectoryRow]:
    """Those of some ids that are people or groups of the workspace; none for whoever may not read about people."""
    if not ids or not actor.may(Permission.PERSON_READ):
        return []
    async with unit_of_work(actor) as uow:
        return await directory_queries.list_named(uow, ids)


async def _check(uow: UnitOfWork) -> None:
    if any(uow.actor.may(permission) for permission in _MAY_LOOK_UP):
        return
    is_somebody = uow.actor.may(Permission.ACCOUNT_WRITE) and not uow.actor.lacks_factor
    if not is_somebody or not await group_queries.manages_groups(uow):
        raise ForbiddenError
