"""Budgets: the list with what is used of them, and the questions about one."""

import reflex as rx

from convosphere.admin.state.budgets_state import BudgetsState, SubjectItem
from convosphere.core.permissions import Permission
from convosphere.shell.sidebar import person_may
from convosphere.ui import t, t_message, tn
from convosphere.ui.buttons import Text, button, icon_button
from convosphere.ui.charts import amount
from convosphere.ui.dialogs import confirm_dialog, dialog
from convosphere.ui.feedback import skeleton_rows, status_word
from convosphere.ui.fields import search_field, text_field
from convosphere.ui.figures import meter
from convosphere.ui.preferences import zone_field
from convosphere.usage.service.figures import BudgetItem

Budgets = BudgetsState
Budget = rx.vars.ObjectVar[BudgetItem]
CURRENCIES = ("USD", "EUR", "CHF", "GBP")
SEARCH_DELAY = 250


def budget_section() -> rx.Component:
    """All budgets, those that are nearly used up first."""
    new = button(t("New budget"), icon="plus", on_click=Budgets.ask("edit", ""), data_testid="budget-new")
    nothing = rx.el.p(t("There is no budget yet. With one, nobody can use more than you allow."), class_name="quiet")
    rows = rx.el.ul(rx.foreach(Budgets.budgets, _row), class_name="usage-rows", aria_label=t("Budgets"))
    return rx.el.section(
        rx.el.div(
            rx.el.h2(t("Budgets"), class_name="section-title"),
            rx.cond(person_may(Permission.BUDGET_MANAGE), new),
            class_name="usage-bar",
        ),
        rx.cond(Budgets.is_loaded, rx.cond(Budgets.budgets.length() > 0, rows, nothing), skeleton_rows(2)),
        rx.el.p(t("Days and months begin in the time zone {zone}.", zone=Budgets.zone), class_name="quiet"),
        rx.cond(person_may(Permission.BUDGET_MANAGE), _zone()),
        _edit_dialog(),
        _delete_dialog(),
        class_name="usage-section",
    )


def for_whom(budget: Budget) -> rx.Component | rx.Var:
    """Whose budget it is, in words."""
    each = budget.is_per_person.to(bool)
    return rx.match(
        budget.subject_type,
        ("workspace", rx.cond(each, t("Each person"), t("The whole workspace"))),
        (
            "group",
            rx.cond(
                each,
                t("Each person in {group}", group=budget.subject_name),
                t("Group {group}", group=budget.subject_name),
            ),
        ),
        ("assistant", rx.cond(each, t("Each person, for one assistant"), t("One assistant"))),
        budget.subject_name,
    )


def _row(budget: Budget) -> rx.Component:
    acts = rx.fragment(
        icon_button("pencil", t("Change"), on_click=Budgets.ask("edit", budget.id), data_testid="budget-edit"),
        icon_button("trash-2", t("Delete"), on_click=Budgets.ask("delete", budget.id), data_testid="budget-delete"),
    )
    per_period = rx.cond(budget.period == "day", t("per day"), t("per month"))
    used = t("{spent} of {amount}", spent=amount(budget.spent, budget.unit), amount=amount(budget.amount, budget.unit))
    return rx.el.li(
        rx.el.div(
            rx.el.span(budget.name, class_name="strong", dir="auto"),
            rx.el.span(
                for_whom(budget), " · ", per_period,
                rx.cond(budget.is_hard, "", rx.fragment(" · ", t("only warns"))), class_name="quiet",
            ),
            class_name="budget-words",
        ),
        rx.el.div(rx.cond(person_may(Permission.BUDGET_MANAGE), acts), class_name="budget-acts"),
        meter(
            budget.percent.to(int),
            t("{percent} % used", percent=budget.percent),
            is_bad=budget.is_used_up.to(bool),
            is_near=budget.is_warning.to(bool),
        ),
        rx.el.div(
            rx.el.span(
                used,
                rx.cond(budget.unit == "", rx.fragment(" ", t("tokens"))),
                rx.cond(budget.is_per_person, rx.fragment(" (", t("whoever used the most"), ")")),
                class_name="tabular",
            ),
            _standing(budget),
            class_name="budget-facts",
        ),
        class_name="budget-row",
        data_testid="budget-row",
        data_name=budget.name,
        data_percent=budget.percent,
    )  # fmt: skip


def _standing(budget: Budget) -> rx.Component:
    reached = tn("{count} person has used it up", "{count} people have used it up", budget.people)
    return rx.cond(
        budget.is_used_up,
        status_word(rx.cond(budget.is_per_person, reached, t("Used up")), "bad"),
        rx.cond(budget.is_warning, status_word(t("{percent} % used", percent=budget.percent), "attention")),
    )


def _zone() -> rx.Component:
    return rx.el.details(
        rx.el.summary(t("Change the time zone"), class_name="quiet"),
        text_field(
            t("Time zone of the workspace"),
            name="workspace-zone",
            help_text=t("Days that have passed stay as they were counted."),
            control=_zone_field(),
        ),
        class_name="chart-table",
    )


def _zone_field() -> rx.Component:
    return rx.el.form(
        zone_field("workspace-zone", Budgets.zone, "budget-zone"),
        button(t("Save"), type="submit", data_testid="budget-zone-save"),
        on_submit=Budgets.set_zone,
        class_name="usage-bar",
    )


