"""Asking and answering."""

from collections.abc import Sequence
from functools import partial
from time import monotonic
from uuid import UUID

from convosphere.answers.citations import cited_numbers
from convosphere.answers.schemas import Brief
from convosphere.answers.service import answer as write_answer
from convosphere.chat.errors import LONGEST_MESSAGE, EmptyMessageError, MessageKeyUsedError, MessageTooLongError
from convosphere.chat.generations import Generation, current_generation_host
from convosphere.chat.models import Conversation, Message, MessageCitation
from convosphere.chat.queries import citations as citation_queries
from convosphere.chat.queries import conversations as conversation_queries
from convosphere.chat.queries import generations as generation_queries
from convosphere.chat.schemas import Assignment, Sent
from convosphere.chat.service.conversations import publish_list, publish_stop, view_message
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
from convosphere.usage.service import CallRecord, book_call

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
        conversation, is_new = await _conversation_for(uow, conversation_id, client_key, text)
        if not is_new and (known := await conversation_queries.find_by_client_key(uow, conversation.id, client_key)):
            return _sent_before(conversation, *known, text)
        await generation_queries.recover_abandoned(uow, conversation.id)
        await generation_queries.refuse_while_writing(uow, conversation.id)
        leaf_id = await conversation_queries.get_active_leaf(uow, conversation.id)
        history = await conversation_queries.get_branch(uow, conversation.id, leaf_id, HISTORY_SIZE)
        question = _new_message(conversation, "user", "done", leaf_id, text=text, client_key=client_key)
        uow.session.add(question)
        conversation.model = model or conversation.model
        answer, assignment = await _add_answer(uow, conversation, question, history)
    _start(actor, assignment)
    return Sent(
        conversation.id, conversation.title, view_message(question), view_message(answer), is_new_conversation=is_new
    )


async def retry(actor: Actor, message_id: UUID, *, model: str = "") -> Sent:
    """Answer a question anew, beside the answer that is there."""
    require(actor, Permission.CONVERSATION_WRITE)
    async with unit_of_work(actor) as uow:
        conversation, old = await conversation_queries.get_message(uow, message_id, lock=True)
        if old.role != "assistant" or old.parent_id is None:
            raise ConflictError(t("Only an answer can be asked for again."))
        await generation_queries.recover_abandoned(uow, conversation.id)
        await generation_queries.refuse_while_writing(uow, conversation.id)
        *history, question = await conversation_queries.get_branch(uow, conversation.id, old.parent_id, HISTORY_SIZE)
        conversation.model = model or conversation.model
        answer, assignment = await _add_answer(uow, conversation, question, history)
    _start(actor, assignment)
    return Sent(
        conversation.id, conversation.title, view_message(question), view_message(answer), is_new_conversation=False
    )


