"""Who gives an answer: a model alone, or an assistant with all that makes it."""

from dataclasses import replace
from uuid import UUID

from convosphere.answers.schemas import Brief
from convosphere.assistants.schemas import Briefing
from convosphere.assistants.service.asking import briefing
from convosphere.chat.assignment import Assignment
from convosphere.chat.folders import on_common_ground
from convosphere.chat.schemas import MessageView
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.llm.choosing import Choices
from convosphere.llm.errors import ModelNotFoundError


async def choose_speaker(
    uow: UnitOfWork, choices: Choices, question: str, assistant_id: UUID | None, model: str
) -> tuple[Briefing | None, str]:
    """Whoever answers a question, and by which model: an assistant that it names, with its own, else the chosen one.

    Raises:
        AssistantUnavailableError: the chosen one does not answer the actor.
    """
    speaker, is_named = await briefing(uow, assistant_id, question)
    if speaker is None:
        return None, model
    if model and not is_named:
        return speaker, model
    return speaker, _usable_model(choices, speaker) or model


async def same_speaker(uow: UnitOfWork, answer: MessageView) -> Briefing | None:
    """Whoever began an answer, as they were then.

    Raises:
        AssistantUnavailableError: it does not answer the actor any more.
    """
    speaker, _ = await briefing(uow, answer.assistant_id, version_id=answer.assistant_version_id)
    return speaker


def with_speaker(message: MessageView, speaker: Briefing | None) -> MessageView:
    """A message that an assistant writes."""
    if speaker is None:
        return message
    return replace(
        message,
        assistant_id=speaker.assistant_id,
        assistant_version_id=speaker.version_id,
        assistant_name=speaker.name,
        assistant_icon=speaker.icon,
        assistant_color=speaker.color,
    )


def brief_of(actor: Actor, assignment: Assignment) -> Brief:
    """What an answer is made from."""
    brief = Brief(
        assignment.question, assignment.history, assignment.model, actor.locale, assignment.text_so_far,
        when_full=assignment.when_full, summary=assignment.summary, begun=assignment.begun,
        parameters=assignment.settings.parameters(),
        attached_tokens=sum(file.tokens for files in (assignment.files, *assignment.history_files) for file in files),
    )  # fmt: skip
    speaker = assignment.assistant
    if speaker is not None:
        brief = replace(
            brief,
            instructions=speaker.instructions,
            parameters=assignment.settings.parameters(speaker.parameters),
            knowledge=speaker.knowledge,
            citations=speaker.citations,
            fallback=speaker.fallback,
        )
    return on_common_ground(brief, assignment.ground)


def _usable_model(choices: Choices, speaker: Briefing) -> str:
    """The model of an assistant, or the one that steps in for it; whoever asks may have neither."""
    for model in (speaker.model, speaker.fallback):
        try:
            if model:
                return choices.get_model(model).id
        except ModelNotFoundError:
            continue
    return ""
