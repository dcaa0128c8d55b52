"""Test questions: how the passages of now and the new ones do on them, and the dialog that adds one."""

import reflex as rx

from convosphere.knowledge.components.choosing import one_of_found
from convosphere.knowledge.evaluation.schemas import DEPTH, NEAR
from convosphere.knowledge.evaluation.service import LONGEST_QUESTION, LONGEST_WORDS
from convosphere.knowledge.state.trials_state import AskedItem, QuestionItem, TrialFiguresItem, TrialsState
from convosphere.ui.buttons import button, icon_button
from convosphere.ui.dialogs import dialog
from convosphere.ui.feedback import notice, spinner
from convosphere.ui.fields import text_field
from convosphere.ui.i18n import exact_time, format_number, t, t_message

Trials = TrialsState
SEARCH_DELAY = 250


def trials_section() -> rx.Component:
    """The questions with what became of them."""
    trial = Trials.trial
    return rx.el.section(
        rx.el.div(
            rx.el.h2(t("Test questions"), class_name="section-title"),
            rx.el.div(
                button(t("Add a question"), icon="plus", on_click=Trials.open, data_testid="trial-open"),
                rx.cond(
                    Trials.rows.length() > 0,
                    button(t("Ask them all"), icon="play", on_click=Trials.begin, disabled=trial.is_running,
                           data_testid="trial-begin"),
                ),
                class_name="scan-acts",
            ),
            class_name="usage-bar",
        ),
        rx.el.p(
            t("A question and the document that should be found for it. Asked of the passages of now and of new ones,"
              " they show which do better. They are asked with your rights."),
            class_name="quiet",
        ),
        rx.cond(trial.is_running, rx.el.p(spinner(), " ", t("The questions are being asked"))),
        rx.cond(trial.is_failed, notice(t("Whoever began this may not do it any more."))),
        rx.cond(trial.by_words & (trial.now.questions.to(int) > 0), notice(
            t("Some questions were looked up by their words alone, as a model did not answer or a budget is used up."
              " Ask them again before you decide."), data_testid="trial-by-words")),
        rx.cond(trial.now.questions.to(int) > 0, _comparison()),
        rx.cond(Trials.rows.length() > 0, _list()),
        _dialog(),
        class_name="usage-section",
        data_testid="trials",
        data_state=rx.cond(trial.is_running, "running", rx.cond(trial.ended_at != "", "done", "")),
    )  # fmt: skip


def _comparison() -> rx.Component:
    trial = Trials.trial
    now: rx.vars.ObjectVar[TrialFiguresItem] = trial.now  # pyright: ignore[reportAssignmentType]
    then: rx.vars.ObjectVar[TrialFiguresItem] = trial.then  # pyright: ignore[reportAssignmentType]
    has_new = then.questions.to(int) > 0
    return rx.fragment(
        rx.el.table(
            rx.el.thead(rx.el.tr(
                rx.el.th(rx.el.span(t("Passages"), class_name="visually-hidden")), rx.el.th(t("Found first")),
                rx.el.th(t("Among the first {count}", count=NEAR)),
                rx.el.th(rx.el.abbr(
                    t("MRR"), title=t("Mean reciprocal rank: 1 if all is found first, 0 if nothing is"))),
            )),
            rx.el.tbody(
                _figures(t("Now"), now, "now"), rx.cond(has_new, _figures(t("New"), then, "then")),
            ),
            class_name="chunk-figures",
        ),
        rx.el.p(t("Asked"), " ", exact_time(trial.ended_at), class_name="quiet"),
    )  # fmt: skip


def _figures(label: rx.Var[str], figures: rx.vars.ObjectVar[TrialFiguresItem], when: str) -> rx.Component:
    return rx.el.tr(
        rx.el.th(label, scope="row"),
        rx.el.td(t("{percent} %", percent=figures.first), class_name="tabular"),
        rx.el.td(t("{percent} %", percent=figures.near), class_name="tabular"),
        rx.el.td(format_number(figures.mean_rank, 2), class_name="tabular"),
        data_testid=f"trial-{when}",
        data_first=figures.first,
    )