def _edit_dialog() -> rx.Component:
    asked, is_new = Budgets.asked, Budgets.asked.id == ""
    return dialog(
        rx.cond(is_new, t("New budget"), t("Change budget")),
        rx.el.form(
            text_field(
                t("Name"), name="budget-name", default_value=asked.name, required=True, max_length=100, auto_focus=True,
                data_testid="budget-name",
            ),
            rx.cond(is_new, _subject_fields()),
            rx.el.div(
                text_field(
                    t("Amount"), name="budget-amount", default_value=rx.cond(is_new, "", asked.amount.to_string()),
                    input_mode="decimal", required=True, data_testid="budget-amount",
                ),
                rx.cond(is_new, _unit_field(), text_field(t("Counted in"), name="budget-unit-shown", read_only=True,
                    value=rx.cond(asked.unit == "", t("tokens"), asked.unit))),
                class_name="budget-pair",
            ),
            rx.cond(is_new, _period_field()),
            text_field(
                t("Warn at (per cent)"), name="budget-warn", default_value=rx.cond(is_new, "80", asked.warn_at),
                help_text=t("People whose budget it is see a line above the message field."), data_testid="budget-warn",
            ),
            text_field(
                t("When it is used up"), name="budget-hard",
                control=_select(
                    "budget-hard", {"hard": t("Refuse, and offer cheaper models"), "soft": t("Warn only")},
                    rx.cond(asked.is_hard, "hard", "soft"),
                ),
                help_text=t("The Reader costs nothing and is always offered."),
            ),
            rx.cond(
                Budgets.error.contains("text"),
                rx.el.p(t_message(Budgets.error), class_name="field-error", role="alert", data_testid="budget-error"),
            ),
            rx.el.div(
                button(t("Save"), weight="primary", type="submit", data_testid="budget-save"), class_name="dialog-acts"
            ),
            on_submit=Budgets.save,
            class_name="form-column",
        ),
        open=Budgets.dialog == "edit",
        on_open_change=Budgets.close_dialog,
    )  # fmt: skip


def _subject_fields() -> rx.Component:
    kinds = {
        "workspace": t("The workspace"), "group": t("A group"), "person": t("A person"),
        "assistant": t("An assistant"),
    }  # fmt: skip
    kind = rx.el.select(
        *(rx.el.option(label, value=value) for value, label in kinds.items()),
        id="budget-subject", name="budget-subject", value=Budgets.subject_type, on_change=Budgets.choose_type,
        class_name="select", data_testid="budget-subject",
    )  # fmt: skip
    share = _select("budget-share", {"all": t("All together"), "each": t("Each person for themselves")}, "all")
    return rx.fragment(
        text_field(t("For whom"), name="budget-subject", control=kind),
        rx.cond(Budgets.subject_type != "workspace", _subject()),
        rx.cond(Budgets.subject_type != "person", text_field(t("Shared how"), name="budget-share", control=share)),
    )


def _subject() -> rx.Component:
    chosen = rx.el.div(
        rx.el.span(Budgets.subject.name, class_name="strong", dir="auto"),
        button(t("Choose another"), weight="quiet", on_click=Budgets.choose("")),
        class_name="usage-bar",
    )
    finding = rx.fragment(
        search_field(
            t("Find by name"), size="3", on_change=Budgets.look_up.debounce(SEARCH_DELAY), data_testid="budget-find"
        ),
        rx.el.ul(rx.foreach(Budgets.found, _candidate), class_name="budget-found", aria_label=t("Found")),
    )
    return rx.cond(Budgets.subject.id != "", chosen, finding)


def _candidate(found: rx.vars.ObjectVar[SubjectItem]) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(found.name, dir="auto"), " ", rx.el.span(found.note, class_name="quiet"), type="button",
            on_click=Budgets.choose(found.id), data_testid="budget-candidate", data_name=found.name,
        )
    )  # fmt: skip


def _unit_field() -> rx.Component:
    units: dict[str, Text] = dict[str, Text](zip(CURRENCIES, CURRENCIES, strict=True)) | {"tokens": t("tokens")}
    return text_field(t("Counted in"), name="budget-unit", control=_select("budget-unit", units, CURRENCIES[0]))


def _period_field() -> rx.Component:
    periods = {"month": t("Month"), "day": t("Day")}
    return text_field(t("For each"), name="budget-period", control=_select("budget-period", periods, "month"))


def _select(name: str, options: dict[str, Text] | dict[str, rx.vars.StringVar], chosen: Text) -> rx.Component:
    return rx.el.select(
        *(rx.el.option(label, value=value) for value, label in options.items()),
        id=name, name=name, default_value=chosen, class_name="select", data_testid=name,
    )  # fmt: skip


def _delete_dialog() -> rx.Component:
    asked = Budgets.asked
    return confirm_dialog(
        t("Delete the budget “{name}”?", name=asked.name),
        t("Nothing holds people to it any more. What was used stays in the figures."),
        confirm_label=t("Delete"),
        on_confirm=Budgets.delete,
        confirm_testid="budget-delete-confirm",
        open=Budgets.dialog == "delete",
        on_open_change=Budgets.close_dialog,
    )
