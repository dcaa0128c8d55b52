"""What one used, and what is left."""

from collections.abc import Callable

import reflex as rx

from convosphere.account.state.own_usage_state import OwnUsageState
from convosphere.ui import t, tn
from convosphere.ui.buttons import file_link
from convosphere.ui.charts import amount, day_bars
from convosphere.ui.feedback import empty_state, skeleton_rows
from convosphere.ui.fields import form_section
from convosphere.ui.figures import meter, money, stat, stats
from convosphere.ui.i18n import format_date, format_number
from convosphere.usage.service.figures import BudgetItem, LineItem

Own = OwnUsageState
Line = rx.vars.ObjectVar[LineItem]
Budget = rx.vars.ObjectVar[BudgetItem]


def usage_sections() -> rx.Component:
    """Budgets first, since they may be in the way."""
    nothing = empty_state(t("You have not used anything this month."), picture="conversations")
    has_any = Own.has_used | (Own.budgets.length() > 0)
    return rx.cond(
        Own.is_loaded,
        rx.cond(has_any, rx.fragment(_budgets(), _numbers(), _drawing(), _by_model(), _by_assistant()), nothing),
        skeleton_rows(5),
    )


def export_button() -> rx.Component:
    """The days that are drawn as a file."""
    address = rx.Var.create("/api/usage/own/export?since=") + Own.since + "&until=" + Own.until
    return rx.cond(
        Own.is_loaded & Own.has_used,
        file_link(t("Export as CSV"), address, data_testid="own-usage-export"),
    )


def _budgets() -> rx.Component:
    rows = rx.el.ul(rx.foreach(Own.budgets, _budget), class_name="usage-rows", aria_label=t("Budgets"))
    return rx.cond(Own.budgets.length() > 0, form_section(t("Budgets"), rows))


def _budget(budget: Budget) -> rx.Component:
    shared = rx.cond(
        budget.is_per_person | (budget.subject_type == "person"), t("Yours alone"), t("Shared with others")
    )
    left = t(
        "{left} of {amount} left", left=amount(budget.left, budget.unit), amount=amount(budget.amount, budget.unit)
    )
    return rx.el.li(
        rx.el.div(
            rx.el.span(budget.name, class_name="strong", dir="auto"),
            rx.el.span(
                shared, " · ", rx.cond(budget.period == "day", t("per day"), t("per month")), class_name="quiet"
            ),
            class_name="budget-words",
        ),
        rx.el.span(),
        meter(
            budget.percent.to(int),
            t("{percent} % used", percent=budget.percent),
            is_bad=budget.is_used_up.to(bool),
            is_near=budget.is_warning.to(bool),
        ),
        rx.el.div(
            rx.el.span(left, rx.cond(budget.unit == "", rx.fragment(" ", t("(tokens)"))), class_name="tabular"),
            rx.el.span(t("Begins anew on {day}", day=format_date(budget.renews_at, "date")), class_name="quiet"),
            class_name="budget-facts",
        ),
        class_name="budget-row",
        data_testid="budget-row",
        data_name=budget.name,
        data_percent=budget.percent,
    )


def _numbers() -> rx.Component:
    return stats(
        stat(t("Today"), _cost(Own.today), _calls(Own.today), data_metric="today", data_value=Own.today.calls),
        stat(
            t("This month"), _cost(Own.month), _calls(Own.month), data_metric="month", data_value=Own.month.calls
        ),
        stat(t("Tokens this month"), format_number(Own.month.tokens, 0), data_metric="tokens"),
    )  # fmt: skip


def _cost(line: Line) -> rx.Component:
    """What is not known is not nothing."""
    return money(line.costs, rx.cond(line.calls.to(int) > 0, t("Unknown"), t("None")))


def _calls(line: Line) -> rx.Var[str]:
    return tn("{count} call", "{count} calls", line.calls)


def _drawing() -> rx.Component:
    return form_section(t("Last 30 days"), day_bars(Own.bars, Own.metric))


def _by_model() -> rx.Component:
    lines = _lines(Own.models, lambda line: line.name)
    return rx.cond(Own.models.length() > 0, form_section(t("This month by model"), lines))


def _by_assistant() -> rx.Component:
    return rx.cond(
        Own.assistants.length() > 0, form_section(t("This month by assistant"), _lines(Own.assistants, _assistant))
    )


def _assistant(line: Line) -> rx.Var[str]:
    """Its name; what has none any more is called by its id."""
    return rx.cond(line.name == line.key, t("Assistant that was deleted"), line.name)  # pyright: ignore[reportReturnType]


def _lines(lines: rx.Var, name: Callable[[Line], rx.Var[str]]) -> rx.Component:
    return rx.el.ol(rx.foreach(lines, lambda line: _line(line, name(line))), class_name="usage-rows")


def _line(line: Line, name: rx.Var[str]) -> rx.Component:
    return rx.el.li(
        rx.el.span(name, class_name="usage-name", dir="auto"),
        rx.el.span(
            meter(line.share.to(int), t("{percent} % of all", percent=line.share)),
            class_name="usage-share",
        ),
        rx.el.span(_calls(line), class_name="usage-number tabular usage-calls"),
        rx.el.span(t("{count} tokens", count=format_number(line.tokens, 0)), class_name="usage-number tabular"),
        rx.el.span(money(line.costs, t("Unknown")), class_name="usage-number"),
        class_name="usage-row",
        data_testid="usage-row",
        data_key=line.key,
        data_calls=line.calls,
    )
