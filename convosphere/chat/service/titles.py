"""Titles of conversations: the question's first words at once, a model's own words after the first answer."""

from time import monotonic

import structlog

from convosphere.chat.assignment import Assignment
from convosphere.chat.markup import plain_line
from convosphere.chat.queries import conversations as conversation_queries
from convosphere.chat.service.booking import book_no_title, book_title, release_title
from convosphere.chat.service.conversations import publish_change
from convosphere.core.errors import ExpectedError
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.llm.errors import ProviderError
from convosphere.llm.gateway import current_gateway
from convosphere.llm.schemas import ChatMessage, CompletionRequest, Parameters

log = structlog.get_logger()

LONGEST = 60
MATERIAL = 2_000
"""Characters of question and answer that a title is made from."""
INSTRUCTIONS = (
    "Write a title for this conversation in its own language: two to six words, no quotation marks, no full stop, "
    "nothing else."
)


def first_title(question: str) -> str:
    """The question's first words."""
    line = plain_line(question)
    if len(line) <= LONGEST:
        return line
    return line[:LONGEST].rsplit(" ", 1)[0] + "…"


async def write_title(actor: Actor, assignment: Assignment, answer: str) -> None:
    """Let the model for titles find one, or the conversation's own; where the Reader answered, the first words stay."""
    try:
        model = await current_gateway().get_model(actor, assignment.model)
        if not model.is_reader:
            wanted = await current_gateway().default_model(actor, "title", instead=assignment.model)
            await _write_title(actor, assignment, answer, wanted.id)
    except ExpectedError as error:
        log.info("no_title", conversation_id=str(assignment.conversation_id), reason=str(error))
        async with unit_of_work(actor) as uow:
            release_title(uow, assignment)


async def _write_title(actor: Actor, assignment: Assignment, answer: str, model: str) -> None:
    said = f"{assignment.question[:MATERIAL]}\n\n{answer[:MATERIAL]}"
    request = CompletionRequest(
        model=model,
        messages=(ChatMessage("system", INSTRUCTIONS), ChatMessage("user", said)),
        parameters=Parameters(max_tokens=30),
        purpose="title",
        no_dearer=assignment.no_dearer,
    )
    started_at = monotonic()
    try:
        completion = await current_gateway().complete(actor, request)
    except ProviderError as error:
        async with unit_of_work(actor) as uow:
            book_no_title(uow, assignment, error.code, _milliseconds_since(started_at))
        raise
    async with unit_of_work(actor) as uow:
        if title := _cleaned(completion.text):
            conversation_queries.set_automatic_title(uow, assignment.conversation_id, title)
        book_title(uow, assignment, completion, _milliseconds_since(started_at))
        await publish_change(uow, assignment.conversation_id)


def _cleaned(text: str) -> str:
    line = next((line for line in text.splitlines() if line.strip()), "")
    return first_title(line.strip().strip("\"'„“”«»#* ").rstrip("."))


def _milliseconds_since(started_at: float) -> int:
    return round((monotonic() - started_at) * 1000)
