"""The working copy at the start side, the question and the answers at the end side."""

import reflex as rx

from convosphere.assistants.components.editor_parts import model_option
from convosphere.assistants.components.settings import settings_fields
from convosphere.assistants.schemas import LONGEST_INSTRUCTIONS, Settings
from convosphere.assistants.state.items import ModelChoice
from convosphere.creations.schemas import LONGEST_WHY
from convosphere.playground.components.words import facts_line, has_text
from convosphere.playground.schemas import LONGEST_QUESTION
from convosphere.playground.service.comparing import MOST_AT_ONCE
from convosphere.playground.state.playground_state import PLACES, PlaygroundAnswerState, PlaygroundState
from convosphere.ui.buttons import button, icon_button
from convosphere.ui.feedback import notice
from convosphere.ui.fields import LEAVING, text_field
from convosphere.ui.i18n import t, t_message
from convosphere.ui.markdown import markdown

Page = PlaygroundState
Answers = PlaygroundAnswerState


def _on_form(form: rx.Var[dict[str, str]]) -> tuple[rx.Var[dict[str, str]]]:
    return (form,)


class _PlaygroundForm(rx.Component):
    """See `assets/playground.js`."""

    library = "$/public/playground.js"
    tag = "PlaygroundForm"
    saved: rx.Var[int]
    leaving: rx.Var[str]
    on_send: rx.EventHandler[_on_form]


def trying() -> rx.Component:
    """All of it as one form."""
    columns = [rx.cond(Page.columns > place, _column(place)) for place in range(MOST_AT_ONCE)]
    return _PlaygroundForm.create(
        _working(),
        rx.el.div(
            _question(),
            rx.el.div(*columns, class_name="playground-columns", tab_index=0, role="group", aria_label=t("Answers")),
            class_name="playground-answers",
        ),
        # Another assistant begins with other fields.
        key=Page.place,
        saved=Page.version,
        leaving=LEAVING,
        on_send=Page.send,
        class_name="playground-try",
    )


def _working() -> rx.Component:
    was = Page.was
    why = rx.el.input(
        name="why", max_length=LONGEST_WHY, placeholder=t("What is new, and why? (optional)"),
        aria_label=t("What is new, and why? (optional)"), class_name="plain-input", auto_complete="off",
        data_testid="playground-why",
    )  # fmt: skip
    return rx.el.section(
        rx.el.h2(t("Working copy"), class_name="section-title"),
        rx.el.p(
            t("Change it and ask. Nobody else sees it until you save it as a new version."), class_name="quiet"
        ),
        text_field(
            t("Instructions"), name="instructions",
            control=rx.el.textarea(
                id="instructions", name="instructions", default_value=was.instructions, rows=12, class_name="text-area",
                dir="auto", max_length=LONGEST_INSTRUCTIONS, data_testid="playground-instructions",
            ),
            error=_problem_of("instructions"),
        ),
        text_field(
            t("Model"), name="model", error=_problem_of("model"),
            control=_models("model", was.model, t("The default model"), has_gone=True),
        ),
        # All of them: each column may have another model.
        settings_fields(
            "playground", rx.Var.create(tuple(Settings.model_fields)), lambda name: getattr(was, name), _problem_of
        ),
        rx.el.div(
            button(t("Save version"), type="submit", value="save", data_testid="playground-save"),
            rx.el.span(
                t("Saved as version {number}", number=Page.version), class_name="quiet",
                data_testid="playground-version", data_version=Page.version,
            ),
            class_name="playground-bar",
        ),
        why,
        key=Page.version.to(str),  # Another version begins with what it says; the question stays.
        class_name="playground-working",
    )  # fmt: skip


def _problem_of(name: str) -> rx.Var[str]:
    """What is wrong with a field; empty where nothing is."""
    problems: rx.vars.ObjectVar = Page.problems  # pyright: ignore[reportAssignmentType]
    return t_message(problems[name])


