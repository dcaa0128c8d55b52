"""Making, finding, changing and putting away prompts."""

from datetime import timedelta
from uuid import UUID

from convosphere.core.audit.actions import PROMPT_CHANGED, PROMPT_CREATED, PROMPT_DELETED, PROMPT_RESTORED
from convosphere.core.authorization import require
from convosphere.core.i18n import t
from convosphere.core.identifiers import new_id
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission, system_actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.prompts.errors import PromptChangedError
from convosphere.prompts.models import Prompt
from convosphere.prompts.queries import prompts as queries
from convosphere.prompts.queries import versions as version_queries
from convosphere.prompts.schemas import (
    LONGEST_NAME,
    LONGEST_WHY,
    Definition,
    PromptDetail,
    PromptPage,
    PromptQuery,
    VersionRow,
)
from convosphere.prompts.service.definitions import refuse_problems, tidy

MOST_ROWS = 200
MOST_VERSIONS = 100
UNDO_TIME = timedelta(days=1)
"""How long a deleted prompt can be brought back."""
PURGE_TASK = "prompts.purge_prompt"


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
        number, definition = await version_queries.get_version(uow, await queries.get_prompt(uow, prompt_id, "view"))
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
        return await _add(uow, definition, why)


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
        prompt = await queries.get_prompt(uow, prompt_id, "edit", lock=True)
        number, before = await version_queries.get_version(uow, prompt)
        if number != based_on:
            raise PromptChangedError
        return number if before == definition else await _change(uow, prompt, definition, why)


async def list_versions(actor: Actor, prompt_id: UUID) -> list[VersionRow]:
    """What a prompt was, newest first.

    Raises:
        PromptNotFoundError: the actor may not change such a prompt.
    """
    require(actor, Permission.PROMPT_WRITE)
    async with unit_of_work(actor) as uow:
        prompt = await queries.get_prompt(uow, prompt_id, "edit")
        return await version_queries.list_versions(uow, prompt, MOST_VERSIONS)


async def restore_version(actor: Actor, prompt_id: UUID, number: int) -> int:
    """Make what a prompt was in a version its newest one; gives the number of that.

    Raises:
        PromptNotFoundError: the actor may not change such a prompt, or it has no such version.
    """
    require(actor, Permission.PROMPT_WRITE)
    async with unit_of_work(actor) as uow:
        prompt = await queries.get_prompt(uow, prompt_id, "edit", lock=True)
        _, definition = await version_queries.get_version(uow, prompt, number)
        why = t("Version {number} restored", number=number).in_locale(actor.locale)
        return await _change(uow, prompt, definition, why)


async def duplicate_prompt(actor: Actor, prompt_id: UUID) -> UUID:
    """Make a prompt of one's own from one that one sees.

    Raises:
        PromptNotFoundError: the actor sees no such prompt.
    """
    require(actor, Permission.PROMPT_WRITE)
    async with unit_of_work(actor) as uow:
        prompt = await queries.get_prompt(uow, prompt_id, "view")
        _, definition = await version_queries.get_version(uow, prompt)
        name = t("{name} (copy)", name=definition.name[: LONGEST_NAME - 10]).in_locale(actor.locale)
        return await _add(uow, tidy(definition.model_copy(update={"name": name, "command": ""})), "")


async def delete_prompt(actor: Actor, prompt_id: UUID) -> str:
    """Put a prompt away; `restore_prompt` brings it back until it is purged. Gives its name.

    Raises:
        PromptNotFoundError: the actor does not manage such a prompt.
    """
    require(actor, Permission.PROMPT_WRITE)
    async with unit_of_work(actor) as uow:
        prompt = await queries.get_prompt(uow, prompt_id, "manage", lock=True)
        prompt.deleted_at = utc_now()
        uow.record(PROMPT_DELETED, prompt_id, label=prompt.name)
        args = {"workspace_id": str(uow.workspace_id), "prompt_id": str(prompt_id)}
        await uow.enqueue(PURGE_TASK, args, delay=UNDO_TIME + timedelta(minutes=1))
        return prompt.name


async def restore_prompt(actor: Actor, prompt_id: UUID) -> None:
    """Bring back a prompt that was deleted.

    Raises:
        PromptNotFoundError: the actor manages no such deleted prompt.
    """
    require(actor, Permission.PROMPT_WRITE)
    async with unit_of_work(actor) as uow:
        prompt = await queries.get_prompt(uow, prompt_id, "manage", lock=True, deleted=True)
        prompt.deleted_at = None
        uow.record(PROMPT_RESTORED, prompt_id, label=prompt.name)


async def purge(workspace_id: UUID, prompt_id: UUID) -> None:
    """Remove a prompt for good, unless it was brought back or deleted anew since."""
    async with unit_of_work(system_actor(workspace_id)) as uow:
        await queries.purge(uow, prompt_id, UNDO_TIME)


async def _add(uow: UnitOfWork, definition: Definition, why: str) -> UUID:
    prompt = Prompt(
        workspace_id=uow.workspace_id, owner_id=uow.account_id, name="", command="", current_version_id=new_id()
    )
    _take_face(prompt, definition)
    await queries.add_prompt(uow, prompt)
    await version_queries.add_version(uow, prompt, definition, _tidy(why))
    uow.record(PROMPT_CREATED, prompt.id, label=prompt.name)
    return prompt.id


async def _change(uow: UnitOfWork, prompt: Prompt, definition: Definition, why: str) -> int:
    prompt.current_version_id, prompt.updated_at = new_id(), utc_now()
    _take_face(prompt, definition)
    number = await version_queries.add_version(uow, prompt, definition, _tidy(why))
    uow.record(PROMPT_CHANGED, prompt.id, label=prompt.name, after={"version": number})
    return number


def _take_face(prompt: Prompt, definition: Definition) -> None:
    """Show a prompt in lists as a definition says."""
    prompt.name, prompt.command, prompt.description = definition.name, definition.command, definition.description


def _tidy(why: str) -> str:
    return " ".join(why.split())[:LONGEST_WHY]
