"""Looking at what an answer has made, in each of its versions."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from convosphere.chat.artifacts import Artifact, find_artifacts
from convosphere.chat.queries import artifacts as artifact_queries
from convosphere.chat.queries import messages as message_queries
from convosphere.chat.queries.artifacts import AnswerText
from convosphere.core.authorization import require
from convosphere.core.errors import NotFoundError
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work

MOST_ANSWERS = 100
"""Answers that are searched for other versions, the latest first."""


@dataclass(frozen=True)
class Place:
    """Where an artifact stands: the message, and which one of it."""

    message_id: UUID
    number: int


@dataclass(frozen=True)
class ArtifactView:
    """An artifact with the places of all its versions, the first one first; `place` is one of them."""

    artifact: Artifact
    place: Place
    versions: tuple[Place, ...]


async def get_artifact(actor: Actor, message_id: UUID, number: int) -> Artifact:
    """One artifact of a message.

    Raises:
        NotFoundError: there is none that the actor may see.
    """
    require(actor, Permission.CONVERSATION_READ)
    async with unit_of_work(actor) as uow:
        _, message = await message_queries.get_message(uow, message_id)
    return _pick(await asyncio.to_thread(find_artifacts, message.text), number)


async def open_artifact(actor: Actor, message_id: UUID, number: int) -> ArtifactView:
    """One artifact of a message, and where the others of its kind and title stand in the conversation.

    Raises:
        NotFoundError: there is none that the actor may see.
    """
    require(actor, Permission.CONVERSATION_READ)
    async with unit_of_work(actor) as uow:
        conversation_id, message = await message_queries.get_message(uow, message_id)
        answers = await artifact_queries.list_with_code(uow, conversation_id, message_id, MOST_ANSWERS)
    artifact = _pick(await asyncio.to_thread(find_artifacts, message.text), number)
    place = Place(message_id, number)
    versions = await asyncio.to_thread(_places_of, artifact, answers)
    return ArtifactView(artifact, place, versions if place in versions else (place,))


def _pick(artifacts: Sequence[Artifact], number: int) -> Artifact:
    if not 0 <= number < len(artifacts):
        raise NotFoundError
    return artifacts[number]


def _places_of(wanted: Artifact, answers: Sequence[AnswerText]) -> tuple[Place, ...]:
    return tuple(
        Place(answer.id, number)
        for answer in reversed(answers)
        for number, found in enumerate(find_artifacts(answer.text))
        if (found.kind, found.title) == (wanted.kind, wanted.title)
    )
