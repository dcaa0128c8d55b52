"""What an editor is told of a definition while it is written."""

from dataclasses import dataclass

from convosphere.assistants.errors import Problem
from convosphere.assistants.queries.asking import find_time_zone
from convosphere.assistants.schemas import Definition
from convosphere.assistants.service.definitions import check, is_too_long, model_for
from convosphere.assistants.service.prompts import moment_of, write_instructions
from convosphere.assistants.service.settings import known_settings
from convosphere.core.authorization import require
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.llm.gateway import current_gateway
from convosphere.llm.tokens import estimate_tokens


@dataclass(frozen=True)
class Preview:
    """What is wrong with a definition, what a model reads of it for the actor, and how many tokens that takes.

    `parameters` are the settings that its model knows.
    """

    problems: tuple[Problem, ...]
    prompt: str
    tokens: int
    parameters: frozenset[str]


async def list_models(actor: Actor) -> list[tuple[str, str, bool]]:
    """The models that the actor may choose: id, name, and whether it is the Reader."""
    require(actor, Permission.ASSISTANT_READ)
    return [(model.id, model.name, model.is_reader) for model in await current_gateway().models(actor)]


async def preview(actor: Actor, definition: Definition) -> Preview:
    """How an assistant would answer the actor now, without keeping anything."""
    require(actor, Permission.ASSISTANT_READ)
    async with unit_of_work(actor) as uow:
        time_zone = await find_time_zone(uow)
    prompt = "" if is_too_long(definition) else write_instructions(definition, moment_of(actor, time_zone))
    model = await model_for(actor, definition.model)
    problems = tuple(await check(actor, definition))
    return Preview(problems, prompt, estimate_tokens(prompt), known_settings(model))
