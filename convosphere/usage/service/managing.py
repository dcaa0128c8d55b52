"""Making, changing and deleting budgets, and where the workspace's days begin."""

import re
from decimal import Decimal
from typing import get_args
from uuid import UUID

from convosphere.core.audit.actions import (
    BUDGET_CHANGED,
    BUDGET_CREATED,
    BUDGET_DELETED,
    TIME_ZONE_CHANGED,
    TimeZoneFacts,
)
from convosphere.core.audit.actions import BudgetFacts as Facts
from convosphere.core.authorization import require
from convosphere.core.i18n import t
from convosphere.core.lines import plain_line
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.usage.errors import BudgetInputError
from convosphere.usage.models import Budget
from convosphere.usage.queries import budgets as budget_queries
from convosphere.usage.schemas import BudgetDraft, BudgetRow, BudgetStanding, Period, SubjectType, Unit
from convosphere.usage.service.rolling import begin_anew

LONGEST_NAME = 100
MOST = 10**18
MOST_BUDGETS = 500
_NANOS = 1_000_000_000
_CURRENCY = re.compile(r"[A-Z]{3}")


async def list_budgets(actor: Actor) -> list[BudgetRow]:
    """All budgets with what is used of them, the one nearest to its end first.

    Raises:
        ForbiddenError: the actor may not read about everybody's usage.
    """
    require(actor, Permission.USAGE_READ)
    async with unit_of_work(actor) as uow:
        return await budget_queries.list_all(uow)


async def list_own_budgets(actor: Actor, assistant_id: UUID | None = None) -> list[BudgetStanding]:
    """The budgets that hold for the actor, and where an assistant answers, with its own."""
    require(actor, Permission.ACCOUNT_USE)
    async with unit_of_work(actor) as uow:
        return await budget_queries.list_own(uow, assistant_id)


async def create_budget(actor: Actor, draft: BudgetDraft) -> UUID:
    """Have a budget hold from now on. What was used in its day or month before counts.

    Raises:
        ForbiddenError: the actor may not manage budgets.
        BudgetInputError: it cannot be kept as it is written.
    """
    require(actor, Permission.BUDGET_MANAGE)
    draft = _checked(draft)
    async with unit_of_work(actor) as uow:
        if draft.subject_id and not await budget_queries.is_subject(uow, draft.subject_type, draft.subject_id):
            raise BudgetInputError(t("Please choose for whom it is."))
        if len(await budget_queries.list_all(uow)) >= MOST_BUDGETS:
            raise BudgetInputError(t("A workspace has at most {count} budgets.", count=MOST_BUDGETS))
        budget = Budget(
            workspace_id=uow.workspace_id, name=draft.name, subject_type=draft.subject_type,
            subject_id=draft.subject_id, is_per_person=draft.is_per_person, period=draft.period, unit=draft.unit,
            currency=draft.currency, amount=draft.amount, warn_at=list(draft.warn_at), is_hard=draft.is_hard,
            created_by=actor.account_id,
        )  # fmt: skip
        uow.session.add(budget)
        uow.record(BUDGET_CREATED, budget.id, label=budget.name, after=_facts(budget))
    return budget.id


async def change_budget(
    actor: Actor, budget_id: UUID, *, name: str, amount: int, warn_at: tuple[int, ...], is_hard: bool
) -> None:
    """Change how much a budget is, what it is called and when it warns; for whom and for which time it is stays.

    Raises:
        ForbiddenError: the actor may not manage budgets.
        NotFoundError: there is no such budget.
        BudgetInputError: it cannot be kept as it is written.
    """
    require(actor, Permission.BUDGET_MANAGE)
    async with unit_of_work(actor) as uow:
        budget = await budget_queries.get_budget(uow, budget_id)
        before = _facts(budget)
        budget.name, budget.amount = _name(name), _amount(amount)
        budget.warn_at, budget.is_hard, budget.updated_at = _levels(warn_at), is_hard, utc_now()
        if (after := _facts(budget)) != before:
            uow.record(BUDGET_CHANGED, budget.id, label=budget.name, before=before, after=after)


