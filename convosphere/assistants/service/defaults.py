"""For whom an assistant answers where nobody chose one."""

from uuid import UUID

from convosphere.assistants.queries import assistants as queries
from convosphere.assistants.queries import defaults as default_queries
from convosphere.assistants.queries.defaults import DefaultFor, DefaultRow
from convosphere.core.audit.actions import ASSISTANT_DEFAULT_SET, DefaultFacts
from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError, NotFoundError
from convosphere.core.i18n import t
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.queries import groups as group_queries


async def list_defaults(actor: Actor, assistant_id: UUID) -> list[DefaultRow]:
    """For whom an assistant is the default, as far as the actor may know.

    Raises:
        AssistantNotFoundError: the actor sees no such assistant.
    """
    require(actor, Permission.ASSISTANT_READ)
    async with unit_of_work(actor) as uow:
        await queries.get_row(uow, assistant_id)
        return await default_queries.list_defaults(uow, assistant_id)


async def set_default(
    actor: Actor, assistant_id: UUID, subject_type: DefaultFor, subject_id: UUID | None = None, *, is_default: bool
) -> None:
    """Let an assistant answer new conversations of oneself, a group that one manages, or the workspace; or no longer.

    Whoever may not use it is answered as before.

    Raises:
        AssistantNotFoundError: the actor sees no such assistant.
        ForbiddenError: the workspace is not the actor's to decide for.
        NotFoundError: the actor manages no such group.
    """
    require(actor, Permission.ASSISTANT_READ)
    require(actor, Permission.WORKSPACE_MANAGE if subject_type == "workspace" else Permission.ACCOUNT_WRITE)
    async with unit_of_work(actor) as uow:
        row = await queries.get_row(uow, assistant_id)
        subject_id = await _checked_subject(uow, subject_type, subject_id)
        setting = default_queries.set_default if is_default else default_queries.clear_default
        setting(uow, assistant_id, subject_type, subject_id)
        if subject_type != "person":
            facts = DefaultFacts(default_for=subject_type)
            facts = facts | {"subject": subject_id} if subject_id else facts
            before, after = (None, facts) if is_default else (facts, None)
            uow.record(ASSISTANT_DEFAULT_SET, assistant_id, label=row.name, before=before, after=after)


async def _checked_subject(uow: UnitOfWork, subject_type: str, subject_id: UUID | None) -> UUID | None:
    match subject_type:
        case "workspace":
            return None
        case "person":
            return uow.account_id
        case "group" if subject_id is not None:
            await group_queries.get_group(uow, subject_id)
            if not uow.actor.may(Permission.GROUP_MANAGE) and not await group_queries.is_manager(uow, subject_id):
                raise NotFoundError
            return subject_id
        case _:
            raise InvalidInputError(t("There is nobody of this kind."))
