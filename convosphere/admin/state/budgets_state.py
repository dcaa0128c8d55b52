"""Budgets on the page of usage."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, cast

import reflex as rx

from convosphere.assistants.service.asking import list_choices
from convosphere.core.authorization import current_actor
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.service import directory
from convosphere.usage.errors import BudgetInputError
from convosphere.usage.schemas import BudgetDraft, Period, SubjectType
from convosphere.usage.service import managing
from convosphere.usage.service.figures import NANOS, BudgetItem, budget_item

_GROUPED = re.compile(r"[1-9]\d{0,2}([.,]\d{3})+([.,]\d+)?")
"""What is a thousand to one and one to another."""


@dataclass(frozen=True)
class SubjectItem:
    """Somebody or something that a budget can be for."""

    id: str = ""
    name: str = ""
    note: str = ""


class BudgetsState(rx.State):
    """All budgets, and the dialog that is open.

    `dialog` is `edit`, `delete` or none; `asked` is the budget that it is about, or an empty one for a new budget, and
    `subject` for whom that is to be.
    """

    budgets: rx.Field[list[BudgetItem]] = rx.field(default_factory=list)
    is_loaded: rx.Field[bool] = rx.field(False)
    zone: rx.Field[str] = rx.field("UTC")
    dialog: rx.Field[str] = rx.field("")
    asked: rx.Field[BudgetItem] = rx.field(default_factory=BudgetItem)
    subject_type: rx.Field[str] = rx.field("workspace")
    subject: rx.Field[SubjectItem] = rx.field(default_factory=SubjectItem)
    found: rx.Field[list[SubjectItem]] = rx.field(default_factory=list)
    error: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)

    @rx.event
    @way_in(Permission.USAGE_READ)
    async def load(self) -> None:
        """Show the budgets as they are now."""
        await self._load()

    @rx.event
    @way_in(Permission.BUDGET_MANAGE)
    def ask(self, dialog: str, budget_id: str = "") -> None:
        """Open a dialog about a budget, or about a new one."""
        self.asked = next((budget for budget in self.budgets if budget.id == budget_id), BudgetItem())
        self.subject_type, self.subject, self.found = "workspace", SubjectItem(), []
        self.dialog, self.error = dialog if dialog in {"edit", "delete"} else "", {}

    @rx.event
    @way_in(Permission.BUDGET_MANAGE)
    def close_dialog(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Leave everything as it is."""
        if not is_open:
            self.dialog = ""

    @rx.event
    @way_in(Permission.BUDGET_MANAGE)
    def choose_type(self, subject_type: str) -> None:
        """Make the new budget one of the workspace, a group, a person or an assistant."""
        self.subject_type, self.subject, self.found = subject_type, SubjectItem(), []

    @rx.event
    @way_in(Permission.BUDGET_MANAGE)
    async def look_up(self, text: str) -> None:
        """Find groups, people or assistants by name."""
        actor = current_actor()
        if self.subject_type == "assistant":
            chosen = await list_choices(actor, text)
            self.found = [SubjectItem(str(one.id), one.name) for one in chosen[:8]] if text.strip() else []
            return
        rows = await directory.look_up(actor, text, with_groups=self.subject_type == "group")
        wants_group = self.subject_type == "group"
        self.found = [SubjectItem(str(row.id), row.name, row.email) for row in rows if row.is_group == wants_group]

    @rx.event
    @way_in(Permission.BUDGET_MANAGE)
    def choose(self, subject_id: str) -> None:
        """Make the new budget one of something that was found."""
        self.subject = next((one for one in self.found if one.id == subject_id), SubjectItem())
        self.found = []

    @rx.event
    @way_in(Permission.BUDGET_MANAGE)
    async def save(self, form: dict[str, Any]) -> None:
        """Keep what was written of the budget."""
        actor = current_actor()
        try:
            draft = self._draft(form)
            if self.asked.id:
                await managing.change_budget(
                    actor, parse_id(self.asked.id), name=draft.name, amount=draft.amount, warn_at=draft.warn_at,
                    is_hard=draft.is_hard,
                )  # fmt: skip
            else:
                await managing.create_budget(actor, draft)
        except InvalidInputError as error:
            self.error = error.message.as_dict()
            return
        self.dialog = ""
        await self._load()

    @rx.event
    @way_in(Permission.BUDGET_MANAGE)
    async def delete(self) -> None:
        """Delete the budget that was asked about."""
        self.dialog = ""
        await managing.delete_budget(current_actor(), parse_id(self.asked.id))
        await self._load()

    @rx.event
    @way_in(Permission.BUDGET_MANAGE)
    async def set_zone(self, form: dict[str, Any]) -> None:
        """Let days and months begin elsewhere."""
        await managing.set_time_zone(current_actor(), str(form.get("workspace-zone", "")).strip())
        await self._load()

    async def _load(self) -> None:
        self.budgets = [budget_item(row) for row in await managing.list_budgets(current_actor())]
        self.zone = await managing.get_time_zone(current_actor())
        self.is_loaded = True

    def _draft(self, form: dict[str, Any]) -> BudgetDraft:
        unit = self.asked.unit if self.asked.id else str(form.get("budget-unit", ""))
        is_money = unit not in {"", "tokens"}
        return BudgetDraft(
            name=str(form.get("budget-name", "")),
            subject_type=cast("SubjectType", self.subject_type),
            subject_id=parse_id(self.subject.id) if self.subject.id else None,
            is_per_person=str(form.get("budget-share", "")) == "each",
            period=cast("Period", str(form.get("budget-period", "month"))),
            unit="money" if is_money else "tokens",
            currency=unit if is_money else "",
            amount=_amount(str(form.get("budget-amount", "")), NANOS if is_money else 1),
            warn_at=_levels(str(form.get("budget-warn", ""))),
            is_hard=str(form.get("budget-hard", "")) == "hard",
        )


def _amount(text: str, scale: int) -> int:
    """A number as people write it, with a comma or a point before its decimals."""
    text = text.strip().replace(" ", "").replace("\u00a0", "")
    if _GROUPED.fullmatch(text):
        raise BudgetInputError(t("Please write the amount without signs between thousands, such as 1000 or 2.50."))
    if text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    try:
        number = Decimal(text)
        if not number.is_finite() or not 0 < number <= managing.MOST:
            raise BudgetInputError(t("Please enter an amount of more than 0."))
        return int(number * scale)
    except InvalidOperation:
        raise BudgetInputError(t("Please enter the amount as a number, such as 25 or 2.50.")) from None


def _levels(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(part.strip().rstrip("%").strip()) for part in text.split(",") if part.strip())
    except ValueError:
        raise BudgetInputError(t("Please enter per cents between 1 and 100, such as 50, 80.")) from None