async def delete_budget(actor: Actor, budget_id: UUID) -> None:
    """Have a budget hold no more. What was used stays in the ledger.

    Raises:
        ForbiddenError: the actor may not manage budgets.
        NotFoundError: there is no such budget.
    """
    require(actor, Permission.BUDGET_MANAGE)
    async with unit_of_work(actor) as uow:
        budget = await budget_queries.get_budget(uow, budget_id)
        uow.record(BUDGET_DELETED, budget.id, label=budget.name, before=_facts(budget))
        await budget_queries.delete_budget(uow, budget_id)


async def get_time_zone(actor: Actor) -> str:
    """Where the workspace's days begin (IANA)."""
    async with unit_of_work(actor) as uow:
        return await budget_queries.get_time_zone(uow)


async def set_time_zone(actor: Actor, name: str) -> None:
    """Let the workspace's days and months begin elsewhere, from now on.

    Raises:
        ForbiddenError: the actor may not manage budgets.
        BudgetInputError: there is no such time zone.
    """
    require(actor, Permission.BUDGET_MANAGE)
    async with unit_of_work(actor) as uow:
        before = await budget_queries.get_time_zone(uow)
        if not await budget_queries.knows_time_zone(uow, name):
            raise BudgetInputError(t("There is no time zone of this name."))
        if name != before:
            budget_queries.set_time_zone(uow, name)
            await begin_anew(uow)
            uow.record(
                TIME_ZONE_CHANGED,
                uow.workspace_id,
                before=TimeZoneFacts(time_zone=before),
                after=TimeZoneFacts(time_zone=name),
            )


def _checked(draft: BudgetDraft) -> BudgetDraft:
    is_known = (
        draft.subject_type in get_args(SubjectType)
        and draft.period in get_args(Period)
        and draft.unit in get_args(Unit)
    )
    if not is_known:
        raise BudgetInputError
    if (draft.subject_type == "workspace") != (draft.subject_id is None):
        raise BudgetInputError(t("Please choose for whom it is."))
    currency = draft.currency.strip().upper() if draft.unit == "money" else ""
    if draft.unit == "money" and not _CURRENCY.fullmatch(currency):
        raise BudgetInputError(t("Please write the currency in three letters, such as USD."))
    return BudgetDraft(
        name=_name(draft.name),
        subject_type=draft.subject_type,
        subject_id=draft.subject_id,
        is_per_person=draft.is_per_person and draft.subject_type != "person",
        period=draft.period,
        unit=draft.unit,
        currency=currency,
        amount=_amount(draft.amount),
        warn_at=tuple(_levels(draft.warn_at)),
        is_hard=draft.is_hard,
    )


def _name(name: str) -> str:
    name = plain_line(name)[:LONGEST_NAME]
    if not name:
        raise BudgetInputError(t("Please give it a name."))
    return name


def _amount(amount: int) -> int:
    if not 0 < amount <= MOST:
        raise BudgetInputError(t("Please enter an amount of more than 0."))
    return amount


def _levels(levels: tuple[int, ...]) -> list[int]:
    if any(not 0 < level <= 100 for level in levels) or len(levels) > 5:
        raise BudgetInputError(t("Please enter per cents between 1 and 100, such as 50, 80."))
    return sorted(set(levels))


def _facts(budget: Budget) -> Facts:
    is_money = budget.unit == "money"
    amount = f"{Decimal(budget.amount) / _NANOS:.2f} {budget.currency}" if is_money else f"{budget.amount} tokens"
    return Facts(
        name=budget.name,
        amount=amount,
        period=budget.period,
        shared_with=budget.subject_type,
        subject=budget.subject_id,
        is_per_person=budget.is_per_person,
        is_hard=budget.is_hard,
        warn_at=", ".join(f"{level} %" for level in budget.warn_at),
    )
