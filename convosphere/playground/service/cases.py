"""Test cases of an assistant, for who may change it."""

from dataclasses import asdict
from typing import get_args
from uuid import UUID

from convosphere.assistants.service.opening import check_may_change
from convosphere.core.authorization import require
from convosphere.core.i18n import t
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.playground.errors import CaseRefusedError
from convosphere.playground.queries import cases as queries
from convosphere.playground.schemas import (
    LONGEST,
    LONGEST_QUESTION,
    MOST_CASES,
    MOST_EXPECTATIONS,
    CaseDraft,
    CaseRow,
    Expectation,
    Kind,
)
from convosphere.playground.service.checking import check_expectation


async def list_cases(actor: Actor, assistant_id: UUID) -> list[CaseRow]:
    """The cases of an assistant, oldest first.

    Raises:
        AssistantNotFoundError: the actor may change no such assistant.
    """
    require(actor, Permission.ASSISTANT_WRITE)
    async with unit_of_work(actor) as uow:
        await check_may_change(uow, assistant_id)
        return await queries.list_cases(uow, assistant_id, MOST_CASES)


async def save_case(actor: Actor, assistant_id: UUID, draft: CaseDraft, case_id: UUID | None = None) -> UUID:
    """Keep a case, a new one or in place of one that there is; gives its id. Results of earlier runs stay as they are.

    Raises:
        AssistantNotFoundError: the actor may change no such assistant.
        CaseNotFoundError: the assistant has no such case.
        CaseRefusedError: it cannot be kept as it is written.
    """
    require(actor, Permission.ASSISTANT_WRITE)
    _check(draft)
    question, expectations = draft.question.strip(), [asdict(each) for each in draft.expectations]
    async with unit_of_work(actor) as uow:
        await check_may_change(uow, assistant_id)
        if case_id is None:
            await uow.take_turns(f"cases:{assistant_id}")
            if await queries.count_cases(uow, assistant_id) >= MOST_CASES:
                raise CaseRefusedError(t("An assistant has at most {count} test cases.", count=MOST_CASES))
            return await queries.add_case(uow, assistant_id, question, expectations)
        case = await queries.get_case(uow, assistant_id, case_id)
        case.question, case.expectations, case.updated_at = question, expectations, utc_now()
        return case.id


async def delete_case(actor: Actor, assistant_id: UUID, case_id: UUID) -> None:
    """Drop a case; what it came to in earlier runs stays.

    Raises:
        AssistantNotFoundError: the actor may change no such assistant.
        CaseNotFoundError: the assistant has no such case.
    """
    require(actor, Permission.ASSISTANT_WRITE)
    async with unit_of_work(actor) as uow:
        await check_may_change(uow, assistant_id)
        await uow.session.delete(await queries.get_case(uow, assistant_id, case_id))


def _check(draft: CaseDraft) -> None:
    question = draft.question.strip()
    if not question:
        raise CaseRefusedError(t("Please write a question."))
    if len(question) > LONGEST_QUESTION:
        raise CaseRefusedError(t("At most {count} characters.", count=LONGEST_QUESTION))
    if not draft.expectations:
        raise CaseRefusedError(t("Please say what you expect of the answer."))
    if len(draft.expectations) > MOST_EXPECTATIONS:
        raise CaseRefusedError(t("At most {count} expectations.", count=MOST_EXPECTATIONS))
    for expectation in draft.expectations:
        _check_one(expectation)


def _check_one(expectation: Expectation) -> None:
    if expectation.kind not in get_args(Kind):
        raise CaseRefusedError(t("Please choose one of those that are offered."))
    if not expectation.value.strip():
        raise CaseRefusedError(t("Please say what you expect of the answer."))
    if len(expectation.value) > LONGEST[expectation.kind]:
        raise CaseRefusedError(t("At most {count} characters.", count=LONGEST[expectation.kind]))
    if "\x00" in expectation.value:
        raise CaseRefusedError(t("Please choose one of those that are offered."))
    check_expectation(expectation)