def _list() -> rx.Component:
    return rx.el.ul(rx.foreach(Trials.rows, _row), class_name="plain-lines")


def _row(item: rx.vars.ObjectVar[QuestionItem]) -> rx.Component:
    sign = rx.match(
        item.change,
        ("better", rx.icon("trending-up", size=16, aria_label=t("Better"), class_name="trial-better")),
        ("worse", rx.icon("trending-down", size=16, aria_label=t("Worse"), class_name="trial-worse")),
        rx.fragment(),
    )
    return rx.el.li(
        rx.el.div(
            rx.el.span(item.question, dir="auto"),
            rx.el.div(
                rx.link(item.name, href=item.address, dir="auto"),
                rx.cond(item.words != "", rx.el.span(t("with “{words}”", words=item.words), dir="auto")),
                class_name="document-facts quiet",
            ),
            class_name="rule-words",
        ),
        rx.el.div(
            rx.cond(item.now.to(int) >= 0, rx.el.span(t("Now"), " ", _place(item.now), class_name="quiet")),
            rx.cond(item.then.to(int) >= 0, rx.el.span(t("New"), " ", _place(item.then))),
            sign,
            icon_button("trash-2", t("Delete"), size=16, on_click=Trials.delete(item.id), data_testid="trial-delete"),
            class_name="trial-places tabular",
        ),
        class_name="rule-line",
        data_testid="trial-row",
        data_now=item.now,
        data_then=item.then,
    )  # fmt: skip


def _place(rank: rx.Var[int]) -> rx.Var[str]:
    is_found = rank.to(int) > 0
    return rx.cond(is_found, t("place {rank}", rank=rank), t("not among {count}", count=DEPTH))


def _dialog() -> rx.Component:
    draft = Trials.draft
    choice = one_of_found(
        "trial", t("Find a document by name"), draft.document, Trials.found, look_up=Trials.look_up,  # pyright: ignore[reportArgumentType]
        choose=Trials.choose,
    )  # fmt: skip
    return dialog(
        t("New test question"),
        rx.cond(
            Trials.asked.length() > 0,
            rx.el.details(
                rx.el.summary(t("From your own chats")),
                rx.el.div(rx.foreach(Trials.asked, _asked), class_name="choice-lines"),
                class_name="trial-asked",
            ),
        ),
        rx.el.form(
            text_field(t("Question"), name="trial-question", default_value=draft.question, required=True,
                       max_length=LONGEST_QUESTION, key=draft.question, data_testid="trial-question"),
            text_field(t("Document that should be found"), name="trial-document",
                       control=rx.el.div(choice, id="trial-document")),
            text_field(
                t("Words of the passage"), name="trial-words", max_length=LONGEST_WORDS, data_testid="trial-words",
                help_text=t("If you name some, the passage has to hold them just so. Empty: any passage will do."),
            ),
            rx.cond(
                Trials.error.contains("text"),
                notice(t_message(Trials.error), tone="bad", role="alert", data_testid="trial-error"),
            ),
            rx.el.div(
                button(t("Save"), weight="primary", type="submit", disabled=draft.document.id == "",
                       data_testid="trial-save"),
                class_name="dialog-acts",
            ),
            on_submit=Trials.add,
            class_name="form-column",
        ),
        open=Trials.is_open,
        on_open_change=Trials.close,
    )  # fmt: skip


def _asked(item: rx.vars.ObjectVar[AskedItem], index: rx.Var[int]) -> rx.Component:
    return rx.el.button(
        rx.el.span(item.question, class_name="choice-name", dir="auto"),
        rx.el.span(item.name, class_name="quiet", dir="auto"),
        type="button", class_name="choice-line", on_click=Trials.take(index), data_testid="trial-asked",
    )  # fmt: skip
