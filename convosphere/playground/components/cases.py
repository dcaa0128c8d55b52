"""Test cases: the list, and the dialog that changes one."""

import reflex as rx

from convosphere.playground.components.words import KINDS, has_text, kind_word
from convosphere.playground.schemas import LONGEST, LONGEST_QUESTION, MOST_EXPECTATIONS
from convosphere.playground.state.cases_state import CasesState
from convosphere.playground.state.items import CaseItem, ExpectationItem
from convosphere.ui.buttons import button, icon_button
from convosphere.ui.dialogs import confirm_dialog, written_dialog
from convosphere.ui.fields import text_field
from convosphere.ui.i18n import t, t_message

Cases = CasesState
Expected = rx.vars.ArrayVar[list[ExpectationItem]]


def case_section() -> rx.Component:
    """All cases of the assistant."""
    nothing = rx.el.p(
        t("A test case is a question and what you expect of the answer. Run them all against a version to see whether "
          "it is better than the one before."),
        class_name="quiet",
    )  # fmt: skip
    rows = rx.el.ul(rx.foreach(Cases.rows, _row), class_name="case-rows", aria_label=t("Test cases"))
    new = button(t("New test case"), icon="plus", on_click=Cases.edit(""), data_testid="case-new")
    return rx.el.section(
        rx.el.div(rx.el.h2(t("Test cases"), class_name="section-title"), new, class_name="playground-bar is-spread"),
        rx.cond(Cases.rows.length() > 0, rows, nothing),
        _dialog(),
        class_name="case-section",
    )


def _row(item: rx.vars.ObjectVar[CaseItem]) -> rx.Component:
    expectations: Expected = item.expectations  # pyright: ignore[reportAssignmentType]
    delete = confirm_dialog(
        t("Delete this test case?"),
        t("“{question}” is not asked any more. What it came to in earlier runs stays.", question=item.question),
        confirm_label=t("Delete"),
        on_confirm=Cases.delete(item.id),
        trigger=icon_button("trash-2", t("Delete"), tooltip=False, data_testid="case-delete"),
        confirm_testid="case-delete-confirm",
    )
    return rx.el.li(
        rx.el.div(
            rx.el.p(item.question, class_name="strong case-question", dir="auto"),
            rx.el.ul(rx.foreach(expectations, expectation_line), class_name="case-expectations"),
            class_name="case-words",
        ),
        rx.el.div(
            icon_button("pencil", t("Change"), on_click=Cases.edit(item.id), data_testid="case-edit"), delete,
            class_name="case-acts",
        ),
        class_name="case-row",
        data_testid="case-row",
        data_case_id=item.id,
    )  # fmt: skip


def expectation_line(item: rx.vars.ObjectVar[ExpectationItem]) -> rx.Component:
    """What is expected, on one line."""
    return rx.el.li(
        rx.el.span(kind_word(item.kind), class_name="quiet"), " ", rx.el.code(item.value, dir="auto"),
        class_name="case-expectation", data_kind=item.kind,
    )  # fmt: skip


def _dialog() -> rx.Component:
    expectations: Expected = Cases.shown.expectations  # pyright: ignore[reportAssignmentType]
    more = button(
        t("One more expectation"), icon="plus", type="button", on_click=Cases.add_expectation,
        data_testid="case-more",
    )  # fmt: skip
    fields = rx.el.form(
        text_field(
            t("Question"), name="question",
            control=rx.el.textarea(
                id="question", name="question", rows=3, default_value=Cases.shown.question, required=True,
                max_length=LONGEST_QUESTION, class_name="text-area", dir="auto", data_testid="case-question",
            ),
        ),
        rx.el.fieldset(
            rx.el.legend(t("What do you expect of the answer?"), class_name="field-label"),
            rx.foreach(expectations, _expectation),
            rx.cond(expectations.length() < MOST_EXPECTATIONS, more),
            class_name="field case-fields",
        ),
        rx.cond(
            has_text(Cases.problem),
            rx.el.p(t_message(Cases.problem), role="alert", class_name="form-error", data_testid="case-problem"),
        ),
        rx.el.div(
            button(t("Save"), weight="primary", type="submit", data_testid="case-save"), class_name="dialog-acts"
        ),
        on_submit=Cases.save,
        key=rx.Var.create("case:") + Cases.shown.id.to(str),
        class_name="case-form",
    )  # fmt: skip
    title = rx.cond(Cases.shown.id != "", t("Change a test case"), t("New test case"))
    return written_dialog(title, fields, open=Cases.is_open, on_open_change=Cases.close)


def _expectation(item: rx.vars.ObjectVar[ExpectationItem], place: rx.Var[int]) -> rx.Component:
    name = place.to(str)
    kind = rx.el.select(
        *(rx.el.option(label, value=key) for key, label in KINDS.items()),
        name=rx.Var.create("kind-") + name, default_value=item.kind, aria_label=t("Kind of expectation"),
        class_name="select", data_testid="case-kind",
    )  # fmt: skip
    value = rx.el.textarea(
        name=rx.Var.create("value-") + name, rows=2, default_value=item.value, max_length=max(LONGEST.values()),
        aria_label=t("What is expected"), class_name="text-area", dir="auto", data_testid="case-value",
        placeholder=t("A text, a pattern, a schema, or a criterion in words"),
    )  # fmt: skip
    return rx.el.div(kind, value, class_name="case-pair")
