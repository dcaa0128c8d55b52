"""Test questions: keeping them, and asking them of the passages that are searched and of those beside them.

They are asked with the rights of whoever has them asked: what they do not see is neither found nor missed.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError, NotFoundError
from convosphere.core.i18n import t
from convosphere.core.identifiers import new_id
from convosphere.core.lines import plain_line
from convosphere.core.permissions import Actor, Permission, system_actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.service.memberships import resolve_person
from convosphere.knowledge.evaluation import queries
from convosphere.knowledge.evaluation.models import SearchQuestion
from convosphere.knowledge.evaluation.schemas import (
    DEPTH,
    AskedQuestion,
    Evaluation,
    QuestionRow,
    figures_of,
)
from convosphere.knowledge.queries import documents
from convosphere.knowledge.search.index import current_set, shadow_set
from convosphere.knowledge.search.models import SetState
from convosphere.knowledge.search.schemas import FoundPassage
from convosphere.knowledge.search.service import search_set

TRIAL_TASK: Final = "knowledge.ask_test_questions"
MOST_QUESTIONS: Final = 200
LONGEST_QUESTION: Final = 500
LONGEST_WORDS: Final = 200
MOST_ASKED: Final = 20


def evaluation_topic(workspace_id: UUID) -> str:
    """The topic of a workspace's test questions."""
    return f"evaluation:{workspace_id}"


async def get_evaluation(actor: Actor) -> Evaluation:
    """The test questions whose documents the actor sees, and how the passages of now and the new ones did."""
    require(actor, Permission.KNOWLEDGE_MANAGE)
    async with unit_of_work(actor) as uow:
        rows = await queries.list_rows(uow, MOST_QUESTIONS)
        trial = await queries.get_trial(uow)
        current, shadow = await current_set(uow), await shadow_set(uow)
    is_current = trial is not None and current is not None and trial.current_id == current.id
    is_shadow = is_current and trial is not None and shadow is not None and trial.shadow_id == shadow.id
    # Ranks in sets that are gone say nothing of those that there are.
    forgotten = {"shadow_rank": not is_shadow, "current_rank": not is_current}
    shown = [replace(row, **{name: None for name, is_gone in forgotten.items() if is_gone}) for row in rows]
    state = trial.state if trial else ""
    return Evaluation(
        tuple(shown), state == queries.RUNNING, state == queries.FAILED, trial is not None and trial.by_words,
        trial.ended_at if trial and is_current else None,
        figures_of([row.current_rank for row in shown if row.current_rank is not None]),
        figures_of([row.shadow_rank for row in shown if row.shadow_rank is not None]),
    )  # fmt: skip


async def list_asked(actor: Actor) -> list[AskedQuestion]:
    """What the actor asked in chats of their own, with the document that was cited: nobody else's questions."""
    require(actor, Permission.KNOWLEDGE_MANAGE)
    async with unit_of_work(actor) as uow:
        return await queries.list_asked(uow, MOST_ASKED)


async def add_question(actor: Actor, question: str, document_id: UUID, words: str) -> None:
    """Keep a test question: the document should be found, by a passage with these words if there are any.

    Raises:
        InvalidInputError: there is no question, or it is too long, or there are as many as there may be.
        DocumentNotFoundError: the actor sees no such document.
    """
    require(actor, Permission.KNOWLEDGE_MANAGE)
    question, words = plain_line(question), plain_line(words)
    if not question:
        raise InvalidInputError(t("Please enter a question."))
    if len(question) > LONGEST_QUESTION or len(words) > LONGEST_WORDS:
        raise InvalidInputError(t("That is too long."))
    async with unit_of_work(actor) as uow:
        document = await documents.get_document(uow, document_id, "view")
        topic = evaluation_topic(uow.workspace_id)
        await uow.take_turns(topic)
        if await queries.count_all(uow) >= MOST_QUESTIONS:
            raise InvalidInputError(t("There can be {count} test questions at most.", count=MOST_QUESTIONS))
        uow.session.add(
            SearchQuestion(
                workspace_id=uow.workspace_id, account_id=uow.account_id, document_id=document.id, question=question,
                words=words,
            )
        )  # fmt: skip
        await uow.publish(topic)


async def delete_question(actor: Actor, question_id: UUID) -> None:
    """Forget a test question.

    Raises:
        NotFoundError: the actor sees no such question.
    """
    require(actor, Permission.KNOWLEDGE_MANAGE)
    async with unit_of_work(actor) as uow:
        if not await queries.delete_question(uow, question_id):
            raise NotFoundError
        await uow.publish(evaluation_topic(uow.workspace_id))


async def begin_trial(actor: Actor) -> None:
    """Have a job ask the questions; nothing while one does."""
    require(actor, Permission.KNOWLEDGE_MANAGE)
    async with unit_of_work(actor) as uow:
        current, shadow = await current_set(uow), await shadow_set(uow)
        if current is None:
            raise InvalidInputError(t("There is nothing to search yet."))
        shadow_id = shadow.id if shadow and shadow.state == SetState.READY else None
        trial_id, topic = new_id(), evaluation_topic(uow.workspace_id)
        if await queries.begin_trial(uow, trial_id, current.id, shadow_id):
            args = {"workspace_id": uow.workspace_id, "account_id": uow.account_id, "trial_id": trial_id}
            await uow.enqueue(TRIAL_TASK, {name: str(key) for name, key in args.items()}, lock=topic)
            await uow.publish(topic)


async def run_trial(workspace_id: UUID, account_id: UUID, trial_id: UUID) -> None:
    """Do what `begin_trial` asked for, with the rights that its person has by then; nothing if a later one came."""
    try:
        actor = await resolve_person(workspace_id, account_id)
    except NotFoundError:
        actor = None
    is_allowed = actor is not None and actor.may(Permission.KNOWLEDGE_MANAGE)
    by_words = await _ask_all(actor, trial_id) if actor is not None and is_allowed else False
    async with unit_of_work(system_actor(workspace_id)) as uow:
        await queries.end_trial(uow, trial_id, queries.DONE if is_allowed else queries.FAILED, by_words=by_words)
        await uow.publish(evaluation_topic(workspace_id))


async def _ask_all(actor: Actor, trial_id: UUID) -> bool:
    """Note where the sets have what should be found; whether some questions got no vector, and went by words alone."""
    async with unit_of_work(actor) as uow:
        trial = await queries.get_trial(uow)
        rows = await queries.list_rows(uow, MOST_QUESTIONS)
    if trial is None or trial.id != trial_id:
        return False
    ranks: dict[UUID, tuple[int, int | None]] = {}
    by_words = False
    for row in rows:  # Each is a search of its own, as a person's would be.
        found = [
            await search_set(actor, row.question, set_id, DEPTH)
            for set_id in (trial.current_id, trial.shadow_id) if set_id
        ]  # fmt: skip
        now, *new = [_rank(row, result.passages) for result in found]
        ranks[row.id] = now, new[0] if new else None
        by_words = by_words or any(result.lacks_vector for result in found)
    async with unit_of_work(actor) as uow:
        await queries.note_ranks(uow, ranks)
    return by_words


def _rank(row: QuestionRow, found: Sequence[FoundPassage]) -> int:
    """At which place a set has what should be found, 0 if it has not."""
    return next((rank for rank, hit in enumerate(found, start=1) if _is_wanted(hit, row)), 0)


def _is_wanted(hit: FoundPassage, row: QuestionRow) -> bool:
    return hit.document_id == row.document_id and _plain(row.words) in _plain(hit.text)


def _plain(text: str) -> str:
    """Without regard to case, to how letters are put together and to where lines end."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
