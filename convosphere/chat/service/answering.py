"""Asking and answering."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from convosphere.answers.citations import cited_numbers
from convosphere.assistants.schemas import Briefing
from convosphere.chat.errors import LONGEST_MESSAGE, EmptyMessageError, MessageKeyUsedError, MessageTooLongError
from convosphere.chat.generations import Generation, current_generation_host
from convosphere.chat.queries import citations as citation_queries
from convosphere.chat.queries import conversations as conversation_queries
from convosphere.chat.queries import generations as generation_queries
from convosphere.chat.queries import messages as message_queries
from convosphere.chat.queries import quality as quality_queries
from convosphere.chat.schemas import Assignment, Heading, MessageView, Sent, Standing
from convosphere.chat.service.booking import book_answer, limited, reserve_answer
from convosphere.chat.service.conversations import publish_list, publish_stop
from convosphere.chat.service.follow_ups import may_follow, think_no_more, write_follow_ups
from convosphere.chat.service.memory import HISTORY_SIZE, policy, recall, remembered, said
from convosphere.chat.service.notes import write_with_note
from convosphere.chat.service.speakers import brief_of, choose_speaker, same_speaker, with_speaker
from convosphere.chat.service.titles import first_title, write_title
from convosphere.core.authorization import require
from convosphere.core.errors import ConflictError
from convosphere.core.i18n import t
from convosphere.core.identifiers import new_id
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.llm.choosing import Choices
from convosphere.llm.gateway import current_gateway


async def send(
    actor: Actor,
    text: str,
    *,
    conversation_id: UUID | None,
    client_key: UUID,
    model: str = "",
    assistant_id: UUID | None = None,
) -> Sent:
    """Store a question and start the answer. The same `client_key` again changes nothing and returns the same.

    An assistant answers if one is chosen, or if the question names one: `@handle` is for this answer only.

    Raises:
        AssistantUnavailableError: the one that is chosen does not answer the actor.
        EmptyMessageError, MessageTooLongError: the question cannot be sent.
        AnswerRunningError: the conversation's last answer is still being written.
        MessageKeyUsedError: another question was sent with this key.
        BudgetUsedUpError: a budget has not enough left; nothing is stored.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    text = _checked(text)
    choices = await current_gateway().choices(actor)
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
        answer, assignment = await _add_answer(
            uow, choices, heading, question, history, model=model, assistant_id=assistant_id
        )
    _start(actor, assignment)
    return _sent(heading, question, answer, assignment, is_new_conversation=is_new)


async def retry(actor: Actor, message_id: UUID, *, model: str = "", assistant_id: UUID | None = None) -> Sent:
    """Answer a question anew, beside the answer that is there; whoever is chosen now answers.

    Raises:
        AssistantUnavailableError: the assistant that is chosen does not answer the actor.
        BudgetUsedUpError: a budget has not enough left.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    choices = await current_gateway().choices(actor)
    async with unit_of_work(actor) as uow:
        heading = await conversation_queries.hold_conversation_of(uow, message_id)
        _, old = await message_queries.get_message(uow, message_id)
        if old.role != "assistant" or old.parent_id is None:
            raise ConflictError(t("Only an answer can be asked for again."))
        await generation_queries.recover_abandoned(uow, heading.id)
        await generation_queries.refuse_while_writing(uow, heading.id)
        quality_queries.keep_regeneration(uow, message_id)
        *history, question = await message_queries.get_branch(uow, heading.id, old.parent_id, HISTORY_SIZE)
        answer, assignment = await _add_answer(
            uow, choices, heading, question, history, model=model, assistant_id=assistant_id
        )
    think_no_more(message_id)
    _start(actor, assignment)
    return _sent(heading, question, answer, assignment)


async def resume(actor: Actor, message_id: UUID, *, model: str = "") -> Sent:
    """Go on with an answer that was interrupted; the Reader, who is quick, begins anew.

    An assistant goes on as it was when it began.

    Raises:
        AssistantUnavailableError: the assistant that began does not answer the actor any more.
        ConflictError: the answer is not an interrupted one.
        BudgetUsedUpError: a budget has not enough left.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    choices = await current_gateway().choices(actor)
    async with unit_of_work(actor) as uow:
        heading = await conversation_queries.hold_conversation_of(uow, message_id)
        _, answer = await message_queries.get_message(uow, message_id)
        await generation_queries.refuse_while_writing(uow, heading.id)
        if answer.status != "interrupted" or answer.parent_id is None:
            raise ConflictError(t("Only an answer that was interrupted can be continued."))
        *history, question = await message_queries.get_branch(uow, heading.id, answer.parent_id, HISTORY_SIZE)
        model = model or heading.model
        speaker = await same_speaker(uow, answer)
        conversation_queries.set_speaker(uow, heading.id, model, answer.assistant_id, used_at=utc_now())
        is_reader = choices.get_model(model).is_reader
        text_so_far = "" if is_reader else answer.text
        message_queries.reopen_answer(uow, message_id)
        citation_queries.remove_citations(uow, message_id)
        generation_queries.add_generation(uow, message_id, current_generation_host().process_id, text_so_far)
        await publish_list(uow)
        answer = replace(answer, status="streaming", model=model, error=None)
        assignment = await _reserved(
            uow, choices, _assignment(heading, question, answer, history, speaker=speaker, text_so_far=text_so_far)
        )
    _start(actor, assignment)
    return _sent(heading, question, answer, assignment)


