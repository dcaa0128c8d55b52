"""How answers did, in lines and in a table; administration shows the same."""

from collections.abc import Callable

import reflex as rx

from convosphere.ui.buttons import Text
from convosphere.ui.feedback import notice
from convosphere.ui.figures import meter, money
from convosphere.ui.i18n import format_day, format_number, t, tn
from convosphere.usage.service.certainty import LEAST_RATED
from convosphere.usage.service.quality import RANGES
from convosphere.usage.service.quality_figures import QualityItem, ReasonItem

Item = rx.vars.ObjectVar[QualityItem]


def range_choice(chosen: rx.Var[str], on_choose: rx.event.EventType[str]) -> rx.Component:
    """Which days are shown."""
    labels = {
        "4-weeks": t("Last 4 weeks"), "12-weeks": t("Last 12 weeks"), "12-months": t("Last 12 months"),
    }  # fmt: skip
    select = rx.el.select(
        *(rx.el.option(labels[name], value=name) for name in RANGES), value=chosen, on_change=on_choose,
        aria_label=t("Days"), class_name="select", data_testid="quality-range",
    )  # fmt: skip
    return rx.el.div(select, class_name="usage-bar")


def quality_lines(items: rx.Var, name: Callable[[Item], Text | rx.Component], label: Text) -> rx.Component:
    """A line for each version, model or assistant."""
    return rx.el.ol(
        rx.foreach(items, lambda item: _line(item, name(item))), class_name="quality-rows", aria_label=label
    )


def quality_facts(item: Item) -> rx.Component:
    """Everything that is counted and measured."""
    return rx.el.dl(
        _fact(t("Answers"), format_number(item.answers, 0)),
        _fact(t("Asked again"), _percent(item.again)),
        _fact(t("Stopped"), _percent(item.stopped)),
        _fact(t("Failed"), _percent(item.failed)),
        _fact(
            t("First word after"),
            _seconds(item.p50),
            rx.cond(_is_known(item.p95), t("19 of 20 within {seconds}\u00a0s", seconds=format_number(item.p95)), ""),
        ),
        _fact(
            t("Cost of an answer"),
            money(item.costs, t("Unknown")),
            rx.cond(
                (item.unpriced.to(int) > 0) & (item.costs.to(list).length() > 0),
                t("unknown of {count}", count=format_number(item.unpriced, 0)),
                "",
            ),
        ),
        _fact(t("Tokens of an answer"), format_number(item.tokens_each, 0)),
        class_name="quality-facts",
    )


def good_share(item: Item) -> rx.Component:
    """How many of the ratings were good, and how sure that is."""
    told = rx.el.div(
        rx.el.span(
            rx.el.span(t("{percent} % good", percent=item.good_percent), class_name="strong"),
            " ",
            rx.el.span(
                tn("of {count} rating", "of {count} ratings", item.rated),
                "; ",
                t("between {low} and {high} %, 95 % sure", low=item.low, high=item.high),
                class_name="quiet",
            ),
        ),
        meter(item.good_percent.to(int), t("{percent} % good", percent=item.good_percent)),
        class_name="quality-share",
        data_testid="quality-share",
    )
    nothing = rx.el.p(t("No ratings that can be shown."), class_name="quiet")
    return rx.cond(item.rated.to(int) > 0, told, nothing)


def hidden_ratings(count: rx.Var[int]) -> rx.Component:
    """How many ratings are counted nowhere."""
    words = tn(
        "{count} rating is not counted: too few people gave it to stay unknown.",
        "{count} ratings are not counted: too few people gave them to stay unknown.",
        count,
    )
    return rx.cond(count.to(int) > 0, notice(words, data_testid="quality-hidden"))


