"""Questions that are asked while an answer is being written: they wait for its end, or stop it and go at once."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing, suppress
from functools import partial
from uuid import UUID

from convosphere.assistants.schemas import Settings
from convosphere.chat.attachments import ChosenFile, chosen_files
from convosphere.chat.errors import AnswerRunningError, TooManyQuestionsError
from convosphere.chat.parameters import USUAL
from convosphere.chat.queries import branches as branch_queries
from convosphere.chat.queries import conversations as conversation_queries
from convosphere.chat.queries import generations as generation_queries
from convosphere.chat.queries import queue as queries
from convosphere.chat.schemas import QueuedQuestion, Sent
from convosphere.chat.service import attachments
from convosphere.chat.service.answering import send, send_next, stop
from convosphere.chat.service.assigning import checked
from convosphere.chat.service.conversations import publish_list
from convosphere.chat.service.watching import watch
from convosphere.core.authorization import require
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work

MOST_WAITING = 20
"""Questions of one person in one conversation."""

STOP_SECONDS = 5.0
"""How long an answer may take to end whose question is asked in other words."""


async def ask(
    actor: Actor,
    text: str,
    *,
    conversation_id: UUID | None,
    client_key: UUID,
    model: str = "",
    assistant_id: UUID | None = None,
    is_urgent: bool = False,
    files: Sequence[ChosenFile] = (),
    folder_id: UUID | None = None,
    is_temporary: bool = False,
    settings: Settings = USUAL,
) -> Sent | QueuedQuestion:
    """Send a question, or let it wait where an answer is being written; an urgent one stops that and goes next.

    Its `files` wait with it.

    Raises:
        TooManyQuestionsError: `MOST_WAITING` of the actor wait already.
        ExpectedError: as `answering.send` does, but for AnswerRunningError.
    """
    question = partial(
        QueuedQuestion, client_key, conversation_id or client_key, checked(text), model, assistant_id, is_urgent, None,
        utc_now(),
    )  # fmt: skip
    while True:
        try:
            return await send(
                actor, text, conversation_id=conversation_id, client_key=client_key, model=model,
                assistant_id=assistant_id, files=files, folder_id=folder_id, is_temporary=is_temporary,
                settings=settings,
            )  # fmt: skip
        except AnswerRunningError:
            running, waiting = await _wait_in_line(actor, question, conversation_id or client_key, files)
        if running is not None:
            if is_urgent:
                await stop(actor, running)
            return waiting


async def ask_instead(
    actor: Actor,
    text: str,
    *,
    instead_of: UUID,
    conversation_id: UUID,
    client_key: UUID,
    model: str = "",
    assistant_id: UUID | None = None,
) -> Sent:
    """Ask other words for a question; an answer that is being written is stopped for it, and stays as far as it is.

    Raises:
        ExpectedError: as `answering.send` does.
    """
    ask = partial(
        send, actor, text, conversation_id=conversation_id, client_key=client_key, model=model,
        assistant_id=assistant_id, instead_of=instead_of,
    )  # fmt: skip
    try:
        return await ask()
    except AnswerRunningError:
        await _end_running(actor, conversation_id)
    return await ask()


async def list_queued(actor: Actor, conversation_id: UUID) -> Sequence[QueuedQuestion]:
    """The actor's questions that wait in a conversation, in the order in which they go."""
    require(actor, Permission.CONVERSATION_READ)
    async with unit_of_work(actor) as uow:
        await branch_queries.get_place(uow, conversation_id)
        return await queries.list_queued(uow, conversation_id)


async def edit_queued(actor: Actor, queued_id: UUID, text: str) -> QueuedQuestion:
    """Give a question that waits other words.

    Raises:
        EmptyMessageError, MessageTooLongError: it could not be sent so.
        NotFoundError: it does not wait any more, or is somebody else's.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    text = checked(text)
    async with unit_of_work(actor) as uow:
        question = await queries.edit(uow, queued_id, text)
        await publish_list(uow)
    return question


async def remove_queued(actor: Actor, queued_id: UUID) -> QueuedQuestion:
    """Do not send a question that waits; its files go as well.

    Raises:
        NotFoundError: it does not wait any more, or is somebody else's.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    async with unit_of_work(actor) as uow:
        question = await queries.get(uow, queued_id)
        await conversation_queries.hold_conversation(uow, question.conversation_id)
        queries.remove(uow, queued_id, question.conversation_id)
        await publish_list(uow)
    for file in chosen_files(question.files):
        await attachments.discard(actor, file.id)
    return question


async def send_queued_now(actor: Actor, queued_id: UUID) -> None:
    """Let a question that waits go at once; an answer that is being written is stopped for it.

    Raises:
        NotFoundError: it does not wait any more, or is somebody else's.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    async with unit_of_work(actor) as uow:
        question = await queries.get(uow, queued_id)
        await conversation_queries.hold_conversation(uow, question.conversation_id)
        await generation_queries.recover_abandoned(uow, question.conversation_id)
        running = await generation_queries.find_running(uow, question.conversation_id)
        queries.hurry(uow, queued_id)
        await publish_list(uow)
    if running is None:
        await send_next(uow.workspace_id, question.conversation_id, "stopped")
    else:
        await stop(actor, running)


async def _end_running(actor: Actor, conversation_id: UUID) -> None:
    """Stop the answer that is being written, and wait until it is stored, for as long as one waits for a click."""
    async with unit_of_work(actor) as uow:
        await conversation_queries.get_heading(uow, conversation_id)
        running = await generation_queries.find_running(uow, conversation_id)
    if running is None:
        return
    await stop(actor, running)
    with suppress(TimeoutError):
        async with asyncio.timeout(STOP_SECONDS), aclosing(watch(actor, running)) as looks:
            async for _ in looks:
                pass


async def _wait_in_line(
    actor: Actor, question: Callable[..., QueuedQuestion], conversation_id: UUID, files: Sequence[ChosenFile]
) -> tuple[UUID | None, QueuedQuestion]:
    """Keep a question until the answer that is being written has ended; no answer if it has already."""
    async with unit_of_work(actor) as uow:
        await conversation_queries.hold_conversation(uow, conversation_id)
        running = await generation_queries.find_running(uow, conversation_id)
        waiting = question(account_id=uow.account_id, files=await attachments.as_waiting(uow, files))
        if running is not None:
            queued = [one.id for one in await queries.list_queued(uow, conversation_id)]
            if len(queued) >= MOST_WAITING and waiting.id not in queued:
                raise TooManyQuestionsError
            queries.add(uow, waiting)
            await publish_list(uow)
    return running, waiting
