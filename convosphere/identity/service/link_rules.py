"""What all links that open something have alike: for whom, for how long, and what the workspace allows."""

from datetime import datetime, timedelta
from typing import Final, Literal, get_args
from uuid import UUID

from convosphere.core.audit.actions import LINK_RULE_SET
from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.queries import link_rules as queries

Scope = Literal["workspace", "anyone"]
MOST_LINKS: Final = 50
"""Of one thing."""
LONGEST_DAYS: Final = 365


def checked_scope(scope: str) -> Scope:
    """For whom a link opens.

    Raises:
        InvalidInputError: there is no such choice.
    """
    for known in get_args(Scope):
        if scope == known:
            return known
    raise InvalidInputError(t("There is no such choice."))


def expiry_of(days: int | None) -> datetime | None:
    """When a link of so many days ends; None where it works until it is revoked.

    Raises:
        InvalidInputError: it may not work for so long.
    """
    if days is None:
        return None
    if not 1 <= days <= LONGEST_DAYS:
        raise InvalidInputError(t("A link works for between 1 and {count} days.", count=LONGEST_DAYS))
    return utc_now() + timedelta(days=days)


async def allow_anyone(actor: Actor, *, allows: bool) -> None:
    """Say whether links of the workspace may open for anybody; those that are there open again if they may."""
    require(actor, Permission.WORKSPACE_MANAGE)
    async with unit_of_work(actor) as uow:
        before = await queries.allows_anyone(uow)
        queries.set_rule(uow, allows=allows)
        uow.record(LINK_RULE_SET, before={"allows_anyone": before}, after={"allows_anyone": allows})
        await uow.publish(rule_topic(uow.workspace_id))


def rule_topic(workspace_id: UUID) -> str:
    """Where is told that the rule of links has changed."""
    return f"links:{workspace_id}"
