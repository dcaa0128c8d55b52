"""Temporary conversations: kept as long as somebody looks at them, and never longer than a day."""

from uuid import UUID

from convosphere.chat.queries import generations as generation_queries
from convosphere.chat.queries import rules as rule_queries
from convosphere.chat.queries import temporary as queries
from convosphere.chat.rules import TemporaryRule
from convosphere.chat.service import attachments
from convosphere.chat.service.conversations import publish_list, publish_stop
from convosphere.chat.service.telling import take_back
from convosphere.core.audit.actions import TEMPORARY_RULE_SET
from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError, NotFoundError
from convosphere.core.i18n import t
from convosphere.core.permissions import Actor, Permission, system_actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.service.installation import founded_workspace

AT_ONCE = 100


async def keep(actor: Actor, conversation_id: UUID) -> bool:
    """Let a temporary conversation live on as long as somebody looks at it; False where it is gone."""
    require(actor, Permission.CONVERSATION_WRITE)
    async with unit_of_work(actor) as uow:
        return await queries.keep(uow, conversation_id)


async def close(actor: Actor, conversation_id: UUID) -> None:
    """End a temporary conversation: nobody sees it any more, and in a minute nothing of it is there.

    Raises:
        NotFoundError: there is no such temporary conversation of the actor's.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    async with unit_of_work(actor) as uow:
        running = await generation_queries.find_running(uow, conversation_id)
        if not await queries.close(uow, conversation_id):
            raise NotFoundError
        take_back(uow, {conversation_id: uow.account_id})
        if running:
            await publish_stop(uow, running)
        await publish_list(uow)


async def set_rule(actor: Actor, rule: str) -> None:
    """Say whether people may, must or must not chat in temporary conversations; what has begun stays as it is.

    Raises:
        InvalidInputError: it is no `TemporaryRule`.
    """
    require(actor, Permission.WORKSPACE_MANAGE)
    if rule not in set(TemporaryRule):
        raise InvalidInputError(t("There is no such choice."))
    async with unit_of_work(actor) as uow:
        before = (await rule_queries.get_rules(uow)).temporary
        after = TemporaryRule(rule)
        rule_queries.set_temporary(uow, after)
        uow.record(TEMPORARY_RULE_SET, before={"temporary": before}, after={"temporary": after})


async def remove_expired() -> None:
    """Remove all whose time is over, with their files. What it cost stays booked: the ledger holds no content."""
    workspace_id = await founded_workspace()
    if workspace_id is not None:
        await remove_expired_of(system_actor(workspace_id))


async def remove_expired_of(system: Actor) -> int:
    """The same in one workspace, some at a time; gives how many."""
    async with unit_of_work(system) as uow:
        for message_id in await queries.list_running(uow):
            await publish_stop(uow, message_id)
    gone = 0
    while True:
        async with unit_of_work(system) as uow:
            some = await queries.remove_expired(uow, AT_ONCE)
            take_back(uow, some)
        gone += len(some)
        if not some:
            break
    if gone:
        await attachments.sweep(system)
    return gone
