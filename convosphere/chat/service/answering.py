"""Asking and answering: each way to an answer adds a message to the tree, and none changes what is there."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from uuid import UUID

import structlog

from convosphere.assistants.schemas import Settings
from convosphere.chat.assignment import Assignment
from convosphere.chat.attachments import ChosenFile, chosen_files
from convosphere.chat.effort import Effort
from convosphere.chat.errors import AnswerRunningError, MessageKeyUsedError, TemporaryForbiddenError
from convosphere.chat.generation import Generation
from convosphere.chat.generations import current_generation_host
from convosphere.chat.parameters import USUAL
from convosphere.chat.queries import branches as branch_queries
from convosphere.chat.queries import citations as citation_queries
from convosphere.chat.queries import conversations as conversation_queries
from convosphere.chat.queries import folders as folder_queries
from convosphere.chat.queries import generations as generation_queries
from convosphere.chat.queries import messages as message_queries
from convosphere.chat.queries import quality as quality_queries
from convosphere.chat.queries import queue as queue_queries
from convosphere.chat.schemas import Heading, MessageView, QueuedQuestion, Sent, Standing
from convosphere.chat.service.assigning import add_answer, as_sent, assign, checked, new_question, reserved
from convosphere.chat.service.attachments import with_files
from convosphere.chat.service.booking import limited
from convosphere.chat.service.conversations import publish_change, publish_list, publish_stop
from convosphere.chat.service.finishing import finish_answer
from convosphere.chat.service.follow_ups import think_no_more
from convosphere.chat.service.material import write_with_files
from convosphere.chat.service.memory import HISTORY_SIZE
from convosphere.chat.service.mentions import tell_mentioned
from convosphere.chat.service.speakers import brief_of, same_speaker
from convosphere.chat.service.titles import first_title
from convosphere.chat.unanswered import asks_documents
from convosphere.core.authorization import require
from convosphere.core.errors import ConflictError, ExpectedError
from convosphere.core.i18n import t
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission, system_actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.service.memberships import resolve_person
from convosphere.llm.gateway import current_gateway

log = structlog.get_logger()

CAN_GO_ON = {"interrupted", "stopped", "failed"}
"""How an answer ended that can be continued."""


async def send(
    actor: Actor,
    text: str,
    *,
    conversation_id: UUID | None,
    client_key: UUID,
    model: str = "",
    assistant_id: UUID | None = None,
    instead_of: UUID | None = None,
    is_queued: bool = False,
    folder_id: UUID | None = None,
    is_temporary: bool = False,
    files: Sequence[ChosenFile] = (),
    settings: Settings = USUAL,
) -> Sent:
    """Store a question and start the answer. The same `client_key` again changes nothing and returns the same.

    A new conversation begins in the folder `folder_id` with these `settings`, one that is there stays where and as it
    is. A new one is temporary if that is wanted, or if the workspace says so.

    An assistant answers if one is chosen, or if the question names one: `@handle` is for this answer only. The
    question goes to the end of the branch that the actor looks at, or beside the one that it is asked `instead_of`.
    The `files` that the actor has brought go with it. With `is_queued` it has waited under its key, and waits no
    longer.

    Raises:
        AssistantUnavailableError: the one that is chosen does not answer the actor.
        EmptyMessageError, MessageTooLongError: the question cannot be sent.
        AnswerRunningError: the conversation's last answer is still being written.
        MessageKeyUsedError: another question was sent with this key.
        TooManyFilesError, FileNotReadyError, NotFoundError: its files cannot go with it.
        TemporaryForbiddenError: the workspace has no temporary conversations.
        BudgetUsedUpError: a budget has not enough left; nothing is stored.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    text = checked(text)
    choices = await current_gateway().choices(actor)
    async with unit_of_work(actor) as uow:
        begin = partial(
            _begin, uow, client_key, text, folder_id=folder_id, is_temporary=is_temporary, settings=settings
        )
        heading, is_new = await _heading_for(uow, conversation_id, client_key, begin)
        history: Sequence[MessageView] = ()
        if is_queued:
            queue_queries.remove(uow, client_key, heading.id)
        if not is_new:
            standing = await _standing(uow, heading.id, client_key, instead_of)
            if standing.is_key_used:
                return await _sent_before(uow, heading, client_key, text)
            history = standing.messages
        question = new_question(uow, history[-1].id if history else None, text)
        question = await with_files(uow, question, files, heading.id, instead_of)
        message_queries.add_message(uow, heading.id, question, client_key=client_key)
        await tell_mentioned(uow, heading, question)
        answer, assignment = await add_answer(
            uow, choices, heading, question, history, model=model, assistant_id=assistant_id
        )
    _start(actor, assignment)
    return as_sent(heading, question, answer, assignment, is_new_conversation=is_new)


