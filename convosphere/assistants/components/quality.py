"""Which version of an assistant was better, and the numbers behind it."""

import reflex as rx

from convosphere.assistants.components.quality_lines import (
    good_share,
    hidden_ratings,
    period_table,
    quality_facts,
    quality_lines,
    range_choice,
    verdict,
)
from convosphere.assistants.state.quality_state import AssistantQualityState, SaidItem
from convosphere.ui.feedback import empty_state
from convosphere.ui.i18n import t
from convosphere.usage.service.quality_figures import QualityItem

Quality = AssistantQualityState


def quality_content() -> rx.Component:
    """How an assistant's answers did."""
    nothing = empty_state(t("Nobody asked it in these days."), picture="figures")
    has_any = (Quality.total.answers.to(int) > 0) | (Quality.total.rated.to(int) > 0)
    return rx.fragment(range_choice(Quality.range, Quality.choose_range), rx.cond(has_any, _numbers(), nothing))


def _numbers() -> rx.Component:
    return rx.fragment(
        _answer(),
        hidden_ratings(Quality.hidden),
        _section(
            t("Version by version"),
            quality_lines(Quality.versions, lambda item: t("Version {number}", number=item.name), t("Versions")),
        ),
        _section(t("Over time"), period_table(Quality.periods)),
        _section(t("By model"), quality_lines(Quality.models, lambda item: item.name, t("Models"))),
        rx.cond(
            Quality.said.length() > 0,
            _section(
                t("What people wrote"), rx.el.ul(rx.foreach(Quality.said, _said), class_name="quality-rows")
            ),
        ),
        rx.el.p(
            t(
                "Ratings count where three people or more gave them, reasons and comments where five did. Times are "
                "rounded to two digits. How sure a share is follows Wilson (1927), a difference Newcombe (1998)."
            ),
            class_name="quiet",
        ),
    )  # fmt: skip


def _answer() -> rx.Component:
    """The question that the page is for, answered in a sentence about the newest version."""
    newest: rx.vars.ObjectVar[QualityItem] = Quality.versions[0]  # pyright: ignore[reportAssignmentType]
    only = t("Only one version answered in these days: there is nothing to compare yet.")
    return _section(
        t("Which version was better"),
        rx.cond(
            Quality.versions.length() > 1,
            rx.el.p(
                rx.el.span(t("Version {number}", number=newest.name), class_name="strong"), ": ", verdict(newest),
                data_testid="quality-answer", data_verdict=newest.verdict,
            ),
            rx.el.p(only, data_testid="quality-answer", data_verdict=""),
        ),
        good_share(Quality.total),
        quality_facts(Quality.total),
    )  # fmt: skip


def _said(item: rx.vars.ObjectVar[SaidItem]) -> rx.Component:
    thumb = rx.cond(item.is_good, t("Good answer"), t("Bad answer"))
    version = rx.cond(item.version != "", t("Version {number}", number=item.version), "")
    return rx.el.li(
        rx.el.p(item.comment, dir="auto"),
        rx.el.p(thumb, " · ", version, class_name="quiet"),
        class_name="quality-said",
        data_testid="quality-comment",
    )


def _section(title: rx.Var[str], *content: rx.Component) -> rx.Component:
    return rx.el.section(rx.el.h2(title, class_name="section-title"), *content, class_name="usage-section")