async def stop(actor: Actor, message_id: UUID) -> None:
    """Stop an answer, whichever process writes it; the text so far stays."""
    require(actor, Permission.CONVERSATION_WRITE)
    async with unit_of_work(actor) as uow:
        await message_queries.get_message(uow, message_id)
        await publish_stop(uow, message_id)
    current_generation_host().stop(message_id)


async def finish_answer(assignment: Assignment, generation: Generation, status: str) -> None:
    """Store an answer in its final state with its citations and its cost, and write the title if it was the first."""
    begins_at, context = remembered(assignment, generation)
    has_follow_ups = may_follow(assignment, generation, status)
    async with unit_of_work(generation.actor) as uow:
        error = generation.error.as_dict() if generation.error else None
        if not await message_queries.end_answer(
            uow, generation.message_id, current_generation_host().process_id, status=status, text=generation.text,
            model=generation.model, error=error, finished_at=utc_now(), begins_at=begins_at, context=context,
            asked_model=generation.asked_model, switch_note=_switch_note(generation), has_follow_ups=has_follow_ups,
        ):  # fmt: skip
            return
        cited = cited_numbers(generation.text)
        citation_queries.add_citations(uow, generation.message_id, generation.sources, cited)
        book_answer(uow, assignment, generation, status)
        await publish_list(uow)
        await uow.publish(f"message:{generation.message_id}")
    host = current_generation_host()
    if assignment.is_first and status == "done":
        host.start_beside(write_title(generation.actor, assignment, generation.text))
    if has_follow_ups:
        host.start_beside(write_follow_ups(generation.actor, assignment, generation.text))


def _switch_note(generation: Generation) -> dict[str, Any] | None:
    """Only of an answer: where no model gave one, the error says what is to be said."""
    return generation.switch_note.as_dict() if generation.switch_note and generation.text else None


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
    uow: UnitOfWork,
    choices: Choices,
    heading: Heading,
    question: MessageView,
    history: Sequence[MessageView],
    *,
    model: str,
    assistant_id: UUID | None,
) -> tuple[MessageView, Assignment]:
    chosen_model = model or heading.model
    speaker, model = await choose_speaker(uow, choices, question.text, assistant_id, chosen_model)
    answer = with_speaker(_new_message("assistant", "streaming", question.id, model=model), speaker)
    message_queries.add_message(uow, heading.id, answer)
    generation_queries.add_generation(uow, answer.id, current_generation_host().process_id)
    conversation_queries.set_active_leaf(uow, heading.id, answer.id)
    conversation_queries.set_speaker(uow, heading.id, chosen_model, assistant_id, used_at=answer.created_at)
    await publish_list(uow)
    return answer, await _reserved(uow, choices, _assignment(heading, question, answer, history, speaker=speaker))


def _assignment(
    heading: Heading,
    question: MessageView,
    answer: MessageView,
    history: Sequence[MessageView],
    *,
    speaker: Briefing | None,
    text_so_far: str = "",
) -> Assignment:
    memory = recall(heading, history)
    is_answered = any(message.role == "assistant" and message.status == "done" for message in history)
    return Assignment(
        conversation_id=heading.id,
        message_id=answer.id,
        question=question.text,
        history=said(memory.messages),
        question_id=question.id,
        history_ids=tuple(message.id for message in memory.messages),
        begun=memory.begun,
        summary=memory.summary,
        when_full=policy(heading, speaker),
        model=answer.model,
        is_first=not is_answered and heading.is_title_automatic,
        text_so_far=text_so_far,
        assistant=speaker,
        has_follow_ups=heading.has_follow_ups is not False,
    )


async def _reserved(uow: UnitOfWork, choices: Choices, assignment: Assignment) -> Assignment:
    """Last in its unit, since others wait for the budgets until that ends."""
    return await reserve_answer(uow, choices, assignment, brief_of(uow.actor, assignment))


def _sent(
    heading: Heading, question: MessageView, answer: MessageView, made: Assignment, *, is_new_conversation: bool = False
) -> Sent:
    warning = made.reservation.warning if made.reservation else None
    return Sent(heading.id, heading.title, question, answer, is_new_conversation, warning)


def _start(actor: Actor, assignment: Assignment) -> None:
    for message_id in assignment.history_ids[-1:]:
        think_no_more(message_id)
    brief = limited(brief_of(actor, assignment), assignment)
    generation = Generation(actor, assignment.message_id, text=assignment.text_so_far, assistant=assignment.assistant)
    events = write_with_note(actor, assignment, brief)
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
