"""The panel that a citation opens."""

import reflex as rx

from convosphere.chat.state.passage_state import PassageState
from convosphere.ui.i18n import t
from convosphere.ui.layout import side_panel
from convosphere.ui.routes import document


def passage_panel() -> rx.Component:
    """The very passage, highlighted, with what stands around it."""
    passage = PassageState
    return side_panel(
        passage.document_name,
        rx.el.p(
            rx.cond(passage.page > 0, rx.el.span(t("Page {page}", page=passage.page), " · "), rx.fragment()),
            rx.link(t("Open the document"), href=document(passage.document_id)),  # pyright: ignore[reportArgumentType]
            class_name="quiet",
        ),
        rx.el.div(
            rx.el.span(passage.before, class_name="passage-around"),
            rx.el.mark(passage.highlighted, class_name="passage-mark", data_testid="passage-highlight"),
            rx.el.span(passage.after, class_name="passage-around"),
            class_name="passage-text",
            dir="auto",
        ),
        is_open=passage.is_open,
        on_close=PassageState.close,
        testid="passage-panel",
    )
