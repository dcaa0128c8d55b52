"""Asking and answering."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from time import monotonic
from uuid import UUID

from convosphere.answers.citations import cited_numbers
from convosphere.answers.schemas import Brief
from convosphere.answers.service import answer as write_answer
from convosphere.chat.errors import LONGEST_MESSAGE, EmptyMessageError, MessageKeyUsedError, MessageTooLongError
from convosphere.chat.generations import Generation, current_generation_host
from convosphere.chat.queries import citations as citation_queries
from convosphere.chat.queries import conversations as conversation_queries
from convosphere.chat.queries import generations as generation_queries
from convosphere.chat.queries import messages as message_queries
from convosphere.chat.schemas import Assignment, Heading, MessageView, Sent, Standing
from convosphere.chat.service.conversations import publish_list, publish_stop
from convosphere.chat.service.titles import first_title, write_title
from convosphere.core.authorization import require
from convosphere.core.errors import ConflictError
from convosphere.core.i18n import t
from convosphere.core.identifiers import new_id
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.llm.gateway import current_gateway
from convosphere.llm.schemas import ChatMessage
from convosphere.usage.schemas import CallRecord
from convosphere.usage.service.calls import book_call

HISTORY_SIZE = 60


async def send(actor: Actor, text: str, *, conversation_id: UUID | None, client_key: UUID, model: str = "") -> Sent:
    """Store a question and start the answer. The same `client_key` again changes nothing and returns the same.

    Raises:
        EmptyMessageError, MessageTooLongError: the question cannot be sent.
        AnswerRunningError: the conversation's last answer is still being written.
        MessageKeyUsedError: another question was sent with this key.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    text = _checked(text)
    async with unit_of_work(actor) as uow:
        heading, is_new = await _heading_for(uow, conversation_id, client_key, text)
        history: Sequence[MessageView] = ()
        if not is_new:
            standing = await _standing(uow, heading.id, client_key)
            if standing.is_key_used:
                return await _sent_before(uow, heading, client_key, text)
            history = standing.messages
        question = _new_message("user", "done", history[-1].id if history else None, text=text)
        message_queries.add_message(uow, heading.id, question, client_key=client_key)
        answer, assignment = await _add_answer(uow, heading, question, history, model)
    _start(actor, assignment)
    return Sent(heading.id, heading.title, question, answer, is_new_conversation=is_new)


async def retry(actor: Actor, message_id: UUID, *, model: str = "") -> Sent:
    """Answer a question anew, beside the answer that is there."""
    require(actor, Permission.CONVERSATION_WRITE)
    async with unit_of_work(actor) as uow:
        heading = await conversation_queries.hold_conversation_of(uow, message_id)
        _, old = await message_queries.get_message(uow, message_id)
        if old.role != "assistant" or old.parent_id is None:
            raise ConflictError(t("Only an answer can be asked for again."))
        await generation_queries.recover_abandoned(uow, heading.id)
        await generation_queries.refuse_while_writing(uow, heading.id)
        *history, question = await message_queries.get_branch(uow, heading.id, old.parent_id, HISTORY_SIZE)
        answer, assignment = await _add_answer(uow, heading, question, history, model)
    _start(actor, assignment)
    return Sent(heading.id, heading.title, question, answer, is_new_conversation=False)


