"""Runs of test cases: begun, followed, opened and compared."""

import reflex as rx

from convosphere.playground.components.words import (
    facts_line,
    has_text,
    kind_word,
    outcome_word,
    run_word,
    verdict_word,
)
from convosphere.playground.state.cases_state import CasesState
from convosphere.playground.state.items import AnswerItem, ExpectationItem, Fact, ResultItem, RunItem
from convosphere.playground.state.playground_state import PlaygroundState
from convosphere.playground.state.runs_state import RunsState
from convosphere.ui.buttons import button
from convosphere.ui.feedback import notice, progress_bar
from convosphere.ui.i18n import exact_time, format_money, t, t_message
from convosphere.ui.markdown import markdown

Runs = RunsState


def run_section() -> rx.Component:
    """The runs, newest first, each with its results below it."""
    rows = rx.el.ul(rx.foreach(Runs.rows, _row), class_name="case-rows", aria_label=t("Runs"))
    nothing = rx.el.p(t("Nothing has been run yet."), class_name="quiet")
    return rx.el.section(
        rx.el.div(
            rx.el.h2(t("Runs"), class_name="section-title"),
            rx.cond(CasesState.rows.length() > 0, _start()),
            class_name="playground-bar is-spread",
        ),
        rx.cond(Runs.rows.length() > 0, rows, nothing),
        class_name="case-section",
    )


def _start() -> rx.Component:
    versions: rx.vars.ArrayVar[list[int]] = PlaygroundState.versions  # pyright: ignore[reportAssignmentType]

    def option(number: rx.Var[int]) -> rx.Component:
        return rx.el.option(t("Version {number}", number=number), value=number.to(str))

    which = rx.el.select(
        rx.foreach(versions, option), name="version", aria_label=t("Version"), class_name="select",
        default_value=PlaygroundState.version.to(str), key=PlaygroundState.version.to(str), data_testid="run-version",
    )  # fmt: skip
    run = button(t("Run all"), icon="play", weight="primary", type="submit", data_testid="run-start")
    return rx.el.form(which, run, on_submit=Runs.start, class_name="playground-bar")


def _row(item: rx.vars.ObjectVar[RunItem]) -> rx.Component:
    is_open, goes_on = Runs.opened == item.id, (item.state == "running") | (item.state == "queued")
    show = button(
        rx.cond(is_open, t("Hide results"), t("Show results")), size="1", on_click=Runs.open(item.id),
        aria_expanded=is_open, data_testid="run-open",
    )  # fmt: skip
    stop = button(t("Stop"), icon="square", size="1", on_click=Runs.stop(item.id), data_testid="run-stop")
    resume = button(t("Go on"), icon="play", size="1", on_click=Runs.resume(item.id), data_testid="run-resume")
    reason = t_message(item.reason)
    return rx.el.li(
        rx.el.div(
            rx.el.span(t("Version {number}", number=item.version), class_name="strong"),
            run_word(item.state),
            rx.el.span(
                t("{passed} passed, {failed} failed, {open} not judged", passed=item.passed, failed=item.failed,
                  open=item.not_judged),
                class_name="tabular", data_testid="run-counts",
            ),
            rx.cond(item.currency != "", rx.el.span(format_money(item.cost, item.currency), class_name="quiet")),
            rx.el.span(item.author, " · ", exact_time(item.created_at), class_name="quiet"),
            class_name="run-facts",
        ),
        rx.el.div(
            show, rx.cond(goes_on, stop), rx.cond((item.state == "stopped") | (item.state == "failed"), resume),
            class_name="case-acts",
        ),
        rx.cond(goes_on, progress_bar(item.done, t("{done} of {total} cases", done=item.done, total=item.total),
                                      total=item.total)),
        rx.cond(has_text(item.reason), notice(reason)),
        rx.cond(is_open, _results()),
        class_name="case-row run-row",
        data_testid="run-row",
        data_run_id=item.id,
        data_state=item.state,
        data_version=item.version,
    )  # fmt: skip


def _results() -> rx.Component:
    def option(item: rx.vars.ObjectVar[RunItem]) -> rx.Component:
        words = t("Version {number}: {passed} of {total} passed", number=item.version, passed=item.passed,
                  total=item.total)  # fmt: skip
        return rx.cond(item.id != Runs.opened, rx.el.option(words, value=item.id))

    against = rx.el.label(
        rx.el.span(t("Compare with")),
        rx.el.select(
            rx.el.option(t("No other run"), value=""), rx.foreach(Runs.rows, option), value=Runs.against,
            on_change=Runs.compare, class_name="select", data_testid="run-against",
        ),
        class_name="playground-bar",
    )  # fmt: skip
    summary = rx.el.p(
        t("{better} better, {worse} worse", better=Runs.better, worse=Runs.worse), class_name="strong",
        role="status", data_testid="run-compared", data_better=Runs.better, data_worse=Runs.worse,
    )  # fmt: skip
    return rx.el.div(
        rx.cond(Runs.rows.length() > 1, against),
        rx.cond(Runs.against != "", summary),
        rx.el.ul(rx.foreach(Runs.results, _result), class_name="result-rows"),
        class_name="run-results",
    )


def _result(item: rx.vars.ObjectVar[ResultItem]) -> rx.Component:
    after, before = item.after.to(AnswerItem), item.before.to(AnswerItem)
    return rx.el.li(
        rx.el.p(item.question, class_name="strong case-question", dir="auto"),
        rx.cond(
            item.is_compared,
            rx.fragment(
                outcome_word(item.outcome),
                rx.el.div(
                    _answer(before, t("Before")), _answer(after, t("After")), class_name="result-pair",
                ),
            ),
            _answer(after),
        ),
        class_name="result-row",
        data_testid="result-row",
        data_verdict=after.verdict,
        data_outcome=item.outcome,
    )  # fmt: skip


def _answer(item: rx.vars.ObjectVar[AnswerItem], title: rx.Var[str] | None = None) -> rx.Component:
    checks: rx.vars.ArrayVar[list[ExpectationItem]] = item.checks  # pyright: ignore[reportAssignmentType]
    problem = t_message(item.fact.error)
    return rx.el.div(
        *([] if title is None else [rx.el.h4(title, class_name="quiet")]),
        verdict_word(item.verdict),
        rx.el.details(
            rx.el.summary(t("Answer")),
            markdown(item.text),
            facts_line(item.fact.to(Fact)),
            class_name="editor-details",
            dir="auto",
        ),
        rx.cond(has_text(item.fact.to(Fact).error), notice(problem)),
        rx.el.ul(rx.foreach(checks, _check), class_name="case-expectations"),
        class_name="result-answer",
    )  # fmt: skip


def _check(item: rx.vars.ObjectVar[ExpectationItem]) -> rx.Component:
    reason = t_message(item.reason)
    return rx.el.li(
        verdict_word(item.verdict), " ",
        rx.el.span(kind_word(item.kind), class_name="quiet"), " ", rx.el.code(item.value, dir="auto"),
        rx.cond(has_text(item.reason), rx.el.p(reason, class_name="quiet")),
        rx.cond(item.said != "", rx.el.p(t("The judge: {reason}", reason=item.said), class_name="quiet", dir="auto")),
        class_name="case-expectation",
        data_verdict=item.verdict,
    )  # fmt: skip