async def retry(actor: Actor, message_id: UUID, *, model: str = "", assistant_id: UUID | None = None) -> Sent:
    """Answer a question anew, beside the answers that are there; whoever is chosen now answers.

    The message is one of those answers, or the question itself, which may have none yet.

    Raises:
        AssistantUnavailableError: the assistant that is chosen does not answer the actor.
        AnswerRunningError: an answer of the conversation is still being written.
        BudgetUsedUpError: a budget has not enough left.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    choices = await current_gateway().choices(actor)
    async with unit_of_work(actor) as uow:
        heading = await conversation_queries.hold_conversation_of(uow, message_id)
        _, old = await message_queries.get_message(uow, message_id)
        question_id = old.parent_id if old.role == "assistant" else old.id
        await generation_queries.recover_abandoned(uow, heading.id)
        await generation_queries.refuse_while_writing(uow, heading.id)
        quality_queries.keep_regeneration(uow, message_id)
        *history, question = await message_queries.get_branch(uow, heading.id, question_id, HISTORY_SIZE)
        answer, assignment = await add_answer(
            uow, choices, heading, question, history, model=model, assistant_id=assistant_id
        )
    think_no_more(message_id)
    _start(actor, assignment)
    return as_sent(heading, question, answer, assignment)


async def resume(actor: Actor, message_id: UUID, *, model: str = "") -> Sent:
    """Go on with an answer that is not whole; the Reader, who is quick, begins anew.

    An assistant goes on as it was when it began.

    Raises:
        AssistantUnavailableError: the assistant that began does not answer the actor any more.
        ConflictError: the answer is whole.
        BudgetUsedUpError: a budget has not enough left.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    choices = await current_gateway().choices(actor)
    async with unit_of_work(actor) as uow:
        heading = await conversation_queries.hold_conversation_of(uow, message_id)
        _, answer = await message_queries.get_message(uow, message_id)
        await generation_queries.refuse_while_writing(uow, heading.id)
        if answer.status not in CAN_GO_ON or answer.parent_id is None:
            raise ConflictError(t("Only an answer that is not whole can be continued."))
        *history, question = await message_queries.get_branch(uow, heading.id, answer.parent_id, HISTORY_SIZE)
        model = model or heading.model
        speaker = await same_speaker(uow, answer)
        conversation_queries.set_speaker(uow, heading.id, model, answer.assistant_id, used_at=utc_now())
        before = answer if not choices.get_model(model).is_reader else replace(answer, text="", thinking_ms=None)
        thinking = await branch_queries.get_thinking(uow, message_id) if before.thinking_ms is not None else ""
        message_queries.reopen_answer(uow, message_id)
        citation_queries.remove_citations(uow, message_id)
        process_id = current_generation_host().process_id
        generation_queries.add_generation(uow, message_id, process_id, before.text, thinking)
        await publish_change(uow, heading.id)
        answer = replace(answer, status="streaming", model=model, error=None)
        assignment = replace(
            assign(heading, question, answer, history, speaker=speaker),
            text_so_far=before.text,
            thinking_so_far=thinking,
            thinking_ms_so_far=before.thinking_ms or 0,
            effort_so_far=Effort(**before.effort) if before.effort else None,
        )
        assignment = await reserved(uow, choices, assignment)
    _start(actor, assignment)
    return as_sent(heading, question, answer, assignment)


async def stop(actor: Actor, message_id: UUID) -> None:
    """Stop an answer, whichever process writes it; the text so far stays."""
    require(actor, Permission.CONVERSATION_WRITE)
    async with unit_of_work(actor) as uow:
        await message_queries.get_message(uow, message_id, "use")
        await publish_stop(uow, message_id)
    current_generation_host().stop(message_id)


async def send_next(workspace_id: UUID, conversation_id: UUID, status: str) -> None:
    """Send the question that waits for an answer that has ended so; after another end than `done` only an urgent one.

    Whoever asked it is looked up anew, since they may have other rights by now. What cannot be sent goes on waiting and
    says why, and holds up nobody else's.
    """
    refused: set[UUID] = set()
    while (question := await _find_next(workspace_id, conversation_id)) and question.id not in refused:
        if not (status == "done" or question.is_urgent) or await _is_taken(workspace_id, question):
            return
        refused.add(question.id)