async def resume(actor: Actor, message_id: UUID, *, model: str = "") -> Sent:
    """Go on with an answer that was interrupted; the Reader, who is quick, begins anew.

    Raises:
        ConflictError: the answer is not an interrupted one.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    async with unit_of_work(actor) as uow:
        heading = await conversation_queries.hold_conversation_of(uow, message_id)
        _, answer = await message_queries.get_message(uow, message_id)
        await generation_queries.refuse_while_writing(uow, heading.id)
        if answer.status != "interrupted" or answer.parent_id is None:
            raise ConflictError(t("Only an answer that was interrupted can be continued."))
        *history, question = await message_queries.get_branch(uow, heading.id, answer.parent_id, HISTORY_SIZE)
        model = model or heading.model
        conversation_queries.set_model(uow, heading.id, model, used_at=utc_now())
        is_reader = (await current_gateway().get_model(actor, model)).is_reader
        text_so_far = "" if is_reader else answer.text
        message_queries.reopen_answer(uow, message_id)
        citation_queries.remove_citations(uow, message_id)
        generation_queries.add_generation(uow, message_id, current_generation_host().process_id, text_so_far)
        await publish_list(uow)
    answer = replace(answer, status="streaming", model=model, error=None)
    _start(actor, _assignment(heading, question, answer, history, text_so_far=text_so_far))
    return Sent(heading.id, heading.title, question, answer, is_new_conversation=False)


async def stop(actor: Actor, message_id: UUID) -> None:
    """Stop an answer, whichever process writes it; the text so far stays."""
    require(actor, Permission.CONVERSATION_WRITE)
    async with unit_of_work(actor) as uow:
        await message_queries.get_message(uow, message_id)
        await publish_stop(uow, message_id)
    current_generation_host().stop(message_id)


async def finish_answer(assignment: Assignment, generation: Generation, status: str) -> None:
    """Store an answer in its final state with its citations and its cost, and write the title if it was the first."""
    async with unit_of_work(generation.actor) as uow:
        error = generation.error.as_dict() if generation.error else None
        if not await message_queries.end_answer(
            uow, generation.message_id, current_generation_host().process_id, status=status, text=generation.text,
            model=generation.model, error=error, finished_at=utc_now(),
        ):  # fmt: skip
            return
        cited = cited_numbers(generation.text)
        citation_queries.add_citations(uow, generation.message_id, generation.sources, cited)
        _book(uow, assignment, generation, status)
        await publish_list(uow)
        await uow.publish(f"message:{generation.message_id}")
    if assignment.is_first and status == "done":
        current_generation_host().start_beside(write_title(generation.actor, assignment, generation.text))


async def _heading_for(
    uow: UnitOfWork, conversation_id: UUID | None, client_key: UUID, text: str
) -> tuple[Heading, bool]:
    if conversation_id is not None:
        return await conversation_queries.hold_conversation(uow, conversation_id), False
    # A new conversation takes its first question's key as id, so that sending it twice makes one.
    if begun := await conversation_queries.add_conversation(uow, client_key, first_title(text)):
        return begun, True
    return await conversation_queries.hold_conversation(uow, client_key), False


async def _standing(uow: UnitOfWork, conversation_id: UUID, client_key: UUID) -> Standing:
    """Where the conversation stands, with no answer being written.

    Raises:
        AnswerRunningError: one is, and this is no question that was sent before.
    """
    standing = await message_queries.get_standing(uow, conversation_id, client_key, HISTORY_SIZE)
    if standing.is_key_used or not standing.is_writing:
        return standing
    await generation_queries.recover_abandoned(uow, conversation_id)
    await generation_queries.refuse_while_writing(uow, conversation_id)
    return await message_queries.get_standing(uow, conversation_id, client_key, HISTORY_SIZE)


async def _sent_before(uow: UnitOfWork, heading: Heading, client_key: UUID, text: str) -> Sent:
    question, answer = await message_queries.get_sent(uow, heading.id, client_key)
    if question.text != text:
        raise MessageKeyUsedError
    return Sent(heading.id, heading.title, question, answer, is_new_conversation=False)


async def _add_answer(
    uow: UnitOfWork, heading: Heading, question: MessageView, history: Sequence[MessageView], model: str
) -> tuple[MessageView, Assignment]:
    model = model or heading.model
    answer = _new_message("assistant", "streaming", question.id, model=model)
    message_queries.add_message(uow, heading.id, answer)
    generation_queries.add_generation(uow, answer.id, current_generation_host().process_id)
    conversation_queries.set_active_leaf(uow, heading.id, answer.id)
    conversation_queries.set_model(uow, heading.id, model, used_at=answer.created_at)
    await publish_list(uow)
    return answer, _assignment(heading, question, answer, history)


def _assignment(
    heading: Heading,
    question: MessageView,
    answer: MessageView,
    history: Sequence[MessageView],
    *,
    text_so_far: str = "",
) -> Assignment:
    said = tuple(_said(message) for message in history if message.text)
    is_answered = any(message.role == "assistant" and message.status == "done" for message in history)
    return Assignment(
        conversation_id=heading.id,
        message_id=answer.id,
        question=question.text,
        history=said,
        model=answer.model,
        is_first=not is_answered and heading.is_title_automatic,
        text_so_far=text_so_far,
    )


def _start(actor: Actor, assignment: Assignment) -> None:
    brief = Brief(assignment.question, assignment.history, assignment.model, actor.locale, assignment.text_so_far)
    generation = Generation(actor, assignment.message_id, text=assignment.text_so_far)
    events = write_answer(actor, brief, current_gateway())
    current_generation_host().start(generation, events, partial(finish_answer, assignment))


def _new_message(role: str, status: str, parent_id: UUID | None, *, text: str = "", model: str = "") -> MessageView:
    return MessageView(
        id=new_id(), parent_id=parent_id, role=role, status=status, text=text, model=model, error=None,
        created_at=utc_now(),
    )  # fmt: skip


def _checked(text: str) -> str:
    text = text.replace("\x00", "").strip()
    if not text:
        raise EmptyMessageError
    if len(text) > LONGEST_MESSAGE:
        raise MessageTooLongError
    return text


def _said(message: MessageView) -> ChatMessage:
    return ChatMessage("user" if message.role == "user" else "assistant", message.text)


def _book(uow: UnitOfWork, assignment: Assignment, generation: Generation, status: str) -> None:
    usage = generation.usage
    first = generation.first_piece_at
    call = CallRecord(
        purpose="answer",
        model=generation.model or assignment.model,
        status=status,
        total_ms=_milliseconds(generation.started_at, monotonic()),
        first_token_ms=_milliseconds(generation.started_at, first) if first else None,
        prompt_tokens=usage.prompt_tokens if usage else None,
        completion_tokens=usage.completion_tokens if usage else None,
        cost_nanos=usage.cost_nanos if usage else None,
        currency=usage.currency if usage else "USD",
    )
    book_call(uow, call, conversation_id=assignment.conversation_id, message_id=assignment.message_id)


def _milliseconds(start: float, end: float) -> int:
    return round((end - start) * 1000)
