"""Several answers to one question side by side. Nothing of it is stored but what it cost."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from convosphere.assistants.schemas import Definition
from convosphere.assistants.service.definitions import refuse_problems
from convosphere.assistants.service.opening import OpenedVersion, open_version
from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.playground.schemas import LONGEST_QUESTION
from convosphere.playground.service.trying import Attempt, Subject, attempt, book

MOST_AT_ONCE = 4


@dataclass(frozen=True)
class Pick:
    """What answers in a column: a version by its number, 0 for the working copy; `model` in place of its own."""

    version: int = 0
    model: str = ""


async def open_current(actor: Actor, assistant_id: UUID) -> OpenedVersion:
    """An assistant as it is now, for who may change it.

    Raises:
        AssistantNotFoundError: the actor may change no such assistant.
    """
    require(actor, Permission.ASSISTANT_WRITE)
    async with unit_of_work(actor) as uow:
        return await open_version(uow, assistant_id)


async def open_subjects(actor: Actor, assistant_id: UUID, working: Definition, picks: Sequence[Pick]) -> list[Subject]:
    """Who answers, column by column.

    Raises:
        AssistantNotFoundError: the actor may change no such assistant, or it has no such version.
        DefinitionRefusedError: the working copy cannot work.
    """
    require(actor, Permission.ASSISTANT_WRITE)
    if any(pick.version == 0 for pick in picks):
        await refuse_problems(actor, working)
    subjects: list[Subject] = []
    async with unit_of_work(actor) as uow:
        for pick in picks[:MOST_AT_ONCE]:
            opened = await open_version(uow, assistant_id, pick.version)
            definition = opened.definition if pick.version else working
            version_id = opened.version_id if pick.version else None
            subjects.append(Subject(assistant_id, definition, version_id, pick.model))
    return subjects


@asynccontextmanager
async def answering(actor: Actor, subjects: Sequence[Subject], question: str) -> AsyncIterator[list[Attempt]]:
    """Have all of them answer at once; what still runs when the context ends is stopped. All of it is booked.

    Raises:
        InvalidInputError: there is no question, or one that is too long.
    """
    question = question.strip()
    if not 0 < len(question) <= LONGEST_QUESTION:
        raise InvalidInputError(t("Please write a question of at most {count} characters.", count=LONGEST_QUESTION))
    attempts = [Attempt() for _ in subjects]
    pairs = zip(subjects, attempts, strict=True)
    tasks = [asyncio.create_task(_see_through(actor, subject, question, into)) for subject, into in pairs]
    try:
        yield attempts
    finally:
        for task, each in zip(tasks, attempts, strict=True):
            if not each.is_over:  # What is over is being booked.
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for never_begun in (each for each in attempts if not each.is_over):
            never_begun.end("stopped")


async def _see_through(actor: Actor, subject: Subject, question: str, into: Attempt) -> None:
    try:
        await attempt(actor, subject, question, into)
    finally:
        async with unit_of_work(actor) as uow:
            book(uow, subject, into)
