"""Making, showing, changing and putting away assistants."""

from datetime import timedelta
from uuid import UUID

from convosphere.assistants.errors import DefinitionRefusedError, EditedMeanwhileError, Problem
from convosphere.assistants.models import Assistant
from convosphere.assistants.queries import assistants as queries
from convosphere.assistants.queries import gallery as gallery_queries
from convosphere.assistants.queries import versions as version_queries
from convosphere.assistants.schemas import (
    LONGEST_NAME,
    LONGEST_WHY,
    AssistantDetail,
    AssistantPage,
    AssistantQuery,
    AssistantRow,
    Definition,
    State,
)
from convosphere.assistants.service.definitions import added_documents, refuse_problems, without_documents
from convosphere.assistants.service.handles import handle_of
from convosphere.core.audit.actions import (
    ASSISTANT_CHANGED,
    ASSISTANT_CREATED,
    ASSISTANT_DELETED,
    ASSISTANT_RESTORED,
    ASSISTANT_STATE_SET,
    Action,
)
from convosphere.core.audit.facts import NoFacts
from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.identifiers import new_id
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission, system_actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.knowledge.service.documents import list_names

MOST_ROWS = 100
UNDO_TIME = timedelta(days=1)
"""How long a deleted assistant can be brought back."""
PURGE_TASK = "assistants.purge_assistant"


async def list_assistants(actor: Actor, query: AssistantQuery) -> AssistantPage:
    """A page of the assistants that the actor sees, favourites first."""
    require(actor, Permission.ASSISTANT_READ)
    async with unit_of_work(actor) as uow:
        rows, found = await queries.list_rows(uow, query)
    return AssistantPage(tuple(rows[:MOST_ROWS]), found)


async def get_assistant(actor: Actor, assistant_id: UUID) -> AssistantRow:
    """An assistant as everybody sees it who may.

    Raises:
        AssistantNotFoundError: the actor sees no such assistant.
    """
    require(actor, Permission.ASSISTANT_READ)
    async with unit_of_work(actor) as uow:
        return await queries.get_row(uow, assistant_id)


async def open_assistant(actor: Actor, assistant_id: UUID) -> AssistantDetail:
    """An assistant with all that makes it, for who may change it: instructions may hold what is not for everybody.

    Raises:
        AssistantNotFoundError: the actor may not change such an assistant.
    """
    require(actor, Permission.ASSISTANT_READ)
    async with unit_of_work(actor) as uow:
        assistant = await queries.get_assistant(uow, assistant_id, "edit")
        number, definition = await version_queries.get_current(uow, assistant)
        return AssistantDetail(await queries.get_row(uow, assistant_id), definition, number)


async def create_assistant(
    actor: Actor, definition: Definition, why: str = "", *, action: Action[NoFacts] = ASSISTANT_CREATED
) -> UUID:
    """Make an assistant, at first a draft; `action` is what the trail calls that.

    Raises:
        DefinitionRefusedError: something in it cannot work.
    """
    require(actor, Permission.ASSISTANT_WRITE)
    await refuse_problems(actor, definition)
    async with unit_of_work(actor) as uow:
        await _check_documents(uow, None, definition)
        return (await _add(uow, definition, why, action)).id


async def save_assistant(actor: Actor, assistant_id: UUID, definition: Definition, why: str, *, based_on: int) -> int:
    """Make a new version of an assistant from the version that it was `based_on`; gives the number that counts now.

    Raises:
        AssistantNotFoundError: the actor may not change such an assistant.
        DefinitionRefusedError: something in it cannot work.
        EditedMeanwhileError: the version that it is based on is not the current one any more.
    """
    require(actor, Permission.ASSISTANT_WRITE)
    await refuse_problems(actor, definition)
    async with unit_of_work(actor) as uow:
        assistant = await queries.get_assistant(uow, assistant_id, "edit", lock=True)
        number, before = await version_queries.get_current(uow, assistant)
        if number != based_on:
            raise EditedMeanwhileError
        await _check_documents(uow, before, definition)
        return number if before == definition else await change(uow, assistant, definition, why)


async def change(uow: UnitOfWork, assistant: Assistant, definition: Definition, why: str) -> int:
    """Make a definition the current version of an assistant that is held; gives its number."""
    assistant.current_version_id, assistant.updated_at = new_id(), utc_now()
    if assistant.published_version_id is None:
        take_face(assistant, definition)
    number = await version_queries.add_version(uow, assistant, definition, _tidy(why))
    uow.record(ASSISTANT_CHANGED, assistant.id, label=assistant.name, after={"version": number})
    return number


async def set_state(actor: Actor, assistant_id: UUID, state: str) -> None:
    """Let an assistant answer others, nobody for a while, or never again.

    Raises:
        AssistantNotFoundError: the actor does not manage such an assistant.
        InvalidInputError: there is no such state.
    """
    require(actor, Permission.ASSISTANT_WRITE)
    if state not in set(State):
        raise InvalidInputError(t("There is no such state."))
    async with unit_of_work(actor) as uow:
        assistant = await queries.get_assistant(uow, assistant_id, "manage", lock=True)
        if assistant.state != state:
            uow.record(ASSISTANT_STATE_SET, assistant.id, label=assistant.name, before={"state": assistant.state},
                       after={"state": state})  # fmt: skip
            assistant.state, assistant.updated_at = state, utc_now()


