"""Keeping questions that documents did not answer, and seeing to them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, get_args
from uuid import UUID

from convosphere.chat.unanswered import Ended
from convosphere.core.audit.actions import QUESTION_RULE_SET, QUESTION_SETTLED
from convosphere.core.audit.facts import QuestionRuleFacts, StateFacts
from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.page_routes import KNOWLEDGE_QUESTIONS, ask_again
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.service.memberships import resolve_person
from convosphere.knowledge.queries.documents import get_document, list_names
from convosphere.notifications.schemas import NotificationKind, Subject
from convosphere.notifications.service.telling import notify
from convosphere.questions import queries
from convosphere.questions.likeness import LEAST_LIKENESS, is_question, stems_of
from convosphere.questions.schemas import QuestionPage, State

SUBJECT: Final = "question_group"
PAGE: Final = 30
LONGEST_NAME: Final = 100

QUESTION_ASSIGNED: Final = NotificationKind(
    "question_assigned",
    t("I am to see to a question that documents do not answer"),
    t("{by} asks you to see to the question “{name}”, which documents do not answer."),
    "document",
    subject_type=SUBJECT,
    renews=True,
    needs=Permission.DOCUMENT_READ,
)
QUESTION_ANSWERED: Final = NotificationKind(
    "question_answered",
    t("There is an answer now to a question of mine"),
    t("There is an answer now to “{name}”. Ask again to read it."),
    "answer",
    subject_type=SUBJECT,
    renews=True,
    is_own=True,
    needs=Permission.CONVERSATION_READ,
)
QUESTION_NOTIFICATIONS: Final = (QUESTION_ASSIGNED, QUESTION_ANSWERED)


def questions_topic(workspace_id: UUID) -> str:
    """The topic of all questions of a workspace that documents did not answer."""
    return f"questions:{workspace_id}"


async def take_ended(uow: UnitOfWork, ended: Ended) -> None:
    """Keep the question of an answer for which documents had nothing, or forget it where they had at last."""
    if ended.is_answered:
        queries.remove_answered(uow, ended.answer_id)
        return
    stems = stems_of(ended.question)
    if not stems or not is_question(ended.question):
        return
    question_id = await queries.find_asked(uow, ended.answer_id)
    if question_id is None:
        return
    await uow.take_turns(f"questions:{uow.workspace_id}")  # Two that are alike are one group.
    group_id = await queries.find_alike(uow, stems, LEAST_LIKENESS) or queries.add_group(uow, stems)
    queries.add_question(uow, question_id, group_id)
    await _announce(uow)


async def list_questions(actor: Actor, state: str, skip: int = 0) -> QuestionPage:
    """Questions that the actor looks after: all for whoever looks after knowledge, else those that they were given."""
    require(actor, Permission.DOCUMENT_READ)
    async with unit_of_work(actor) as uow:
        rows = await queries.list_groups(uow, _state(state), max(skip, 0), PAGE)
        names = await list_names(uow, [row.document_id for row in rows if row.document_id])
        named = tuple(
            replace(row, document_name=names.get(row.document_id, "") if row.document_id else "") for row in rows
        )
        return QuestionPage(named, await queries.count_groups(uow), await queries.keeps_questions(uow))


async def assign(actor: Actor, group_id: UUID, owner_id: UUID | None) -> None:
    """Give questions to somebody who is to see to them, and is told so; to nobody without one.

    Raises:
        QuestionNotFoundError: there are none.
        NotFoundError: there is no such person.
    """
    require(actor, Permission.KNOWLEDGE_MANAGE)
    if owner_id and actor.workspace_id:
        await resolve_person(actor.workspace_id, owner_id)
    async with unit_of_work(actor) as uow:
        group = await queries.get_group(uow, group_id)
        queries.assign(uow, group.id, owner_id)
        if owner_id and owner_id != group.owner_id:
            notify(uow, QUESTION_ASSIGNED, [owner_id], key=str(group.id), subject_id=group.id)
        await _announce(uow)


async def answer(actor: Actor, group_id: UUID, document_id: UUID | None = None) -> None:
    """Say that there is an answer now, perhaps in a document; whoever asked is told.

    Raises:
        QuestionNotFoundError: the actor looks after no such questions.
        DocumentNotFoundError: they see no such document.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    async with unit_of_work(actor) as uow:
        group = await queries.get_group(uow, group_id)
        if document_id:
            await get_document(uow, document_id, "view")
        queries.settle(uow, group.id, "answered", document_id)
        if group.state != "answered":
            askers = await queries.list_askers(uow, group.id)
            notify(uow, QUESTION_ANSWERED, askers, key=str(group.id), subject_id=group.id)
        await _settled(uow, group.id, group.state, "answered")


async def set_aside(actor: Actor, group_id: UUID, *, is_dismissed: bool) -> None:
    """Say that questions need no answer, or that they do after all; nobody is told.

    Raises:
        QuestionNotFoundError: the actor looks after no such questions.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    state: State = "dismissed" if is_dismissed else "open"
    async with unit_of_work(actor) as uow:
        group = await queries.get_group(uow, group_id)
        queries.settle(uow, group.id, state)
        await _settled(uow, group.id, group.state, state)


async def set_rule(actor: Actor, *, keeps: bool) -> None:
    """Say whether questions that documents did not answer are kept; where not, those that were are forgotten."""
    require(actor, Permission.KNOWLEDGE_MANAGE)
    async with unit_of_work(actor) as uow:
        before = await queries.keeps_questions(uow)
        queries.set_rule(uow, keeps=keeps)
        uow.record(
            QUESTION_RULE_SET, before=QuestionRuleFacts(is_kept=before),
            after=QuestionRuleFacts(is_kept=keeps),
        )  # fmt: skip
        await _announce(uow)


async def fetch_questions(uow: UnitOfWork, group_ids: Sequence[UUID]) -> dict[UUID, Subject]:
    """Those of some questions that the unit's actor looks after, or that they asked and that have an answer now."""
    return {
        row.id: Subject(row.words, ask_again(str(row.question_id)) if row.is_answer else KNOWLEDGE_QUESTIONS)
        for row in await queries.list_named(uow, group_ids, LONGEST_NAME)
    }


def _state(state: str) -> State:
    for known in get_args(State):
        if state == known:
            return known
    raise InvalidInputError(t("There is no such choice."))


async def _settled(uow: UnitOfWork, group_id: UUID, before: State, after: State) -> None:
    uow.record(QUESTION_SETTLED, group_id, before=StateFacts(state=before), after=StateFacts(state=after))
    await _announce(uow)


async def _announce(uow: UnitOfWork) -> None:
    await uow.publish(questions_topic(uow.workspace_id))
