"""The questions about a question: who sees to it, and what answers it."""

import reflex as rx

from convosphere.questions.state.questions_state import FoundItem, QuestionsState
from convosphere.ui.buttons import button
from convosphere.ui.dialogs import dialog
from convosphere.ui.fields import search_field
from convosphere.ui.i18n import t

Questions = QuestionsState
SEARCH_DELAY = 250


def question_dialogs() -> rx.Component:
    """Opened by `QuestionsState.ask`."""
    nobody = button(t("Nobody"), on_click=Questions.assign(""), data_testid="question-nobody")
    without = button(
        t("Without a document"), on_click=Questions.answer(""), data_testid="question-answer-plain"
    )  # fmt: skip
    return rx.fragment(
        dialog(
            t("Who sees to this question?"),
            rx.el.p(Questions.asked.words, class_name="dialog-text", dir="auto"),
            search_field(t("Find by name"), on_change=Questions.look_up_people.debounce(SEARCH_DELAY),
                         data_testid="question-find-person"),
            rx.el.div(rx.foreach(Questions.found, _person), class_name="choice-lines"),
            rx.cond(Questions.asked.owner != "", nobody),
            open=Questions.dialog == "assign",
            on_open_change=Questions.close,
        ),
        dialog(
            t("What answers this question?"),
            rx.el.p(Questions.asked.words, class_name="dialog-text", dir="auto"),
            rx.el.p(
                t("Whoever asked is told that there is an answer now, and can ask again."), class_name="quiet"
            ),
            search_field(t("Find a document"), on_change=Questions.look_up.debounce(SEARCH_DELAY),
                         data_testid="question-find-document"),
            rx.el.div(rx.foreach(Questions.found, _document), class_name="choice-lines"),
            rx.el.div(without, class_name="dialog-acts"),
            open=Questions.dialog == "answer",
            on_open_change=Questions.close,
        ),
    )  # fmt: skip


def _person(item: rx.vars.ObjectVar[FoundItem]) -> rx.Component:
    return _choice(item, Questions.assign(item.id))


def _document(item: rx.vars.ObjectVar[FoundItem]) -> rx.Component:
    return _choice(item, Questions.answer(item.id))


def _choice(item: rx.vars.ObjectVar[FoundItem], chosen: rx.event.EventType[()]) -> rx.Component:
    return rx.el.button(
        rx.el.span(item.name, class_name="choice-name", dir="auto"),
        rx.el.span(item.note, class_name="quiet", dir="auto"),
        type="button",
        class_name="choice-line",
        on_click=chosen,
        data_testid="question-choice",
        custom_attrs={"data-name": item.name},
    )
