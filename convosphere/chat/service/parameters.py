"""Choosing how a model is to answer in a conversation."""

from uuid import UUID

from convosphere.assistants.errors import DefinitionRefusedError
from convosphere.assistants.schemas import Settings
from convosphere.assistants.service.asking import briefing
from convosphere.assistants.service.settings import problems_of
from convosphere.chat.access import settings_topic
from convosphere.chat.parameters import USUAL, chosen_for, settings_of
from convosphere.chat.queries import conversations as queries
from convosphere.core.authorization import require
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.llm.gateway import current_gateway


async def choose(
    actor: Actor, conversation_id: UUID | None, chosen: Settings, *, model: str = "", before: Settings = USUAL
) -> Settings:
    """Say how a model is to answer from now on; gives what counts then.

    What the model does not know stays as it is, for those that do. Without a conversation nothing is kept: a new one
    begins with what this gives, where `before` was chosen so far.

    Raises:
        DefinitionRefusedError: a setting has a value that it cannot have, or that the model does not know.
        NotFoundError: there is no such conversation in which the actor may ask.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    answering = await current_gateway().get_model(actor, model)
    if problems := list(problems_of(chosen, answering)):
        raise DefinitionRefusedError(problems)
    if conversation_id is None:
        return chosen_for(answering, chosen, before)
    async with unit_of_work(actor) as uow:
        heading = await queries.hold_conversation(uow, conversation_id)
        settings = chosen_for(answering, chosen, settings_of(heading.parameters))
        queries.set_parameters(uow, conversation_id, settings)
        await uow.publish(settings_topic(conversation_id))
    return settings


async def reset(actor: Actor, conversation_id: UUID) -> None:
    """Let whoever answers in a conversation do so as usual, by whichever model.

    Raises:
        NotFoundError: there is no such conversation in which the actor may ask.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    async with unit_of_work(actor) as uow:
        await queries.hold_conversation(uow, conversation_id)
        queries.set_parameters(uow, conversation_id, USUAL)
        await uow.publish(settings_topic(conversation_id))


async def usual(actor: Actor, assistant_id: UUID) -> Settings:
    """What an assistant says of its model where nobody chooses.

    Raises:
        AssistantUnavailableError: it does not answer the actor.
    """
    require(actor, Permission.CONVERSATION_READ)
    async with unit_of_work(actor) as uow:
        speaker, _ = await briefing(uow, assistant_id)
    return Settings(**{name: getattr(speaker.parameters, name) for name in Settings.model_fields}) if speaker else USUAL