async def duplicate_assistant(actor: Actor, assistant_id: UUID) -> UUID:
    """Make a draft of one's own from an assistant that one may change, or from what the gallery shows of another.

    Documents that the actor does not see are not taken along.

    Raises:
        AssistantNotFoundError: the actor may copy no such assistant.
    """
    require(actor, Permission.ASSISTANT_WRITE)
    async with unit_of_work(actor) as uow:
        _, stored = await gallery_queries.get_copyable(uow, assistant_id)
        definition = await seen_documents_only(uow, Definition.model_validate(stored.definition))
        name = t("{name} (copy)", name=definition.name[: LONGEST_NAME - 10]).in_locale(actor.locale)
        return (await _add(uow, definition.model_copy(update={"name": name}), "")).id


async def delete_assistant(actor: Actor, assistant_id: UUID) -> str:
    """Put an assistant away; `restore_assistant` brings it back until it is purged. Gives its name.

    Raises:
        AssistantNotFoundError: the actor does not manage such an assistant.
    """
    require(actor, Permission.ASSISTANT_WRITE)
    async with unit_of_work(actor) as uow:
        assistant = await queries.get_assistant(uow, assistant_id, "manage", lock=True)
        assistant.deleted_at = utc_now()
        uow.record(ASSISTANT_DELETED, assistant_id, label=assistant.name)
        args = {"workspace_id": str(uow.workspace_id), "assistant_id": str(assistant_id)}
        await uow.enqueue(PURGE_TASK, args, delay=UNDO_TIME + timedelta(minutes=1))
        return assistant.name


async def restore_assistant(actor: Actor, assistant_id: UUID) -> None:
    """Bring back an assistant that was deleted.

    Raises:
        AssistantNotFoundError: the actor manages no such deleted assistant.
    """
    require(actor, Permission.ASSISTANT_WRITE)
    async with unit_of_work(actor) as uow:
        assistant = await queries.get_assistant(uow, assistant_id, "manage", lock=True, deleted=True)
        assistant.deleted_at = None
        uow.record(ASSISTANT_RESTORED, assistant_id, label=assistant.name)


async def purge(workspace_id: UUID, assistant_id: UUID) -> None:
    """Remove an assistant for good, unless it was brought back or deleted anew since."""
    async with unit_of_work(system_actor(workspace_id)) as uow:
        await queries.purge(uow, assistant_id, UNDO_TIME)


async def set_favourite(actor: Actor, assistant_id: UUID, *, is_favourite: bool) -> None:
    """Find an assistant first in all lists, or no longer.

    Raises:
        AssistantNotFoundError: the actor sees no such assistant.
    """
    require(actor, Permission.ASSISTANT_READ)
    require(actor, Permission.ACCOUNT_WRITE)
    async with unit_of_work(actor) as uow:
        await queries.get_row(uow, assistant_id)
        queries.set_favourite(uow, assistant_id, is_favourite=is_favourite)


async def _add(
    uow: UnitOfWork, definition: Definition, why: str, action: Action[NoFacts] = ASSISTANT_CREATED
) -> Assistant:
    assistant = Assistant(
        workspace_id=uow.workspace_id, owner_id=uow.account_id, name="", handle="", current_version_id=new_id()
    )
    take_face(assistant, definition)
    await queries.add_assistant(uow, assistant)
    await version_queries.add_version(uow, assistant, definition, _tidy(why))
    uow.record(action, assistant.id, label=assistant.name)
    return assistant


async def seen_documents_only(uow: UnitOfWork, definition: Definition) -> Definition:
    """A definition without the documents that the actor does not see; without any left, it reads none."""
    knowledge = definition.knowledge
    seen = await list_names(uow, knowledge.document_ids) if knowledge.document_ids else {}
    if len(seen) == len(knowledge.document_ids):
        return definition
    kept = tuple(one for one in knowledge.document_ids if one in seen)
    return definition.model_copy(update={"knowledge": without_documents(knowledge, kept)})


async def _check_documents(uow: UnitOfWork, before: Definition | None, after: Definition) -> None:
    """Nobody names documents that they do not see; what others had named stays."""
    added = added_documents(before, after)
    if added and len(await list_names(uow, list(added))) < len(added):
        message = t("Some of these documents do not exist, or you have no access to them. Please choose again.")
        raise DefinitionRefusedError([Problem("knowledge", message)])


def take_face(assistant: Assistant, definition: Definition) -> None:
    """Show an assistant in lists as a definition says."""
    assistant.name, assistant.handle = definition.name, handle_of(definition.name)
    assistant.description, assistant.category = definition.description, definition.category
    assistant.icon, assistant.color = definition.icon, definition.color


def _tidy(why: str) -> str:
    return " ".join(why.split())[:LONGEST_WHY]