async def resume(actor: Actor, message_id: UUID, *, model: str = "") -> Sent:
    """Go on with an answer that was interrupted; the Reader, who is quick, begins anew.

    Raises:
        ConflictError: the answer is not an interrupted one.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    async with unit_of_work(actor) as uow:
        conversation, answer = await conversation_queries.get_message(uow, message_id, lock=True)
        await generation_queries.refuse_while_writing(uow, conversation.id)
        if answer.status != "interrupted" or answer.parent_id is None:
            raise ConflictError(t("Only an answer that was interrupted can be continued."))
        *history, question = await conversation_queries.get_branch(uow, conversation.id, answer.parent_id, HISTORY_SIZE)
        conversation.model = model or conversation.model
        is_reader = current_gateway().get_model(conversation.model).is_reader
        text_so_far = "" if is_reader else answer.text
        answer.status, answer.finished_at, answer.error = "streaming", None, None
        await citation_queries.remove_citations(uow, message_id)
        await generation_queries.add_generation(uow, message_id, current_generation_host().process_id, text_so_far)
        await publish_list(uow)
        assignment = _assignment(conversation, question, answer, history, text_so_far)
    _start(actor, assignment)
    return Sent(
        conversation.id, conversation.title, view_message(question), view_message(answer), is_new_conversation=False
    )


async def stop(actor: Actor, message_id: UUID) -> None:
    """Stop an answer, whichever process writes it; the text so far stays."""
    require(actor, Permission.CONVERSATION_WRITE)
    async with unit_of_work(actor) as uow:
        await conversation_queries.get_message(uow, message_id)
        await publish_stop(uow, message_id)
    current_generation_host().stop(message_id)


async def finish_answer(assignment: Assignment, generation: Generation, status: str) -> None:
    """Store an answer in its final state with its citations and its cost, and write the title if it was the first."""
    async with unit_of_work(generation.actor) as uow:
        if not await generation_queries.release_generation(
            uow, generation.message_id, current_generation_host().process_id
        ):
            return
        conversation, message = await conversation_queries.get_message(
            uow, generation.message_id, lock=True, deleted=None
        )
        message.status = status
        message.parts = [{"type": "text", "text": generation.text}]
        message.model = generation.model or message.model
        message.error = generation.error.as_dict() if generation.error else None
        message.finished_at = conversation.updated_at = utc_now()
        uow.session.add_all(_citations(generation))
        _book(uow, assignment, generation, status)
        await publish_list(uow)
        await uow.publish(f"message:{generation.message_id}")
    if assignment.is_first and status == "done":
        current_generation_host().start_beside(write_title(generation.actor, assignment, generation.text))


def _sent_before(conversation: Conversation, question: Message, answer: Message, text: str) -> Sent:
    if question.text != text:
        raise MessageKeyUsedError
    return Sent(
        conversation.id, conversation.title, view_message(question), view_message(answer), is_new_conversation=False
    )


async def _conversation_for(
    uow: UnitOfWork, conversation_id: UUID | None, client_key: UUID, text: str
) -> tuple[Conversation, bool]:
    if conversation_id is not None:
        return await conversation_queries.get_conversation(uow, conversation_id, lock=True), False
    # A new conversation takes its first question's key as id, so that sending it twice makes one.
    is_new = await conversation_queries.add_conversation(uow, client_key, first_title(text))
    return await conversation_queries.get_conversation(uow, client_key, lock=True), is_new


async def _add_answer(
    uow: UnitOfWork, conversation: Conversation, question: Message, history: Sequence[Message]
) -> tuple[Message, Assignment]:
    answer = _new_message(conversation, "assistant", "streaming", question.id, model=conversation.model)
    await uow.session.flush()
    uow.session.add(answer)
    await generation_queries.add_generation(uow, answer.id, current_generation_host().process_id)
    await conversation_queries.set_active_leaf(uow, conversation.id, answer.id)
    conversation.updated_at = utc_now()
    await publish_list(uow)
    return answer, _assignment(conversation, question, answer, history)


def _assignment(
    conversation: Conversation, question: Message, answer: Message, history: Sequence[Message], text_so_far: str = ""
) -> Assignment:
    said = tuple(_said(message) for message in history if message.text)
    is_answered = any(message.role == "assistant" and message.status == "done" for message in history)
    return Assignment(
        conversation_id=conversation.id,
        message_id=answer.id,
        question=question.text,
        history=said,
        model=conversation.model,
        is_first=not is_answered and conversation.is_title_automatic,
        text_so_far=text_so_far,
    )


def _start(actor: Actor, assignment: Assignment) -> None:
    brief = Brief(assignment.question, assignment.history, assignment.model, actor.locale, assignment.text_so_far)
    generation = Generation(actor, assignment.message_id, text=assignment.text_so_far)
    events = write_answer(actor, brief, current_gateway())
    current_generation_host().start(generation, events, partial(finish_answer, assignment))


def _new_message(
    conversation: Conversation,
    role: str,
    status: str,
    parent_id: UUID | None,
    *,
    text: str = "",
    model: str = "",
    client_key: UUID | None = None,
) -> Message:
    return Message(
        id=new_id(),
        workspace_id=conversation.workspace_id,
        conversation_id=conversation.id,
        parent_id=parent_id,
        role=role,
        status=status,
        parts=[{"type": "text", "text": text}] if text else [],
        model=model,
        client_key=client_key,
    )


def _checked(text: str) -> str:
    text = text.replace("\x00", "").strip()
    if not text:
        raise EmptyMessageError
    if len(text) > LONGEST_MESSAGE:
        raise MessageTooLongError
    return text


def _said(message: Message) -> ChatMessage:
    return ChatMessage("user" if message.role == "user" else "assistant", message.text)


def _citations(generation: Generation) -> list[MessageCitation]:
    workspace_id = generation.actor.workspace_id
    if workspace_id is None:
        return []
    cited = cited_numbers(generation.text)
    return [
        MessageCitation(
            message_id=generation.message_id,
            number=source.number,
            workspace_id=workspace_id,
            document_id=source.document_id,
            document_version_id=source.document_version_id,
            start_offset=source.start,
            end_offset=source.end,
            page=source.page,
            is_cited=source.number in cited,
        )
        for source in generation.sources
    ]


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