def _models(name: str, value: rx.Var[str] | str, otherwise: rx.Var[str], *, has_gone: bool = False) -> rx.Component:
    known: rx.vars.ArrayVar[list[ModelChoice]] = Page.models  # pyright: ignore[reportAssignmentType]

    def option(model: rx.vars.ObjectVar[ModelChoice]) -> rx.Component:
        return model_option(model) if has_gone else rx.cond(model.is_gone, rx.fragment(), model_option(model))

    return rx.el.select(
        rx.el.option(otherwise, value=""), rx.foreach(known, option), id=name, name=name, default_value=value,
        aria_label=t("Model"), class_name="select", data_testid=f"playground-{name}",
    )  # fmt: skip


def _question() -> rx.Component:
    ask = button(t("Ask all"), icon="send", weight="primary", type="submit", value="ask", data_testid="playground-ask")
    stop = button(
        t("Stop"), icon="square", type="button", on_click=Answers.stop, disabled=Answers.is_stopping,
        data_testid="playground-stop",
    )  # fmt: skip
    fewer = icon_button(
        "minus", t("One answer less"), type="button", disabled=Page.columns <= 1,
        on_click=Page.remove_column, data_testid="playground-fewer",
    )  # fmt: skip
    more = icon_button(
        "plus", t("One more answer"), type="button", disabled=Page.columns >= MOST_AT_ONCE,
        on_click=Page.add_column, data_testid="playground-more",
    )  # fmt: skip
    return rx.el.div(
        rx.el.textarea(
            name="question", rows=2, max_length=LONGEST_QUESTION, class_name="text-area", dir="auto",
            placeholder=t("One question for all of them"), aria_label=t("Question"), data_testid="playground-question",
        ),
        rx.el.div(
            rx.cond(Answers.is_running, stop, ask),
            rx.el.span(t("Nothing is kept as a conversation; what it costs is counted."), class_name="quiet"),
            rx.el.span(fewer, more, class_name="playground-count"),
            class_name="playground-bar",
        ),
        class_name="playground-question",
    )  # fmt: skip


def _column(place: int) -> rx.Component:
    versions: rx.vars.ArrayVar[list[int]] = Page.versions  # pyright: ignore[reportAssignmentType]

    def option(number: rx.Var[int]) -> rx.Component:
        return rx.el.option(t("Version {number}", number=number), value=number.to(str))

    which = rx.el.select(
        rx.el.option(t("Working copy"), value="0"), rx.foreach(versions, option), name=f"version-{place}",
        default_value="0" if place != 1 else Page.version.to(str), class_name="select", aria_label=t("Version"),
        data_testid="playground-column-version",
    )  # fmt: skip
    has_fact = Answers.facts.length() > place
    return rx.el.article(
        rx.el.div(which, _models(f"model-{place}", "", t("Its own model")), class_name="playground-picks"),
        rx.cond(has_fact, _answer(place)),
        class_name="playground-column",
        aria_label=t("Answer {number}", number=place + 1),
        data_testid="playground-column",
        data_status=rx.cond(has_fact, Answers.facts[place].status, ""),
    )


def _answer(place: int) -> rx.Component:
    fact = Answers.facts[place]
    problem = t_message(fact.error)
    return rx.fragment(
        rx.el.div(
            markdown(getattr(Answers, PLACES[place])), dir="auto", class_name="playground-text",
            data_testid="playground-text",
        ),
        rx.cond(has_text(fact.note), rx.el.p(t_message(fact.note), class_name="quiet", data_testid="playground-note")),
        rx.cond(has_text(fact.error), notice(problem)),
        rx.match(
            fact.status,
            ("waiting", rx.el.p(t("Waiting for the first word…"), class_name="quiet")),
            ("stopped", rx.el.p(t("Stopped"), class_name="quiet")),
            rx.fragment(),
        ),
        facts_line(fact),
    )  # fmt: skip
