"""Who answers: what chat needs to know of an assistant. Fetching is authorising."""

from collections.abc import Collection, Sequence
from uuid import UUID

from convosphere.answers.schemas import WhenFull
from convosphere.assistants.errors import AssistantUnavailableError
from convosphere.assistants.queries import asking as queries
from convosphere.assistants.queries.asking import Asked
from convosphere.assistants.schemas import Briefing, Choice, Definition, Greeting
from convosphere.assistants.service.handles import mentions
from convosphere.assistants.service.prompts import moment_of, write_instructions
from convosphere.core.authorization import require
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.knowledge.places.service import count_documents

MOST_CHOICES = 30


async def briefing(
    uow: UnitOfWork, assistant_id: UUID | None, text: str = "", *, version_id: UUID | None = None
) -> tuple[Briefing | None, bool]:
    """Whoever answers a text, and whether the text names them: the first whom it names, else the one that is given.

    One statement, or none where nobody is given nor named. With `version_id` it is what the assistant was then.

    Raises:
        AssistantUnavailableError: the one that is given does not answer the actor, and nobody else is named.
    """
    named = mentions(text) if "@" in text and uow.actor.may(Permission.ASSISTANT_READ) else []
    if assistant_id is None and not named:
        return None, False
    if not uow.actor.may(Permission.ASSISTANT_READ):
        raise AssistantUnavailableError
    found = await queries.find_asked(uow, assistant_id, named, version_id)
    mentioned = _first_named(found, named)
    asked = mentioned or next((one for one in found if one.id == assistant_id), None)
    if asked is None:
        if assistant_id is not None:
            raise AssistantUnavailableError
        return None, False
    return _brief(uow.actor, asked), mentioned is not None


async def list_choices(actor: Actor, text: str = "") -> list[Choice]:
    """Assistants that the actor can ask, favourites first; of several with one handle, the one that a mention means."""
    if not actor.may(Permission.ASSISTANT_READ):
        return []
    async with unit_of_work(actor) as uow:
        return await queries.list_choices(uow, text.strip()[:100], MOST_CHOICES)


async def find_default(actor: Actor) -> Choice | None:
    """Who answers the actor's new conversations; None: nobody in particular."""
    if not actor.may(Permission.ASSISTANT_READ):
        return None
    async with unit_of_work(actor) as uow:
        return await queries.find_default(uow)


async def find_choice(actor: Actor, assistant_id: UUID) -> Choice | None:
    """An assistant that the actor can ask, or None."""
    if not actor.may(Permission.ASSISTANT_READ):
        return None
    async with unit_of_work(actor) as uow:
        return await queries.find_choice(uow, assistant_id)


async def list_names(uow: UnitOfWork, assistant_ids: Collection[UUID]) -> dict[UUID, str]:
    """Those of some assistants that the unit's actor can ask, with their names."""
    if not assistant_ids or not uow.actor.may(Permission.ASSISTANT_READ):
        return {}
    return await queries.list_names(uow, assistant_ids)


async def greet(actor: Actor, assistant_id: UUID) -> Greeting:
    """What an empty conversation with an assistant shows.

    Raises:
        AssistantUnavailableError: it does not answer the actor.
    """
    require(actor, Permission.ASSISTANT_READ)
    async with unit_of_work(actor) as uow:
        choice = await queries.find_choice(uow, assistant_id)
        found = await queries.find_asked(uow, assistant_id, ())
        if choice is None or not found:
            raise AssistantUnavailableError
        definition = Definition.model_validate(found[0].definition)
        scope = definition.knowledge.where()
        known = None if scope.places is None else await count_documents(uow, scope.places)
    return Greeting(choice, definition.starters, known)


def _first_named(found: Sequence[Asked], named: Sequence[str]) -> Asked | None:
    for handle in named:
        if one := next((each for each in found if each.handle == handle), None):
            return one
    return None


def _brief(actor: Actor, asked: Asked) -> Briefing:
    definition = Definition.model_validate(asked.definition)
    return Briefing(
        assistant_id=asked.id,
        version_id=asked.version_id,
        name=definition.name,
        handle=asked.handle,
        icon=definition.icon,
        color=definition.color,
        model=definition.model,
        fallback=definition.fallback,
        parameters=definition.settings.parameters(),
        knowledge=definition.knowledge.where(),
        citations=definition.knowledge.citations,
        when_full=WhenFull(definition.when_full) if definition.when_full else None,
        instructions=write_instructions(definition, moment_of(actor, asked.time_zone)),
        follow_ups=definition.follow_ups,
    )
