"""An assistant as it was in a version, for whoever tries it out: only those who may change it."""

from dataclasses import dataclass
from uuid import UUID

from convosphere.answers.schemas import Brief, WhenFull
from convosphere.assistants.kind import ASSISTANTS
from convosphere.assistants.schemas import Definition
from convosphere.assistants.service.prompts import moment_of, write_instructions
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.creations.queries import creations
from convosphere.creations.queries import versions as version_queries


@dataclass(frozen=True)
class OpenedVersion:
    """What an assistant is, or was, in a version."""

    assistant_id: UUID
    assistant_name: str
    version_id: UUID
    number: int
    definition: Definition


async def open_version(
    uow: UnitOfWork, assistant_id: UUID, number: int = 0, *, version_id: UUID | None = None
) -> OpenedVersion:
    """A version of an assistant that the actor may change, by its number or id; without either the current one.

    Raises:
        AssistantNotFoundError: the actor may change no such assistant, or it has no such version.
    """
    assistant = await creations.get(uow, ASSISTANTS, assistant_id, "edit")
    found = await version_queries.find_version(uow, ASSISTANTS, assistant, number, version_id)
    definition = ASSISTANTS.read_definition(found)
    return OpenedVersion(assistant.id, assistant.name, found.id, found.number, definition)


async def check_may_change(uow: UnitOfWork, assistant_id: UUID) -> None:
    """Go on only for who may change an assistant.

    Raises:
        AssistantNotFoundError: the actor may change no such assistant.
    """
    await creations.get(uow, ASSISTANTS, assistant_id, "edit")


def brief_of(actor: Actor, definition: Definition, question: str, model: str = "") -> Brief:
    """A question to what a definition says, outside of any conversation; `model` answers in place of its own."""
    return Brief(
        question=question,
        history=(),
        model=model or definition.model,
        locale=actor.locale,
        instructions=write_instructions(definition, moment_of(actor, "")),
        parameters=definition.settings.parameters(),
        knowledge=definition.knowledge.where(),
        citations=definition.knowledge.citations,
        fallback="" if model else definition.fallback,
        when_full=WhenFull.DROP,
    )