def period_table(items: rx.Var) -> rx.Component:
    """How answers did over time, the newest first."""
    head = rx.el.tr(
        rx.el.th(t("Period from"), scope="col"),
        *(rx.el.th(label, scope="col") for label in (t("Answers"), t("Good"), t("Asked again"))),
        *(
            rx.el.th(label, scope="col", class_name="quality-wide")
            for label in (t("Stopped"), t("Failed"), t("First word after"), t("Cost of an answer"))
        ),
    )
    return rx.el.table(
        rx.el.thead(head), rx.el.tbody(rx.foreach(items, _period)), class_name="figures", data_testid="quality-periods"
    )


def reason_words(item: rx.vars.ObjectVar[ReasonItem]) -> rx.Component:
    """Why answers were not good, and how often that was said."""
    name = rx.match(
        item.name,
        ("incorrect", t("Not correct")),
        ("not_from_documents", t("Not from the documents")),
        ("too_long", t("Too long")),
        ("tone", t("Wrong tone")),
        t("Something else"),
    )
    return rx.el.li(name, ": ", format_number(item.count, 0), class_name="quality-reason")


def _line(item: Item, name: Text | rx.Component) -> rx.Component:
    reasons: rx.vars.ArrayVar[list[ReasonItem]] = item.reasons  # pyright: ignore[reportAssignmentType]
    return rx.el.li(
        rx.el.div(
            rx.el.span(name, class_name="strong", dir="auto"),
            rx.cond(item.is_current, rx.el.span(t("current"), class_name="version-current")),
            class_name="version-head",
        ),
        good_share(item),
        rx.cond(
            item.verdict != "",
            rx.el.p(verdict(item), class_name="quality-verdict", data_testid="quality-verdict"),
        ),
        rx.cond(reasons.length() > 0, rx.el.ul(rx.foreach(reasons, reason_words), class_name="quality-reasons")),
        quality_facts(item),
        class_name="quality-row",
        data_testid="quality-row",
        data_key=item.key,
        data_name=item.name,
        data_answers=item.answers,
        data_rated=item.rated,
        data_verdict=item.verdict,
    )


def verdict(item: Item) -> rx.Var:
    """Whether a version was better than the one before, in a sentence."""
    return rx.match(
        item.verdict,
        ("better", t("Better than version {number}: chance alone would hardly do that.", number=item.other)),
        ("worse", t("Worse than version {number}: chance alone would hardly do that.", number=item.other)),
        ("same", t("No difference from version {number} that could not be chance.", number=item.other)),
        (
            "few",
            t(
                "Too few ratings to compare it with version {number}: each needs at least {count}.",
                number=item.other,
                count=LEAST_RATED,
            ),
        ),
        "",
    )  # pyright: ignore[reportReturnType]  # Of texts it is one.


def _period(item: Item) -> rx.Component:
    good = rx.cond(
        ~item.is_told, t("too few"), rx.cond(item.rated.to(int) > 0, t("{percent} %", percent=item.good_percent), "–")
    )
    wide = (
        _percent(item.stopped), _percent(item.failed),
        _seconds(item.p50), money(item.costs, "–"),
    )  # fmt: skip
    return rx.el.tr(
        rx.el.th(format_day(item.key), scope="row"),
        *(
            rx.el.td(cell, class_name="tabular")
            for cell in (format_number(item.answers, 0), good, _percent(item.again))
        ),
        *(rx.el.td(cell, class_name="tabular quality-wide") for cell in wide),
    )


def _fact(name: Text, value: Text | rx.Component, note: Text | rx.Component = "") -> rx.Component:
    return rx.el.div(
        rx.el.dt(name, class_name="quiet"),
        rx.el.dd(rx.el.span(value, class_name="tabular"), rx.el.span(note, class_name="quiet stat-note")),
        class_name="quality-fact",
    )


def _percent(value: rx.Var) -> rx.Var:
    return rx.cond(_is_known(value), t("{percent} %", percent=format_number(value, 1)), "–")


def _seconds(value: rx.Var) -> rx.Var:
    return rx.cond(_is_known(value), t("{seconds}\u00a0s", seconds=format_number(value)), "–")


def _is_known(value: rx.Var) -> rx.Var[bool]:
    return value.to(float) >= 0
