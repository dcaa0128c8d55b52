"""Tags of the document of the page with those that may fit, and the same for documents that are selected."""

import reflex as rx

from convosphere.knowledge.components.tags import tag_mark
from convosphere.knowledge.state.document_state import DocumentState
from convosphere.knowledge.state.suggestion_state import SuggestionItem, SuggestionState
from convosphere.ui.buttons import button, icon_button
from convosphere.ui.dialogs import dialog
from convosphere.ui.feedback import empty_state
from convosphere.ui.i18n import t, tn

Suggested = SuggestionState
Item = rx.vars.ObjectVar[SuggestionItem]


def document_tags() -> rx.Component:
    """What the document is filed under, and what it may be."""
    row, can_edit = DocumentState.row, DocumentState.row.can_edit
    ask = button(
        t("Suggest tags"), icon="sparkles", weight="quiet", size="1", on_click=Suggested.look_here,
        data_testid="suggest-here",
    )  # fmt: skip
    return rx.cond(
        can_edit | (row.tags.length() > 0),
        rx.el.section(
            rx.el.div(rx.el.h2(t("Tags"), class_name="section-title"), rx.cond(can_edit, ask), class_name="facts-head"),
            rx.el.div(
                rx.foreach(row.tags, tag_mark),
                rx.cond(row.tags.length() == 0, rx.el.span(t("None yet"), class_name="quiet")),
                class_name="tag-choices",
            ),
            rx.cond(
                Suggested.here.length() > 0,
                rx.el.ul(rx.foreach(Suggested.here, _here), class_name="rule-lines"),
                rx.cond(
                    Suggested.is_asked,
                    rx.el.p(t("Nothing that is like it has other tags."), class_name="quiet", role="status"),
                ),
            ),
            class_name="document-tags",
        ),
    )


def suggestion_dialog() -> rx.Component:
    """What may fit the selected documents."""
    return dialog(
        t("Suggested tags"),
        rx.cond(
            Suggested.selected.length() > 0,
            rx.fragment(
                rx.el.p(t("Documents with much the same words have these tags."), class_name="dialog-text"),
                rx.el.ul(rx.foreach(Suggested.selected, _selected), class_name="rule-lines"),
            ),
            empty_state(t("Nothing that is like these documents has other tags.")),
        ),
        open=Suggested.is_open,
        on_open_change=Suggested.close,
    )


def _here(item: Item) -> rx.Component:
    accept, dismiss = Suggested.accept_here(item.id), Suggested.dismiss_here(item.id)
    share = t("{percent} % of what is like it", percent=item.percent)
    return _line(item, rx.el.span(share, class_name="quiet"), accept, dismiss)


def _selected(item: Item) -> rx.Component:
    accept, dismiss = Suggested.accept_selected(item.id), Suggested.dismiss_selected(item.id)
    count = rx.el.span(tn("{count} document", "{count} documents", item.count), class_name="tabular")
    words = rx.el.div(count, rx.el.p(item.names, class_name="quiet", dir="auto"), class_name="rule-words")
    return _line(item, words, accept, dismiss)


def _line(
    item: Item, words: rx.Component, accept: rx.event.EventType[()], dismiss: rx.event.EventType[()]
) -> rx.Component:
    return rx.el.li(
        rx.el.span(item.name, class_name="tag", dir="auto", data_colour=item.colour),
        words,
        rx.el.div(
            icon_button("check", t("Add the tag “{name}”", name=item.name), size=16, on_click=accept,
                        data_testid="suggestion-accept"),
            icon_button("x", t("“{name}” does not fit", name=item.name), size=16, on_click=dismiss,
                        data_testid="suggestion-dismiss"),
            class_name="suggestion-acts",
        ),
        class_name="rule-line suggestion-line",
        data_testid="suggestion",
    )  # fmt: skip
