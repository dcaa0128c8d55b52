"""How documents are, as bars; each leads to the list of what it counts."""

import reflex as rx

from convosphere.knowledge.components.status import age_words, language_words, size_words, state_words, words
from convosphere.knowledge.state.health_state import BarItem, CauseItem, CitedItem, HealthState, PartItem
from convosphere.ui.buttons import button
from convosphere.ui.figures import bar_line
from convosphere.ui.i18n import exact_time, format_number, t, t_message, tn

Health = HealthState


def pictures() -> rx.Component:
    """By state, kind, language, size and age."""
    return rx.el.div(rx.foreach(Health.parts, _part), class_name="health-pictures")


def causes() -> rx.Component:
    """Why documents could not be read, and another try for all of a cause."""
    return _section(
        t("Not readable, by cause"),
        rx.cond(
            Health.causes.length() > 0,
            rx.el.ul(rx.foreach(Health.causes, _cause), class_name="plain-lines"),
            rx.el.p(t("Every document that you see could be read, or is being read."), class_name="quiet"),
        ),
    )


def undescribed() -> rx.Component:
    """Pictures that were read before a model was chosen to describe them."""
    count = Health.counts.undescribed
    describe = button(
        t("Describe pictures"), icon="eye", on_click=Health.describe, data_testid="health-describe"
    )  # fmt: skip
    told = tn(
        "{count} picture is found by the text in it only: it was read before a model was chosen to describe pictures.",
        "{count} pictures are found by the text in them only: they were read before a model was chosen to describe"
        " pictures.",
        count,
    )
    return rx.cond(
        count.to(int) > 0,
        _section(
            t("Pictures without a description"),
            rx.el.div(rx.el.span(told), describe, class_name="health-cause"),
        ),
    )


def citations() -> rx.Component:
    """What answers cite, and what not."""
    found = Health.citations
    choice = rx.el.select(
        rx.el.option(t("Last 90 days"), value="90"),
        rx.el.option(t("All time"), value=""),
        value=rx.cond(Health.is_lately, "90", ""),
        on_change=Health.choose_days,
        aria_label=t("Days"),
        class_name="select",
        data_testid="health-days",
    )
    most = rx.el.ul(rx.foreach(found.most, _cited), class_name="plain-lines")
    never = rx.el.ul(rx.foreach(found.never, _uncited), class_name="plain-lines")
    all_of_them = rx.link(
        tn("Show {count} document", "Show all {count} documents", found.count_never),
        href=found.address, data_testid="health-uncited",
    )  # fmt: skip
    return rx.el.div(
        _section(
            t("Most cited"),
            rx.cond(found.most.length() > 0, most, rx.el.p(t("No answer cited a document."), class_name="quiet")),
            act=choice,
        ),
        _section(
            t("Not cited"),
            rx.cond(
                found.never.length() > 0,
                rx.fragment(never, all_of_them),
                rx.el.p(t("Answers cite every document that can be asked."), class_name="quiet"),
            ),
        ),
        class_name="health-pair",
    )


def _section(title: rx.Var[str], *content: rx.Component, act: rx.Component | None = None) -> rx.Component:
    head = rx.el.div(
        rx.el.h2(title, class_name="section-title"), *([act] if act is not None else []), class_name="usage-bar"
    )
    return rx.el.section(head, *content, class_name="usage-section")


def _part(part: rx.vars.ObjectVar[PartItem]) -> rx.Component:
    title = words(
        part.name, ("states", t("Status")), ("kinds", t("Kind")), ("languages", t("Language")), ("sizes", t("Size")),
        ("ages", t("Age")),
    )  # fmt: skip
    bars: rx.vars.ArrayVar[list[BarItem]] = part.bars  # pyright: ignore[reportAssignmentType]
    others = rx.el.p(
        tn("{count} other, or not known yet", "{count} others, or not known yet", part.others), class_name="quiet"
    )
    return rx.el.section(
        rx.el.h2(title, class_name="section-title"),
        rx.el.ul(rx.foreach(bars, lambda bar: _bar(part.name, bar)), class_name="plain-lines"),
        rx.cond(part.others.to(int) > 0, others),
        class_name="usage-section",
        data_testid="health-part",
        data_part=part.name,
    )


def _bar(part: rx.Var[str], bar: rx.vars.ObjectVar[BarItem]) -> rx.Component:
    label = rx.match(
        part, ("states", state_words(bar.key)), ("languages", language_words(bar.key)), ("sizes", size_words(bar.key)),
        ("ages", age_words(bar.key)), bar.key,
    )  # fmt: skip
    return bar_line(
        label, format_number(bar.count, 0), bar.percent, t("{percent} % of all", percent=bar.percent), bar.address,
        data_testid="health-bar", data_key=bar.key, data_count=bar.count,
    )  # fmt: skip


def _cause(cause: rx.vars.ObjectVar[CauseItem]) -> rx.Component:
    again = button(
        t("Try all again"), icon="rotate-cw", on_click=Health.retry(cause.code), data_testid="health-retry"
    )  # fmt: skip
    return rx.el.li(
        rx.el.span(
            t_message(cause.example),
            " ",
            rx.link(tn("{count} document", "{count} documents", cause.count), href=cause.address),
            dir="auto",
        ),
        again,
        class_name="health-cause",
        data_testid="health-cause",
        data_code=cause.code,
    )


def _cited(item: rx.vars.ObjectVar[CitedItem]) -> rx.Component:
    answers = tn("{count} answer", "{count} answers", item.answers)
    return bar_line(
        item.name, answers, item.percent, answers, item.address, data_testid="health-cited", data_name=item.name
    )  # fmt: skip


def _uncited(item: rx.vars.ObjectVar[CitedItem]) -> rx.Component:
    return rx.el.li(
        rx.link(item.name, href=item.address, class_name="bulk-name", dir="auto"),
        exact_time(item.created_at),
        class_name="health-uncited",
    )
