"""Questions that are asked while an answer is being written: they wait for its end, or stop it and go at once."""

from collections.abc import Sequence
from uuid import UUID

from convosphere.chat.attachments import ChosenFile
from convosphere.chat.errors import AnswerRunningError
from convosphere.chat.queries import branches as branch_queries
from convosphere.chat.queries import conversations as conversation_queries
from convosphere.chat.queries import generations as generation_queries
from convosphere.chat.queries import queue as queries
from convosphere.chat.schemas import QueuedQuestion, Sent
from convosphere.chat.service.answering import send, send_next, stop
from convosphere.chat.service.assigning import checked
from convosphere.chat.service.conversations import publish_list
from convosphere.core.authorization import require
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work


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
) -> Sent | QueuedQuestion:
    """Send a question, or let it wait where an answer is being written; an urgent one stops that and goes next.

    One with `files` does not wait.

    Raises:
        ExpectedError: as `answering.send` does, but for AnswerRunningError, unless it has files.
    """
    question = QueuedQuestion(
        client_key, conversation_id or client_key, checked(text), model, assistant_id, is_urgent, None, utc_now()
    )
    while True:
        try:
            return await send(
                actor, text, conversation_id=conversation_id, client_key=client_key, model=model,
                assistant_id=assistant_id, files=files, folder_id=folder_id,
            )  # fmt: skip
        except AnswerRunningError:
            if files:
                raise
            running = await _wait_in_line(actor, question)
        if running is not None:
            if is_urgent:
                await stop(actor, running)
            return question


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
    """Do not send a question that waits.

    Raises:
        NotFoundError: it does not wait any more, or is somebody else's.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    async with unit_of_work(actor) as uow:
        question = await queries.get(uow, queued_id)
        await conversation_queries.hold_conversation(uow, question.conversation_id)
        queries.remove(uow, queued_id, question.conversation_id)
        await publish_list(uow)
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
        await send_next(actor, question.conversation_id, "stopped")
    else:
        await stop(actor, running)


async def _wait_in_line(actor: Actor, question: QueuedQuestion) -> UUID | None:
    """Keep a question until the answer that is being written has ended; None if it has already."""
    async with unit_of_work(actor) as uow:
        await conversation_queries.hold_conversation(uow, question.conversation_id)
        running = await generation_queries.find_running(uow, question.conversation_id)
        if running is not None:
            queries.add(uow, question)
            await publish_list(uow)
    return running
