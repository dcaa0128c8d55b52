"""How long conversations are kept that nobody uses: the rule of the workspace, whom it concerns, and the job."""

from collections.abc import Sequence
from uuid import UUID

from convosphere.chat.queries import filing as filing_queries
from convosphere.chat.queries import rules as queries
from convosphere.chat.rules import LONGEST_DAYS, Leaving, Preview, Retention, RetentionAct, Rules
from convosphere.chat.service import attachments
from convosphere.chat.service.conversations import publish_list
from convosphere.chat.service.telling import tell_leaving
from convosphere.core.audit.actions import CONVERSATIONS_RETIRED, RETENTION_SET
from convosphere.core.audit.facts import RetentionFacts
from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError, NotFoundError
from convosphere.core.i18n import t
from convosphere.core.permissions import Actor, Permission, system_actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.service.installation import founded_workspace

AT_ONCE = 200


async def get_rules(actor: Actor) -> Rules:
    """What the workspace says of how long conversations live; everybody may know it."""
    require(actor, Permission.CONVERSATION_READ)
    async with unit_of_work(actor) as uow:
        return await queries.get_rules(uow)


async def set_retention(actor: Actor, retention: Retention) -> None:
    """Say how long conversations are kept; those that would go at once stay for the time of notice.

    Raises:
        InvalidInputError: so many days cannot be.
    """
    require(actor, Permission.WORKSPACE_MANAGE)
    _check(retention)
    async with unit_of_work(actor) as uow:
        before = (await queries.get_rules(uow)).retention
        if before == retention:
            return
        queries.set_retention(uow, retention)
        uow.record(RETENTION_SET, before=_facts(before), after=_facts(retention))


async def preview(actor: Actor, retention: Retention) -> Preview:
    """What a rule would touch if it were set now.

    Raises:
        InvalidInputError: so many days cannot be.
    """
    require(actor, Permission.WORKSPACE_MANAGE)
    _check(retention)
    async with unit_of_work(actor) as uow:
        return await queries.preview(uow, retention)


async def get_leaving(actor: Actor) -> Leaving:
    """The actor's conversations that go soon, to be told of them."""
    require(actor, Permission.CONVERSATION_READ)
    async with unit_of_work(actor) as uow:
        return await queries.get_leaving(uow)


async def keep(actor: Actor, conversation_ids: Sequence[UUID]) -> None:
    """Let the time of the actor's conversations begin anew, as if they had just been used.

    Raises:
        NotFoundError: none of them is the actor's.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    async with unit_of_work(actor) as uow:
        ids = await filing_queries.hold_own(uow, conversation_ids)
        if not ids:
            raise NotFoundError
        await queries.keep(uow, ids)
        await publish_list(uow)


async def retire() -> None:
    """Archive or delete what the rule says, and tell whose conversations come next."""
    workspace_id = await founded_workspace()
    if workspace_id is not None:
        await retire_in(system_actor(workspace_id))


async def retire_in(system: Actor) -> int:
    """The same in one workspace; gives how many.

    Each batch stands with its entry of the trail, or not at all, so that a process may die at any moment.
    """
    count = 0
    while some := await _retire_some(system):
        count += some
    async with unit_of_work(system) as uow:
        if people := await queries.list_concerned(uow):
            tell_leaving(uow, people)
    await attachments.sweep(system)
    return count


async def _retire_some(system: Actor) -> int:
    async with unit_of_work(system) as uow:
        retention = (await queries.get_rules(uow)).retention
        due = await queries.find_due(uow, AT_ONCE) if retention.days else []
        if not due:
            return 0
        ids = [each.id for each in due]
        if retention.act is RetentionAct.ARCHIVE:
            await queries.archive(uow, ids)
        else:
            await queries.delete(uow, ids)
        uow.record(CONVERSATIONS_RETIRED, after={"act": retention.act, "days": retention.days, "count": len(ids)})
        await _tell(uow, {each.owner_id for each in due})
    return len(due)


async def _tell(uow: UnitOfWork, account_ids: set[UUID]) -> None:
    await uow.publish(*(f"conversations:{account_id}" for account_id in account_ids))


def _check(retention: Retention) -> None:
    if retention.days is not None and not 1 <= retention.days <= LONGEST_DAYS:
        raise InvalidInputError(t("Please choose between 1 and {count} days.", count=LONGEST_DAYS))


def _facts(retention: Retention) -> RetentionFacts:
    return RetentionFacts(
        days=retention.days, act=retention.act, spares_pinned=retention.spares_pinned,
        spares_shared=retention.spares_shared,
    )  # fmt: skip
