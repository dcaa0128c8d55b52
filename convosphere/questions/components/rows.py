"""A question that documents did not answer."""

import reflex as rx

from convosphere.core.permissions import Permission
from convosphere.questions.state.questions_state import QuestionItem, QuestionsState
from convosphere.shell.sidebar import person_may
from convosphere.ui.buttons import button, icon_button
from convosphere.ui.i18n import exact_time, t, tn

Questions = QuestionsState
Item = rx.vars.ObjectVar[QuestionItem]


def question_row(item: Item) -> rx.Component:
    """Its words, how many asked, who sees to it, and what can be done."""
    others: rx.vars.ArrayVar[list[str]] = item.others  # pyright: ignore[reportAssignmentType]
    return rx.el.li(
        rx.el.div(
            rx.el.span(item.words, class_name="strong question-words", dir="auto"),
            rx.foreach(others, lambda words: rx.el.span(words, class_name="quiet question-words", dir="auto")),
            _facts(item),
            class_name="question-about",
        ),
        rx.cond(person_may(Permission.DOCUMENT_WRITE), _acts(item)),
        class_name="question-row",
        data_testid="question-row",
        data_words=item.words,
    )


def _facts(item: Item) -> rx.Component:
    answer = rx.cond(
        item.document != "",
        rx.el.span(t("answered by"), " ", rx.link(item.document, href=item.address, dir="auto")),
    )
    return rx.el.div(
        rx.el.span(tn("{count} person asked", "{count} people asked", item.askers), data_testid="question-askers"),
        exact_time(item.last_at),
        rx.cond(item.owner != "", rx.el.span(t("{name} sees to it", name=item.owner), dir="auto")),
        answer,
        class_name="document-facts quiet",
    )


def _acts(item: Item) -> rx.Component:
    assign = icon_button(
        "user-plus", t("Give to somebody"), on_click=Questions.ask("assign", item.id), data_testid="question-assign"
    )
    dismiss = icon_button(
        "x", t("Dismiss"), on_click=Questions.set_aside(item.id, True), data_testid="question-dismiss"
    )
    reopen = button(
        t("Open again"), icon="undo-2", on_click=Questions.set_aside(item.id, False), data_testid="question-reopen"
    )
    answered = button(
        t("There is an answer"), icon="check", on_click=Questions.ask("answer", item.id), data_testid="question-answer"
    )
    manages = person_may(Permission.KNOWLEDGE_MANAGE)
    return rx.el.div(
        rx.cond(Questions.shown == "open", rx.fragment(answered, rx.cond(manages, assign), dismiss), reopen),
        class_name="question-acts",
    )