async def _find_next(workspace_id: UUID, conversation_id: UUID) -> QueuedQuestion | None:
    async with unit_of_work(system_actor(workspace_id)) as uow:
        return await queue_queries.find_next(uow, conversation_id)


async def _is_taken(workspace_id: UUID, question: QueuedQuestion) -> bool:
    """Send a question that has waited, or keep why not; False if another one may go instead."""
    try:
        await send(
            await resolve_person(workspace_id, question.account_id), question.text,
            conversation_id=question.conversation_id, client_key=question.id, model=question.model,
            assistant_id=question.assistant_id, is_queued=True, files=chosen_files(question.files),
        )  # fmt: skip
    except AnswerRunningError:
        log.info("question_waits_on", conversation_id=str(question.conversation_id))  # Somebody has asked meanwhile.
    except ExpectedError as error:
        async with unit_of_work(Actor(question.account_id, workspace_id, frozenset())) as uow:
            queue_queries.refuse(uow, question.id, error.message.as_dict())
            await publish_list(uow)
        return False
    return True


async def _heading_for(
    uow: UnitOfWork, conversation_id: UUID | None, client_key: UUID, begin: Callable[[], Awaitable[Heading | None]]
) -> tuple[Heading, bool]:
    if conversation_id is not None:
        return await conversation_queries.hold_conversation(uow, conversation_id), False
    # A new conversation takes its first question's key as id, so that sending it twice makes one.
    if begun := await begin():
        return begun, True
    return await conversation_queries.hold_conversation(uow, client_key), False


async def _begin(
    uow: UnitOfWork, conversation_id: UUID, text: str, *, folder_id: UUID | None, is_temporary: bool, settings: Settings
) -> Heading | None:
    if folder_id:
        await folder_queries.get_folder(uow, folder_id, "use")
    begun = await conversation_queries.add_conversation(
        uow, conversation_id, first_title(text), folder_id, is_temporary=is_temporary, settings=settings
    )
    if begun and is_temporary and not begun.is_temporary:
        raise TemporaryForbiddenError
    return await conversation_queries.get_heading(uow, conversation_id) if begun and folder_id else begun


async def _standing(uow: UnitOfWork, conversation_id: UUID, client_key: UUID, instead_of: UUID | None) -> Standing:
    """Where the conversation stands for a question, with no answer being written.

    Raises:
        AnswerRunningError: one is, and this is no question that was sent before.
        NotFoundError: it holds no question to ask another one `instead_of`.
    """
    beside = await message_queries.get_question(uow, conversation_id, instead_of) if instead_of else None
    ask = partial(message_queries.get_standing, uow, conversation_id, client_key, HISTORY_SIZE, beside=beside)
    standing = await ask()
    if standing.is_key_used or not standing.is_writing:
        return standing
    await generation_queries.recover_abandoned(uow, conversation_id)
    await generation_queries.refuse_while_writing(uow, conversation_id)
    return await ask()


async def _sent_before(uow: UnitOfWork, heading: Heading, client_key: UUID, text: str) -> Sent:
    question, *answers = await message_queries.get_sent(uow, heading.id, client_key)
    if question.text != text or not answers:
        raise MessageKeyUsedError
    return Sent(heading.id, heading.title, question, answers[0], is_new_conversation=False)


def _start(actor: Actor, assignment: Assignment) -> None:
    host = current_generation_host()
    for message_id in assignment.history_ids[-1:]:
        think_no_more(message_id)
    brief = limited(brief_of(actor, assignment), assignment)
    generation = Generation(
        actor,
        assignment.message_id,
        assignment.conversation_id,
        text=assignment.text_so_far,
        assistant=assignment.assistant,
        thinking=assignment.thinking_so_far,
        thinking_ms_so_far=assignment.thinking_ms_so_far,
        asks_documents=asks_documents(brief),
    )
    host.start(generation, write_with_files(actor, assignment, brief), partial(_finish, assignment))


async def _finish(assignment: Assignment, generation: Generation, status: str) -> None:
    workspace_id = generation.actor.workspace_id
    if await finish_answer(assignment, generation, status) and workspace_id:
        current_generation_host().start_beside(send_next(workspace_id, assignment.conversation_id, status))
