"""The end of an answer: what is stored of it, and what follows by itself."""

from dataclasses import asdict
from typing import Any

from convosphere.answers.citations import cited_numbers
from convosphere.chat.assignment import Assignment
from convosphere.chat.generation import Generation
from convosphere.chat.generations import current_generation_host
from convosphere.chat.queries import citations as citation_queries
from convosphere.chat.queries import messages as message_queries
from convosphere.chat.service.booking import book_answer, call_of, effort_of
from convosphere.chat.service.conversations import publish_change
from convosphere.chat.service.follow_ups import may_follow, write_follow_ups
from convosphere.chat.service.memory import remembered
from convosphere.chat.service.telling import tell_ended
from convosphere.chat.service.titles import write_title
from convosphere.chat.unanswered import EndedAnswers, ended_answer
from convosphere.core.model import utc_now
from convosphere.core.unit_of_work import unit_of_work


async def finish_answer(assignment: Assignment, generation: Generation, status: str) -> bool:
    """Store an answer in its final state with its citations and its cost, and write the title if it was the first.

    True where questions wait for it.
    """
    begins_at, context = remembered(assignment, generation)
    has_follow_ups = may_follow(assignment, generation, status)
    call = call_of(assignment, generation, status)
    async with unit_of_work(generation.actor) as uow:
        error = generation.error.as_dict() if generation.error else None
        ended = await message_queries.end_answer(
            uow, generation.message_id, current_generation_host().process_id, status=status, text=generation.text,
            model=generation.model, error=error, finished_at=utc_now(), begins_at=begins_at, context=context,
            asked_model=generation.asked_model, switch_note=_switch_note(generation), has_follow_ups=has_follow_ups,
            effort=asdict(effort_of(call, assignment)), thinking=generation.thinking,
            thinking_ms=generation.thinking_ms or 0, seen_by=+generation.watchers,
        )  # fmt: skip
        if ended is None:
            return False
        cited = cited_numbers(generation.text)
        citation_queries.add_citations(uow, generation.message_id, generation.sources, cited)
        book_answer(uow, assignment, call)
        await publish_change(uow, assignment.conversation_id)
        await uow.publish(f"message:{generation.message_id}")
        tell_ended(uow, ended.id, status, seen_by=+generation.watchers)
        if told := ended_answer(generation, status, assignment.question, cited):
            await EndedAnswers.tell(uow, told)
    host = current_generation_host()
    if assignment.is_first and status == "done":
        host.start_beside(write_title(generation.actor, assignment, generation.text))
    if has_follow_ups:
        host.start_beside(write_follow_ups(generation.actor, assignment, generation.text))
    return ended.has_queue


def _switch_note(generation: Generation) -> dict[str, Any] | None:
    """Only of an answer: where no model gave one, the error says what is to be said."""
    return generation.switch_note.as_dict() if generation.switch_note and generation.text else None
