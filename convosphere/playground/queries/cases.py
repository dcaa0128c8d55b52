"""The SQL of test cases. Whoever calls has made sure that the actor may change their assistant."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.playground.errors import CaseNotFoundError
from convosphere.playground.models import AssistantCase
from convosphere.playground.schemas import CaseRow

_LIST = text(
    "SELECT id, question, expectations FROM assistant_case WHERE assistant_id = :assistant_id ORDER BY id LIMIT :limit"
)


async def list_cases(uow: UnitOfWork, assistant_id: UUID, limit: int) -> list[CaseRow]:
    """The cases of an assistant, oldest first."""
    return await uow.rows(CaseRow, _LIST, {"assistant_id": assistant_id, "limit": limit})


async def count_cases(uow: UnitOfWork, assistant_id: UUID) -> int:
    """How many an assistant has."""
    counted = select(func.count()).select_from(AssistantCase).where(col(AssistantCase.assistant_id) == assistant_id)
    return await uow.session.scalar(counted) or 0


async def add_case(
    uow: UnitOfWork, assistant_id: UUID, question: str, expectations: Sequence[Mapping[str, Any]]
) -> UUID:
    """Store a case."""
    case = AssistantCase(
        workspace_id=uow.workspace_id, assistant_id=assistant_id, question=question,
        expectations=[dict(each) for each in expectations], created_by=uow.actor.account_id,
    )  # fmt: skip
    uow.session.add(case)
    await uow.session.flush()
    return case.id


async def get_case(uow: UnitOfWork, assistant_id: UUID, case_id: UUID) -> AssistantCase:
    """A case of an assistant.

    Raises:
        CaseNotFoundError: it has no such case.
    """
    found = await uow.session.scalar(
        select(AssistantCase).where(col(AssistantCase.id) == case_id, col(AssistantCase.assistant_id) == assistant_id)
    )
    if found is None:
        raise CaseNotFoundError
    return found
