"""Making, showing, changing and putting away assistants."""

from uuid import UUID

from convosphere.assistants.errors import DefinitionRefusedError, EditedMeanwhileError, Problem
from convosphere.assistants.kind import ASSISTANTS
from convosphere.assistants.queries import assistants as queries
from convosphere.assistants.queries import gallery as gallery_queries
from convosphere.assistants.schemas import (
    LONGEST_NAME,
    AssistantDetail,
    AssistantPage,
    AssistantQuery,
    AssistantRow,
    Definition,
    State,
)
from convosphere.assistants.service.definitions import added_places, reading_only, refuse_problems
from convosphere.assistants.service.pictures import check_seen
from convosphere.core.audit.actions import ASSISTANT_CREATED, ASSISTANT_STATE_SET, Action
from convosphere.core.audit.facts import NoFacts
from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.creations.queries import creations
from convosphere.creations.queries import versions as version_queries
from convosphere.creations.service import keeping
from convosphere.knowledge.places.service import list_seen

MOST_ROWS = 100


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
        assistant = await creations.get(uow, ASSISTANTS, assistant_id, "edit")
        number, definition = await version_queries.get_definition(uow, ASSISTANTS, assistant)
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
        await _check_places(uow, None, definition)
        await check_seen(uow, definition.icon)
        return (await keeping.add(uow, ASSISTANTS, definition, why, action)).id


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
        assistant = await creations.get(uow, ASSISTANTS, assistant_id, "edit", lock=True)
        number, before = await version_queries.get_definition(uow, ASSISTANTS, assistant)
        if number != based_on:
            raise EditedMeanwhileError
        await _check_places(uow, before, definition)
        if before.icon != definition.icon:
            await check_seen(uow, definition.icon)
        return number if before == definition else await keeping.change(uow, ASSISTANTS, assistant, definition, why)


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
        assistant = await creations.get(uow, ASSISTANTS, assistant_id, "manage", lock=True)
        if assistant.state != state:
            uow.record(ASSISTANT_STATE_SET, assistant.id, label=assistant.name, before={"state": assistant.state},
                       after={"state": state})  # fmt: skip
            assistant.state, assistant.updated_at = state, utc_now()


async def duplicate_assistant(actor: Actor, assistant_id: UUID) -> UUID:
    """Make a draft of one's own from an assistant that one may change, or from what the gallery shows of another.

    Documents, folders, tags and collections that the actor does not see are not taken along.

    Raises:
        AssistantNotFoundError: the actor may copy no such assistant.
    """
    require(actor, Permission.ASSISTANT_WRITE)
    async with unit_of_work(actor) as uow:
        _, stored = await gallery_queries.get_copyable(uow, assistant_id)
        definition = await seen_places_only(uow, Definition.model_validate(stored.definition))
        name = keeping.name_of_copy(actor, definition.name, LONGEST_NAME)
        return (await keeping.add(uow, ASSISTANTS, definition.model_copy(update={"name": name}), "")).id


async def delete_assistant(actor: Actor, assistant_id: UUID) -> str:
    """Put an assistant away; `restore_assistant` brings it back until it is purged. Gives its name.

    Raises:
        AssistantNotFoundError: the actor does not manage such an assistant.
    """
    require(actor, Permission.ASSISTANT_WRITE)
    return await keeping.put_away(actor, ASSISTANTS, assistant_id)


async def restore_assistant(actor: Actor, assistant_id: UUID) -> None:
    """Bring back an assistant that was deleted.

    Raises:
        AssistantNotFoundError: the actor manages no such deleted assistant.
    """
    require(actor, Permission.ASSISTANT_WRITE)
    await keeping.bring_back(actor, ASSISTANTS, assistant_id)


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


async def seen_places_only(uow: UnitOfWork, definition: Definition) -> Definition:
    """A definition without the places that the actor does not see; without any left, it reads nothing."""
    places = definition.knowledge.places
    kept = places.only({place.id for place in await list_seen(uow, places)})
    if kept == places:
        return definition
    return definition.model_copy(update={"knowledge": reading_only(definition.knowledge, kept)})


async def _check_places(uow: UnitOfWork, before: Definition | None, after: Definition) -> None:
    """Nobody names places that they do not see; what others had named stays."""
    added = added_places(before, after)
    if len(await list_seen(uow, added)) < len(set(added.ids)):
        message = t("Some of what it is to read does not exist, or you have no access to it. Please choose again.")
        raise DefinitionRefusedError([Problem("knowledge", message)])
