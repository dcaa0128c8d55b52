"""Making, finding, changing and putting away prompts."""

from uuid import UUID

from convosphere.core.authorization import require
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.creations.queries import creations
from convosphere.creations.queries import versions as version_queries
from convosphere.creations.schemas import MOST_VERSIONS, VersionRow
from convosphere.creations.service import keeping
from convosphere.prompts.errors import PromptChangedError
from convosphere.prompts.kind import PROMPTS
from convosphere.prompts.queries import prompts as queries
from convosphere.prompts.schemas import LONGEST_NAME, Definition, PromptDetail, PromptPage, PromptQuery
from convosphere.prompts.service.definitions import refuse_problems, tidy

MOST_ROWS = 200


async def list_prompts(actor: Actor, query: PromptQuery) -> PromptPage:
    """A page of the prompts that the actor sees, by name."""
    require(actor, Permission.PROMPT_READ)
    async with unit_of_work(actor) as uow:
        rows, found = await queries.list_rows(uow, query)
    return PromptPage(tuple(rows[:MOST_ROWS]), found)


async def open_prompt(actor: Actor, prompt_id: UUID) -> PromptDetail:
    """A prompt with what it says.

    Raises:
        PromptNotFoundError: the actor sees no such prompt.
    """
    require(actor, Permission.PROMPT_READ)
    async with unit_of_work(actor) as uow:
        row = await queries.get_row(uow, prompt_id)
        prompt = await creations.get(uow, PROMPTS, prompt_id, "view")
        number, definition = await version_queries.get_definition(uow, PROMPTS, prompt)
    return PromptDetail(row, definition, number)


async def create_prompt(actor: Actor, definition: Definition, why: str = "") -> UUID:
    """Keep a prompt, at first for the actor alone.

    Raises:
        PromptRefusedError: something in it cannot be used.
    """
    require(actor, Permission.PROMPT_WRITE)
    definition = tidy(definition)
    refuse_problems(definition)
    async with unit_of_work(actor) as uow:
        return (await keeping.add(uow, PROMPTS, definition, why)).id


async def save_prompt(actor: Actor, prompt_id: UUID, definition: Definition, why: str, *, based_on: int) -> int:
    """Make a new version of a prompt from the version that it was `based_on`; gives the number that counts now.

    Raises:
        PromptNotFoundError: the actor may not change such a prompt.
        PromptRefusedError: something in it cannot be used.
        PromptChangedError: the version that it is based on is not the current one any more.
    """
    require(actor, Permission.PROMPT_WRITE)
    definition = tidy(definition)
    refuse_problems(definition)
    async with unit_of_work(actor) as uow:
        prompt = await creations.get(uow, PROMPTS, prompt_id, "edit", lock=True)
        number, before = await version_queries.get_definition(uow, PROMPTS, prompt)
        if number != based_on:
            raise PromptChangedError
        return number if before == definition else await keeping.change(uow, PROMPTS, prompt, definition, why)


async def list_versions(actor: Actor, prompt_id: UUID) -> list[VersionRow[Definition]]:
    """What a prompt was, newest first.

    Raises:
        PromptNotFoundError: the actor may not change such a prompt.
    """
    require(actor, Permission.PROMPT_WRITE)
    async with unit_of_work(actor) as uow:
        prompt = await creations.get(uow, PROMPTS, prompt_id, "edit")
        return await version_queries.list_versions(uow, PROMPTS, prompt, MOST_VERSIONS, with_definitions=True)


async def restore_version(actor: Actor, prompt_id: UUID, number: int) -> int:
    """Make what a prompt was in a version its newest one; gives the number of that.

    Raises:
        PromptNotFoundError: the actor may not change such a prompt, or it has no such version.
    """
    require(actor, Permission.PROMPT_WRITE)
    async with unit_of_work(actor) as uow:
        prompt = await creations.get(uow, PROMPTS, prompt_id, "edit", lock=True)
        _, definition = await version_queries.get_definition(uow, PROMPTS, prompt, number)
        return await keeping.change(uow, PROMPTS, prompt, definition, keeping.why_restored(actor, number))


async def duplicate_prompt(actor: Actor, prompt_id: UUID) -> UUID:
    """Make a prompt of one's own from one that one sees.

    Raises:
        PromptNotFoundError: the actor sees no such prompt.
    """
    require(actor, Permission.PROMPT_WRITE)
    async with unit_of_work(actor) as uow:
        prompt = await creations.get(uow, PROMPTS, prompt_id, "view")
        _, definition = await version_queries.get_definition(uow, PROMPTS, prompt)
        name = keeping.name_of_copy(actor, definition.name, LONGEST_NAME)
        copied = tidy(definition.model_copy(update={"name": name, "command": ""}))
        return (await keeping.add(uow, PROMPTS, copied, "")).id


async def delete_prompt(actor: Actor, prompt_id: UUID) -> str:
    """Put a prompt away; `restore_prompt` brings it back until it is purged. Gives its name.

    Raises:
        PromptNotFoundError: the actor does not manage such a prompt.
    """
    require(actor, Permission.PROMPT_WRITE)
    return await keeping.put_away(actor, PROMPTS, prompt_id)


async def restore_prompt(actor: Actor, prompt_id: UUID) -> None:
    """Bring back a prompt that was deleted.

    Raises:
        PromptNotFoundError: the actor manages no such deleted prompt.
    """
    require(actor, Permission.PROMPT_WRITE)
    await keeping.bring_back(actor, PROMPTS, prompt_id)
