"""The page of questions that documents did not answer."""

import reflex as rx

from convosphere.core.page_routes import KNOWLEDGE
from convosphere.core.permissions import Permission
from convosphere.questions.components.dialogs import question_dialogs
from convosphere.questions.components.rows import question_row
from convosphere.questions.service import PAGE
from convosphere.questions.state.questions_state import QuestionsState
from convosphere.shell.sidebar import person_may
from convosphere.ui.feedback import empty_state, skeleton_rows
from convosphere.ui.i18n import t
from convosphere.ui.layout import breadcrumb, page, page_header
from convosphere.ui.lists import pager
from convosphere.ui.tabs import tab, tab_list

Questions = QuestionsState


def questions_page() -> rx.Component:
    """What people asked in vain, those first that most people asked."""
    return page(
        page_header(breadcrumb((t("Knowledge"), KNOWLEDGE), current=t("Unanswered questions"))),
        rx.el.div(
            rx.el.p(
                t("Questions for which answers found nothing in the documents. Those that are alike stand together, "
                  "and nobody is shown who asked."),
                class_name="quiet questions-intro",
            ),
            tab_list(
                _tab("open", t("Open")), _tab("answered", t("Answered")), _tab("dismissed", t("Dismissed")),
            ),
            rx.cond(Questions.is_loaded, rx.cond(Questions.rows.length() > 0, _list(), _nothing()), skeleton_rows(4)),
            rx.cond(person_may(Permission.KNOWLEDGE_MANAGE), _rule()),
            question_dialogs(),
            class_name="knowledge questions",
        ),
    )  # fmt: skip


def _tab(state: str, label: rx.Var[str]) -> rx.Component:
    return tab(
        label, is_selected=Questions.shown == state, on_click=Questions.show(state), testid=f"questions-{state}"
    )  # fmt: skip


def _list() -> rx.Component:
    return rx.fragment(
        rx.el.ul(rx.foreach(Questions.rows, question_row), class_name="plain-lines"),
        rx.cond(
            Questions.total.to(int) > PAGE,
            pager(Questions.first, Questions.rows.length(), Questions.total, Questions.turn_page),
        ),
    )


def _nothing() -> rx.Component:
    return rx.cond(
        Questions.shown == "open",
        empty_state(t("No question waits for an answer."), picture="search"),
        empty_state(t("There is none here."), picture="search"),
    )


def _rule() -> rx.Component:
    return rx.el.label(
        rx.switch(checked=Questions.keeps, on_change=Questions.set_rule, data_testid="questions-rule"),
        rx.el.span(
            t("Keep questions that documents do not answer. When this is switched off, those that are kept are"
              " forgotten.")
        ),
        class_name="link-rule",
    )  # fmt: skip
