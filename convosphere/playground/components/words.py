"""What kinds, verdicts and states are called."""

import reflex as rx

from convosphere.playground.state.items import Fact
from convosphere.ui.feedback import status_word
from convosphere.ui.i18n import format_money, format_number, t

KINDS: dict[str, rx.Var[str]] = {
    "contains": t("Contains"),
    "not_contains": t("Does not contain"),
    "regex": t("Matches a pattern (RE2)"),
    "json_schema": t("Is JSON that fits a schema"),
    "judge": t("A model judges"),
}


def has_text(message: rx.Var) -> rx.Var[bool]:
    """Whether a message of the server says something."""
    return message.to(dict).contains("text")


def kind_word(kind: rx.Var[str]) -> rx.Component | rx.Var:
    """A kind of expectation."""
    return rx.match(kind, *KINDS.items(), kind)


def verdict_word(verdict: rx.Var[str]) -> rx.Component:
    """What came out."""
    return rx.match(
        verdict,
        ("passed", status_word(t("Passed"), "good")),
        ("failed", status_word(t("Not passed"), "bad")),
        ("not_judged", status_word(t("Not judged"), "attention")),
        status_word(t("Waiting"), "neutral"),
    )  # pyright: ignore[reportReturnType]  # Of components it is one.


def run_word(state: rx.Var[str]) -> rx.Component:
    """Where a run is."""
    return rx.match(
        state,
        ("queued", status_word(t("Waiting for its turn"), "neutral", is_busy=True)),
        ("running", status_word(t("Running"), "accent", is_busy=True)),
        ("done", status_word(t("Done"), "good")),
        ("stopped", status_word(t("Stopped"), "attention")),
        status_word(t("Failed"), "bad"),
    )  # pyright: ignore[reportReturnType]


def outcome_word(outcome: rx.Var[str]) -> rx.Component:
    """What became of a case from one run to another."""
    return rx.match(
        outcome,
        ("better", status_word(t("Better"), "good")),
        ("worse", status_word(t("Worse"), "bad")),
        ("same", status_word(t("Same"), "neutral")),
        ("unclear", status_word(t("Not judged in both"), "attention")),
        ("new", status_word(t("New case"), "neutral")),
        ("gone", status_word(t("Case is gone"), "neutral")),
        ("changed", status_word(t("Case was changed"), "attention")),
        rx.fragment(),
    )  # pyright: ignore[reportReturnType]


def facts_line(fact: rx.vars.ObjectVar[Fact]) -> rx.Component:
    """Model, time to the first word, time, tokens and cost, as far as they are known."""
    cost = rx.cond(fact.currency != "", format_money(fact.cost, fact.currency), t("Cost unknown"))
    first = rx.el.span(t("{seconds} s to the first word", seconds=format_number(fact.first_token.to(float), 2)))
    return rx.el.p(
        rx.cond(fact.model != "", rx.el.span(fact.model)),
        rx.cond(fact.first_token != "", first),
        rx.cond(
            fact.seconds != "", rx.el.span(t("{seconds} s in all", seconds=format_number(fact.seconds.to(float), 2)))
        ),
        rx.cond(
            fact.tokens != "",
            rx.fragment(
                rx.el.span(t("{count} tokens", count=format_number(fact.tokens.to(float), 0))), rx.el.span(cost)
            ),
        ),
        class_name="quiet tabular playground-facts",
        data_testid="playground-facts",
    )
