"""How all answers did: what people thought, how long they took, by assistant and by model."""

import reflex as rx

from convosphere.admin.state.quality_state import QualityState
from convosphere.assistants.components.quality_lines import (
    good_share,
    hidden_ratings,
    period_table,
    quality_facts,
    quality_lines,
    range_choice,
    reason_words,
)
from convosphere.ui import t
from convosphere.ui.feedback import empty_state, skeleton_rows
from convosphere.usage.service.quality_figures import QualityItem, ReasonItem

Quality = QualityState


def quality_overview() -> rx.Component:
    """All of it."""
    total = Quality.total
    has_any = (total.answers.to(int) > 0) | (total.rated.to(int) > 0)
    nothing = empty_state(t("Nothing was answered in these days."), picture="figures")
    return rx.fragment(
        range_choice(Quality.range, Quality.choose_range),
        rx.cond(Quality.is_loaded, rx.cond(has_any, _content(), nothing), skeleton_rows(6)),
    )


def _content() -> rx.Component:
    total = Quality.total
    reasons: rx.vars.ArrayVar[list[ReasonItem]] = total.reasons  # pyright: ignore[reportAssignmentType]
    return rx.fragment(
        _section(
            t("All answers"),
            good_share(total),
            rx.cond(reasons.length() > 0, rx.el.ul(rx.foreach(reasons, reason_words), class_name="quality-reasons")),
            quality_facts(total),
            hidden_ratings(Quality.hidden),
        ),
        _section(t("Over time"), period_table(Quality.periods)),
        _section(t("By assistant"), quality_lines(Quality.assistants, _assistant, t("Assistants"))),
        _section(t("By model"), quality_lines(Quality.models, lambda item: item.name, t("Models"))),
    )


def _assistant(item: rx.vars.ObjectVar[QualityItem]) -> rx.Var:
    known = rx.cond(item.name == item.key, t("Assistant that was deleted"), item.name)
    return rx.cond(item.key == "", t("Without an assistant"), known)


def _section(title: rx.Var[str], *content: rx.Component) -> rx.Component:
    return rx.el.section(rx.el.h2(title, class_name="section-title"), *content, class_name="usage-section")
