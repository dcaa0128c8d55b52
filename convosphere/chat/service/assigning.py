"""What stands at the beginning of every answer, however it was asked for."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from convosphere.assistants.schemas import Briefing
from convosphere.chat.assignment import Assignment
from convosphere.chat.attachments import attached_files
from convosphere.chat.errors import LONGEST_MESSAGE, EmptyMessageError, MessageTooLongError
from convosphere.chat.folders import common_ground
from convosphere.chat.generations import current_generation_host
from convosphere.chat.parameters import made_with, settings_of
from convosphere.chat.queries import conversations as conversation_queries
from convosphere.chat.queries import generations as generation_queries
from convosphere.chat.queries import messages as message_queries
from convosphere.chat.schemas import Heading, MessageView, Sent
from convosphere.chat.service.booking import reserve_answer
from convosphere.chat.service.conversations import publish_change
from convosphere.chat.service.memory import policy, recall, said
from convosphere.chat.service.speakers import brief_of, choose_speaker, with_speaker
from convosphere.core.identifiers import new_id
from convosphere.core.model import utc_now
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.llm.choosing import Choices
from convosphere.llm.schemas import NO_PARAMETERS


async def add_answer(
    uow: UnitOfWork,
    choices: Choices,
    heading: Heading,
    question: MessageView,
    history: Sequence[MessageView],
    *,
    model: str,
    assistant_id: UUID | None,
) -> tuple[MessageView, Assignment]:
    """Store an empty answer in a conversation that is held, and look at it; whoever is chosen writes it."""
    chosen_model = model or heading.model
    speaker, model = await choose_speaker(uow, choices, question.text, assistant_id, chosen_model)
    answer = with_speaker(new_message("assistant", "streaming", question.id, model=model), speaker)
    others, settings = speaker.parameters if speaker else NO_PARAMETERS, settings_of(heading.parameters)
    answer = replace(answer, parameters=made_with(choices.get_model(model), settings, others))
    message_queries.add_message(uow, heading.id, answer)
    generation_queries.add_generation(uow, answer.id, current_generation_host().process_id)
    conversation_queries.set_active_leaf(uow, heading.id, answer.id)
    conversation_queries.set_speaker(uow, heading.id, chosen_model, assistant_id, used_at=answer.created_at)
    await publish_change(uow, heading.id)
    return answer, await reserved(uow, choices, assign(heading, question, answer, history, speaker=speaker))


def assign(
    heading: Heading,
    question: MessageView,
    answer: MessageView,
    history: Sequence[MessageView],
    *,
    speaker: Briefing | None,
) -> Assignment:
    """What a generation needs to write an answer, which goes on as it was begun."""
    memory = recall(heading, history)
    is_answered = any(message.role == "assistant" and message.status == "done" for message in history)
    return Assignment(
        conversation_id=heading.id,
        message_id=answer.id,
        question=question.text,
        history=said(memory.messages),
        files=attached_files(question.files),
        history_files=tuple(attached_files(message.files) for message in memory.messages),
        question_id=question.id,
        history_ids=tuple(message.id for message in memory.messages),
        begun=memory.begun,
        summary=memory.summary,
        when_full=policy(heading, speaker),
        model=answer.model,
        is_first=not is_answered and heading.is_title_automatic,
        assistant=speaker,
        settings=settings_of(answer.parameters),
        ground=common_ground(heading.folders),
        has_follow_ups=heading.has_follow_ups is not False,
    )


async def reserved(uow: UnitOfWork, choices: Choices, assignment: Assignment) -> Assignment:
    """Last in its unit, since others wait for the budgets until that ends."""
    return await reserve_answer(uow, choices, assignment, brief_of(uow.actor, assignment))


def as_sent(
    heading: Heading, question: MessageView, answer: MessageView, made: Assignment, *, is_new_conversation: bool = False
) -> Sent:
    """What whoever asked is told."""
    warning = made.reservation.warning if made.reservation else None
    return Sent(heading.id, heading.title, question, answer, is_new_conversation, heading.is_temporary, warning)


def new_message(role: str, status: str, parent_id: UUID | None, *, text: str = "", model: str = "") -> MessageView:
    """A message that is stored next."""
    return MessageView(
        id=new_id(), parent_id=parent_id, role=role, status=status, text=text, model=model, error=None,
        created_at=utc_now(),
    )  # fmt: skip


def new_question(uow: UnitOfWork, parent_id: UUID | None, text: str) -> MessageView:
    """A question of the actor's that is stored next."""
    message = new_message("user", "done", parent_id, text=text)
    return replace(message, author_id=uow.account_id, author_name=uow.actor.name)


def checked(text: str) -> str:
    """A question as it can be stored.

    Raises:
        EmptyMessageError, MessageTooLongError: it cannot be sent.
    """
    text = text.replace("\x00", "").strip()
    if not text:
        raise EmptyMessageError
    if len(text) > LONGEST_MESSAGE:
        raise MessageTooLongError
    return text
