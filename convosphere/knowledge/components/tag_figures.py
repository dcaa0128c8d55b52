"""Pictures of what tags are used for."""

import reflex as rx

from convosphere.knowledge.state.tag_figures_state import TagFiguresState, UnusedItem
from convosphere.ui.buttons import icon_button
from convosphere.ui.charts import month_line, value_bars
from convosphere.ui.dialogs import confirm_dialog
from convosphere.ui.feedback import empty_state, skeleton_rows
from convosphere.ui.i18n import exact_time, format_number, t, tn

Figures = TagFiguresState


def tag_figures() -> rx.Component:
    """How often tags are used, since when, which together, and which not at all."""
    return rx.cond(
        Figures.is_loaded,
        rx.fragment(
            _sums(),
            rx.cond(
                Figures.tags.length() > 0,
                rx.el.div(
                    _section(t("Documents by tag"), value_bars(Figures.tags, t("Tag"), t("Documents"))),
                    _section(t("Growth"), month_line(Figures.growth, t("Tags on documents"))),
                    _section(
                        t("Often together"),
                        rx.cond(
                            Figures.pairs.length() > 0,
                            value_bars(Figures.pairs, t("Tags"), t("Documents")),
                            rx.el.p(t("No document has two tags yet."), class_name="quiet"),
                        ),
                    ),
                    _unused(),
                    class_name="tag-figures",
                ),
                rx.fragment(empty_state(t("No document that you see has a tag yet.")), _unused()),
            ),
            _delete_dialog(),
        ),
        skeleton_rows(6),
    )


def _sums() -> rx.Component:
    return rx.el.p(
        t(
            "{tagged} of {count} documents that you see have a tag.",
            tagged=format_number(Figures.tagged),
            count=format_number(Figures.documents),
        ),
        " ",
        tn("{count} tag is in use.", "{count} tags are in use.", Figures.used),
        class_name="quiet",
        data_testid="tag-sums",
    )


def _section(title: rx.Var[str], *content: rx.Component) -> rx.Component:
    return rx.el.section(rx.el.h2(title, class_name="section-title"), *content, class_name="tag-figure")


def _unused() -> rx.Component:
    return rx.cond(
        Figures.unused.length() > 0,
        _section(
            t("Unused"),
            rx.el.p(t("Of tags that you may change: these stand on no document of anybody."), class_name="quiet"),
            rx.el.ul(rx.foreach(Figures.unused, _line), class_name="rule-lines"),
        ),
    )


def _line(tag: rx.vars.ObjectVar[UnusedItem]) -> rx.Component:
    return rx.el.li(
        rx.el.span(tag.name, class_name="tag", dir="auto", data_colour=tag.colour),
        rx.el.span(exact_time(tag.created_at), class_name="quiet"),
        icon_button("trash-2", t("Delete the tag “{name}”", name=tag.name), size=16, on_click=Figures.ask(tag.id),
                    data_testid="unused-delete"),
        class_name="rule-line suggestion-line",
        data_testid="unused-tag",
        data_name=tag.name,
    )  # fmt: skip


def _delete_dialog() -> rx.Component:
    return confirm_dialog(
        t("Delete the tag “{name}”?", name=Figures.asked.name),
        t("No document has it. Its rules go as well."),
        confirm_label=t("Delete tag"),
        on_confirm=Figures.delete,
        confirm_testid="unused-delete-confirm",
        open=Figures.asked.id != "",
        on_open_change=Figures.close,
    )
